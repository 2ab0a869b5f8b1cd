// The settings of package.json are those of the code, and can be understood.
import assert from 'node:assert/strict';
import { defaults, readSettings, type Settings } from '../../src/core/settings/settings';
import { contributes, nls, settings, worded } from '../support/manifest';
import { readText } from '../support/sources';

const { commands, configuration: groups } = contributes;
const commandIds = commands.map(({ command }) => command);
const prefix = 'lockStatus.';

describe('The settings of the manifest', () => {
  const properties = Object.entries(settings).map(
    ([id, property]) => [id.slice(prefix.length) as keyof Settings, property] as const,
  );
  const accepts = (setting: keyof Settings, value: unknown) =>
    readSettings((name) => (name === setting ? value : undefined)).bad.length === 0;

  it('are those of the code, with the same defaults', () => {
    assert.deepEqual(
      Object.fromEntries(properties.map(([name, { default: value }]) => [name, value])),
      defaults,
    );
  });

  it('offer exactly the choices that the code takes, each with a name and a description', () => {
    for (const [name, property] of properties) {
      if (!property.enum) continue;
      assert.equal(property.enumItemLabels?.length, property.enum.length, name);
      assert.equal(property.markdownEnumDescriptions?.length, property.enum.length, name);
      for (const choice of property.enum) assert.ok(accepts(name, choice), `${name}: ${choice}`);
      assert.ok(!accepts(name, 'something else'), name);
    }
    assert.deepEqual(settings['lockStatus.lockOn']?.enum, literals('lockOn'));
  });

  it('have the limits of the code', () => {
    for (const [name, { minimum, maximum, type }] of properties) {
      if (type !== 'integer' && type !== 'number') continue;
      assert.ok(minimum !== undefined && maximum !== undefined, name);
      assert.deepEqual(
        [minimum, maximum].map((value) => accepts(name, value)),
        [true, true],
        name,
      );
      assert.deepEqual(
        [minimum - 1, maximum + 1].map((value) => accepts(name, value)),
        [false, false],
        name,
      );
    }
  });

  it('are in named groups, in one order', () => {
    assert.deepEqual(
      groups.map(({ order }) => order),
      groups.map((_, at) => at + 1),
    );
    for (const { title } of groups) assert.ok(worded(title) !== '', title);
    assert.deepEqual(
      properties.map(([, { order }]) => order),
      properties.map((_, at) => at + 1),
    );
  });

  it('are described and have a scope', () => {
    for (const [name, { markdownDescription, scope }] of properties)
      assert.ok(markdownDescription !== undefined && scope !== undefined, name);
  });

  it('name only commands and settings that there are, and link to these', () => {
    const titles = commands.map(({ title }) => `${nls.category}: ${worded(title)}`);
    const told = Object.entries(nls).filter(([key]) => key.startsWith('setting.'));
    let found = 0;
    for (const [key, text] of told) {
      for (const [, id = ''] of text.matchAll(/`#?(lockStatus\.[\w.]+)#?`/g)) {
        found++;
        assert.ok(id in settings, `${key}: ${id}`);
      }
      for (const [, id = ''] of text.matchAll(/\(command:([\w.]+)/g)) {
        found++;
        assert.ok(commandIds.includes(id), `${key}: ${id}`);
      }
      for (const [, title = ''] of text.matchAll(/\*\*(\w+: [^*]+)\*\*/g)) {
        found++;
        assert.ok(titles.includes(title), `${key}: ${title}`);
      }
    }
    assert.ok(found > 3);
    // Only what VS Code reads as Markdown: elsewhere the marks would be seen.
    for (const { markdownDescription = '' } of Object.values(settings))
      assert.doesNotMatch(worded(markdownDescription), /`lockStatus\./, 'not a link');
  });

  it('describe every part of a connection that the code reads', () => {
    const { properties: parts } = settings['lockStatus.connections']?.items ?? {};
    assert.deepEqual(Object.keys(parts ?? {}), [
      ...['name', 'url', 'user', 'auth', 'tls', 'trusted', 'endpoint'],
    ]);
  });

  it('can be set by no folder: neither whom to trust and to contact, nor when to lock and how often to ask', () => {
    // `machine-overridable` would let a workspace override, and ignores the user's own value in remote windows.
    for (const [name, { scope }] of properties) assert.equal(scope, 'application', name);
  });
});

/** The choices that the type of a setting allows, as its source says. */
function literals(setting: keyof Settings): string[] {
  const line =
    new RegExp(`readonly ${setting}: (.*);`).exec(readText('src/core/settings/settings.ts'))?.[1] ?? '';
  return [...line.matchAll(/'(\w+)'/g)].map(([, word = '']) => word);
}
