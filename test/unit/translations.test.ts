// Every text that people read is there in every language.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { l10nBundle, readText } from '../support/sources';

type Texts = Readonly<Record<string, string>>;

const root = join(import.meta.dirname, '../..');
const languages = readdirSync(join(root, 'l10n')).flatMap(
  (name) => /^bundle\.l10n\.([\w-]+)\.json$/.exec(name)?.[1] ?? [],
);

/** What programs read in a text, which is the same in every language. */
function fixedParts(text: string): string[] {
  return [...text.matchAll(/\{\w+\}|\]\(command:[\w.]+\)|`[^`]*`/g)].map(([part]) => part).sort();
}

/** What tools tell models stays in English, which VS Code takes where a text has no translation. */
function forPeople(texts: Texts): Texts {
  const isForModels = (key: string) => key === 'tool.path' || key.endsWith('.model');
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !isForModels(key)));
}

function faultsOf(english: Texts, translated: Texts): string[] {
  const missing = Object.keys(english).filter((key) => !translated[key]?.trim());
  const stale = Object.keys(translated).filter((key) => english[key] === undefined);
  const altered = Object.keys(english).filter(
    (key) =>
      translated[key] !== undefined &&
      fixedParts(translated[key]).join() !== fixedParts(english[key] ?? '').join(),
  );
  return [
    ...missing.map((key) => `not translated: ${key}`),
    ...stale.map((key) => `no longer there: ${key}`),
    ...altered.map((key) => `other variables or links: ${key}`),
  ];
}

/** What the headings of the Locks view may be: a narrow side bar has room for so many letters and a number. */
const roomForHeading = 23;
const headings = [
  ...['Blocking My Saves', 'Waiting', 'Locked by Me', 'Locked by Others'],
  ...['Changed on Server', 'Resolve Conflicts', 'Merged, Not Saved'],
  ...['Not Signed In', 'Not Allowed', 'Not Found on Server', 'No Room on Server'],
  ...['Server Not Reached', 'Connection Lost', 'Refused by Server'],
  ...['Blocked by {0}', 'Waiting for {0}', 'Locked by {0}', 'Shared: {0}'],
];

describe('The translations', () => {
  it('are there for German', () => assert.deepEqual(languages, ['de']));

  for (const language of languages) {
    it(`are complete for the code in ${language}`, () => {
      const translated = JSON.parse(readText(`l10n/bundle.l10n.${language}.json`)) as Texts;
      assert.deepEqual(faultsOf(l10nBundle(), translated), []);
    });

    it(`have room in a narrow side bar in ${language}`, () => {
      const translated = JSON.parse(readText(`l10n/bundle.l10n.${language}.json`)) as Texts;
      const shown = headings.map(
        (heading) => translated[heading]?.replace('{0}', 'Ann Lee') ?? 'missing '.repeat(9),
      );
      assert.deepEqual(
        shown.filter((heading) => heading.length > roomForHeading),
        [],
      );
    });

    it(`are complete for the manifest in ${language}`, () => {
      const english = forPeople(JSON.parse(readText('package.nls.json')) as Texts);
      const translated = JSON.parse(readText(`package.nls.${language}.json`)) as Texts;
      assert.deepEqual(faultsOf(english, translated), []);
    });
  }

  it('are found wanting where one is missing, left over or altered', () => {
    assert.deepEqual(faultsOf({ a: 'A {0}', b: 'B' }, { a: 'A', c: 'C' }), [
      'not translated: b',
      'no longer there: c',
      'other variables or links: a',
    ]);
  });
});
