// package.json and the code name the same things.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { defaults, readSettings, type Settings } from '../../src/core/settings/settings';
import {
  firstArguments,
  l10nBundle,
  propertyNames,
  readText,
  source,
  sourcesBelow,
  texts,
} from '../support/sources';

interface Clause {
  readonly command?: string;
  readonly view?: string;
  readonly when?: string;
  readonly group?: string;
}
interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly enumItemLabels?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly scope?: string;
  readonly order?: number;
  readonly markdownDescription?: string;
  readonly items?: { readonly properties: Readonly<Record<string, unknown>> };
}
interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly {
      command: string;
      title: string;
      category: string;
      icon?: string;
      enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly Clause[]>>;
    readonly views: Readonly<Record<string, readonly { id: string; when?: string }[]>>;
    readonly viewsWelcome: readonly (Clause & { contents: string })[];
    readonly walkthroughs: readonly {
      steps: readonly {
        description: string;
        media: { image: string };
        completionEvents: readonly string[];
      }[];
    }[];
    readonly colors: readonly { id: string; defaults: Readonly<Record<string, string>> }[];
    readonly languageModelTools: readonly { name: string; when?: string }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly order: number;
      readonly properties: Readonly<Record<string, Property>>;
    }[];
  };
}

const raw = readText('package.json');
const manifest = JSON.parse(raw) as Manifest;
const nls = JSON.parse(readText('package.nls.json')) as Record<string, string>;
const { commands, menus, views, viewsWelcome, walkthroughs, colors, languageModelTools } =
  manifest.contributes;
const groups = manifest.contributes.configuration;
const settings = Object.assign({}, ...groups.map(({ properties }) => properties)) as Readonly<
  Record<string, Property>
>;
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const clauses = [...Object.values(menus).flat(), ...viewsWelcome];
const commandIds = commands.map(({ command }) => command);
const viewIds = Object.values(views).flatMap((list) => list.map(({ id }) => id));
const colourIds = colors.map(({ id }) => id);
const contextKeys = firstArguments(source('src/editor/views/contextKeys.ts'), 'set').filter(
  (key) => key?.startsWith('lockStatus.') === true,
) as string[];
const prefix = 'lockStatus.';

describe('The manifest', () => {
  it('has every command of the table, and no other', () => {
    const table = propertyNames(source('src/editor/commands/table.ts')).filter((name) =>
      name.startsWith(prefix),
    );
    assert.deepEqual([...table].sort(), [...commandIds].sort());
  });

  it('names only what exists where the code writes a name', () => {
    const files = sourcesBelow('src/editor');
    const items = files.flatMap((file) => firstArguments(file, 'createStatusBarItem'));
    const known = new Set<string | undefined>([
      ...commandIds,
      ...viewIds,
      ...viewIds.map((id) => `${id}.focus`),
      ...colourIds,
      ...contextKeys,
      ...Object.keys(settings),
      ...items,
    ]);
    const named = files.flatMap((file) =>
      texts(file).flatMap((text) =>
        [...text.matchAll(/(?:^|command:)(lockStatus\.[\w.]+)/g)].map(([, name]) => `${file.path}: ${name}`),
      ),
    );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((line) => !known.has(line.split(': ')[1])),
      [],
    );
  });

  it('contributes no view and no colour that the code does not use', () => {
    const used = new Set(sourcesBelow('src/editor').flatMap(texts));
    assert.deepEqual(
      [...viewIds, ...colourIds].filter((id) => !used.has(id)),
      [],
    );
  });

  it('puts only its own commands into menus, and one with an icon wherever there is no room for words', () => {
    for (const [menu, items] of Object.entries(menus)) {
      for (const { command = '', group = '' } of items) {
        const contributed = commands.find(({ command: id }) => id === command);
        assert.ok(contributed, `${menu}: ${command}`);
        const iconOnly = /^inline/.test(group) || (/^navigation/.test(group) && menu.endsWith('/title'));
        if (iconOnly) assert.ok(contributed.icon, `${menu}: ${command} has no icon`);
      }
    }
  });

  it('has every tool for agents that the code registers, and no other', () => {
    const registered = texts(source('src/editor/agents/toolNames.ts')).sort();
    assert.deepEqual(languageModelTools.map(({ name }) => name).sort(), registered);
  });

  it('keeps the command for automation out of the palette', () => {
    const palette = menus.commandPalette?.find(({ command }) => command === 'lockStatus.connect');
    assert.equal(palette?.when, 'false');
  });

  it('asks in its conditions only for keys that are set, and no key is set in vain', () => {
    const conditions = [
      ...clauses.map(({ when = '' }) => when),
      ...commands.map(({ enablement = '' }) => enablement),
      ...Object.values(views).flatMap((list) => list.map(({ when = '' }) => when)),
      ...languageModelTools.map(({ when = '' }) => when),
    ];
    const asked = new Set(conditions.flatMap((when) => when.match(/(?:config\.)?lockStatus\.\w+/g) ?? []));
    const configured = Object.keys(settings).map((name) => `config.${name}`);
    const known = [...contextKeys, ...viewIds, ...configured];
    assert.deepEqual(
      [...asked].filter((key) => !known.includes(key)),
      [],
    );
    assert.deepEqual(
      contextKeys.filter((key) => !asked.has(key)),
      [],
    );
  });

  it('asks only for words that the rows of the views carry', () => {
    const carried = new Set([
      ...texts(source('src/editor/views/locksView.ts')),
      ...texts(source('src/editor/views/changeFlags.ts')),
      ...texts(source('src/core/model/lockView.ts')),
      ...texts(source('src/core/waiting/lockList.ts')),
    ]);
    const asked = clauses.flatMap(({ when = '' }) =>
      [...when.matchAll(/\\b(\w+)\\b/g)].map(([, word = '']) => word),
    );
    assert.ok(asked.length > 0);
    assert.deepEqual(
      asked.filter((word) => !carried.has(word)),
      [],
    );
  });

  it('welcomes with links to its own commands', () => {
    for (const { contents, view } of viewsWelcome) {
      assert.ok([...viewIds, 'explorer'].includes(view ?? ''));
      for (const [, id = ''] of worded(contents).matchAll(/\(command:([\w.]+)/g))
        assert.ok(commandIds.includes(id), id);
    }
  });

  it('walks through what there is: links and events name its own commands and keys, with a picture each', () => {
    const known = new Set([...commandIds, ...viewIds.map((id) => `${id}.focus`)]);
    for (const { description, completionEvents, media } of steps) {
      const linked = [...worded(description).matchAll(/\(command:([\w.]+)/g)].map(([, id = '']) => id);
      const run = completionEvents.flatMap((event) => /^onCommand:(.+)$/.exec(event)?.[1] ?? []);
      for (const id of [...linked, ...run]) assert.ok(known.has(id), id);
      const keys = completionEvents.flatMap((event) => /^onContext:([\w.]+)/.exec(event)?.[1] ?? []);
      for (const key of keys) assert.ok(contextKeys.includes(key), key);
      assert.equal(run.length + keys.length, completionEvents.length);
      assert.ok(existsSync(media.image), media.image);
    }
    assert.equal(steps.length, 5);
  });

  it('gives every colour for all four kinds of theme', () => {
    for (const { id, defaults: colours } of colors)
      assert.deepEqual(
        Object.keys(colours).sort(),
        ['dark', 'highContrast', 'highContrastLight', 'light'],
        id,
      );
  });

  it('takes every English text from package.nls.json, and each of those is used', () => {
    const asked = new Set([...raw.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...asked].sort(), Object.keys(nls).sort());
    for (const { command, title, category } of commands)
      assert.deepEqual([title, category], [`%command.${command.slice(prefix.length)}%`, '%category%']);
  });

  it('has the texts of the code in the bundle for translators (npm run l10n)', () => {
    assert.deepEqual(JSON.parse(readText('l10n/bundle.l10n.json')), l10nBundle());
  });

  it('names files that are there, or are built', () => {
    const files = [...raw.matchAll(/"(?:\.\/)?(media\/[^"]+)"/g)].map(([, path = '']) => path);
    assert.ok(files.includes(manifest.icon));
    for (const path of files) assert.ok(existsSync(path), path);
    assert.equal(manifest.main, './dist/extension.js');
    assert.match(readText('.vscodeignore'), /^!dist\/extension\.js$/m);
  });

  it('wakes for both schemes, for links, and for an explanation that is open', () => {
    const viewType = /viewType = '([\w.-]+)'/.exec(readText('src/editor/explain/explanations.ts'))?.[1];
    assert.deepEqual(manifest.activationEvents, [
      'onFileSystem:dav',
      'onFileSystem:davs',
      'onUri',
      `onWebviewPanel:${viewType}`,
    ]);
  });
});

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

function worded(text: string): string {
  return text.replace(/^%(.+)%$/, (_, key: string) => nls[key] ?? '');
}
