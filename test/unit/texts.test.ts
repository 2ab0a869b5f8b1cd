// The texts that people read keep to one voice.
import assert from 'node:assert/strict';
import { l10nBundle, readText } from '../support/sources';

const nls = JSON.parse(readText('package.nls.json')) as Readonly<Record<string, string>>;
const titles = Object.entries(nls).flatMap(([key, text]) => (key.startsWith('command.') ? [text] : []));

/** What no text says, and what it says instead. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/\p{L}'\p{L}/u, 'a curly apostrophe: can’t'],
  [/\.\.\./, 'an ellipsis: …'],
  [/\b(?:some|any|every)body\b/i, 'someone, anyone, everyone'],
  [/\bany more\b|\banymore\b/i, 'no longer'],
  [/(?<!there )\bis no\b(?! longer)/i, 'isn’t a'],
  [/\bcannot\b|\b(?:is|are|was|were|do|does|did|has|have|could|would|will) not\b/, 'can’t, isn’t, doesn’t …'],
  [
    /\btold\b|\bstands\b|\b(?:is|was) gone\b|\bin the way\b|\bby its own\b|\btakes it\b|\bat work\b|\blets? go\b/i,
    'taken, held, refreshed, released, broken, lost or expired',
  ],
  [/\bno end\b|\block[^.:]*\b(?:ends|ended)\b|\bend of (?:the|a|your) lock\b/i, 'expires, never expires'],
  [/\bat least\.|\bhold [^.]*\bsince\b/i, 'since at least, have held since'],
  [/\bproxy before\b/i, 'the proxy in front of'],
  [/\bis known by\b/i, 'can’t find'],
  [/\b(?:stored?|name of the|this) connections?\b|\bconnection’s\b/i, 'saved server'],
  [/\bkept text\b|\bsafety copy\b/i, 'unsaved text, local copy'],
  [/\bcancelled\b|\bbehaviour\b|\bcolours?\b|\bfavour/i, 'American English'],
  [/[.!?] {2,}|\s$/, 'single spaces'],
];

/** A command is named as the palette shows it: "Locks: Lock File". */
function bareCommand(text: string): string | undefined {
  const named = new Set(
    [...text.matchAll(/"([^"]+)"|\*\*([^*]+)\*\*/g)].map(([, quoted, bold]) => quoted ?? bold),
  );
  return titles.find((title) => named.has(title) && title !== nls['command.wait']);
}

/** What is wrong with a text, for each fault. */
function faultsOf(text: string): string[] {
  const bare = bareCommand(text);
  return [
    ...refused.flatMap(([wrong, right]) => {
      const [found] = wrong.exec(text) ?? [];
      return found === undefined ? [] : [`"${found}" in "${text}": write ${right}`];
    }),
    ...(bare === undefined ? [] : [`"${bare}" in "${text}": write "Locks: ${bare}"`]),
  ];
}

describe('The texts that people read', () => {
  it('say everything in the one voice', () => {
    // Models are spoken to in plain ASCII, and not shown to people.
    const shown = Object.entries(nls).filter(([key]) => !key.endsWith('.model'));
    const all = [...shown.map(([, text]) => text), ...Object.keys(l10nBundle())];
    assert.deepEqual(all.flatMap(faultsOf), []);
  });

  const wrong = [
    "can't reach host",
    'Somebody has it',
    'is not waiting any more',
    'is no list',
    'The lock has no end',
    'until the lock ends',
    'The proxy before host',
    'Use "Open Remote Folder…" first.',
  ];
  for (const text of wrong) it(`do not say ${text}`, () => assert.notDeepEqual(faultsOf(text), []));

  it('name each action in one way', () => {
    const bundle = Object.keys(l10nBundle());
    const variants = [
      /^refresh(?! locks$|$)/i,
      /^ask (?:the )?(?:lock )?holder/i,
      /^sign in (?:with|in) .*browser/i,
    ];
    for (const variant of variants) {
      const said = [...bundle, ...titles].filter((text) => variant.test(text) && !/\{0\}|[.!?]$/.test(text));
      assert.ok(new Set(said.filter((text) => !/^refreshed/.test(text))).size <= 1, said.join(' | '));
    }
  });
});
