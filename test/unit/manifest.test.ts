// package.json and the code name the same things.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { contributes, manifest, nls, rawManifest, settings, worded } from '../support/manifest';
import {
  firstArguments,
  l10nBundle,
  propertyNames,
  readText,
  source,
  sourcesBelow,
  texts,
} from '../support/sources';

const { commands, menus, views, viewsWelcome, walkthroughs, colors, languageModelTools } = contributes;
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const clauses = [...Object.values(menus).flat(), ...viewsWelcome];
const commandIds = commands.map(({ command }) => command);
const viewIds = Object.values(views).flatMap((list) => list.map(({ id }) => id));
const colorIds = colors.map(({ id }) => id);
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
      ...colorIds,
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

  it('contributes no view and no color that the code does not use', () => {
    const used = new Set(sourcesBelow('src/editor').flatMap(texts));
    assert.deepEqual(
      [...viewIds, ...colorIds].filter((id) => !used.has(id)),
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
      ...texts(source('src/editor/views/lockRow.ts')),
      ...texts(source('src/editor/trust/restrictedRow.ts')),
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
      assert.ok(existsSync(media.svg), media.svg);
    }
    assert.equal(steps.length, 5);
  });

  it('gives every color for all four kinds of theme', () => {
    for (const { id, defaults } of colors)
      assert.deepEqual(
        Object.keys(defaults).sort(),
        ['dark', 'highContrast', 'highContrastLight', 'light'],
        id,
      );
  });

  it('takes every English text from package.nls.json, and each of those is used', () => {
    const asked = new Set([...rawManifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...asked].sort(), Object.keys(nls).sort());
    for (const { command, title, category } of commands)
      assert.deepEqual([title, category], [`%command.${command.slice(prefix.length)}%`, '%category%']);
  });

  it('has the texts of the code in the bundle for translators (npm run l10n)', () => {
    assert.deepEqual(JSON.parse(readText('l10n/bundle.l10n.json')), l10nBundle());
  });

  it('names files that are there, or are built', () => {
    const files = [...rawManifest.matchAll(/"(?:\.\/)?(media\/[^"]+)"/g)].map(([, path = '']) => path);
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
