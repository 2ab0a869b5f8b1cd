// The pictures of the walkthrough are drawings: they must not leave the theme, nor what the product says.
import assert from 'node:assert/strict';
import { drawings, linesIn } from '../support/drawings';
import { l10nBundle } from '../support/sources';

/** What VS Code says there, and names that a server could have. */
const others = [
  'Explorer',
  'Retry',
  'Save As…',
  'Revert',
  "(Press 'Enter' to confirm or 'Escape' to cancel)",
  /^Failed to save '.*': Unable to write file$/,
  /^'…\/bakery\/report\.md'$/,
  /^(bakery|notes|index\.html|prices\.csv|report\.md|Me|L)$/,
  /^files\.example\.org\/bakery\/report\.md •$/,
  /^https:\/\/files\.example\.org\/bakery\/$/,
  /^ann\.lee@example\.com$/,
  /^(Ann Lee|2:32 PM\.)$/,
];

/** Everything that the product says, with room for what it fills in. */
const said = Object.keys(l10nBundle())
  .filter((text) => /\p{L}{3}/u.test(text.replaceAll(/\{\d\}/g, '')))
  .map(
    (text) =>
      new RegExp(
        `^${text
          .split(/\{\d\}/)
          .map(escaped)
          .join('.+')}$`,
        'iu',
      ),
  );

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

describe('The drawings of the walkthrough', () => {
  for (const { path, drawn } of drawings) {
    it(`${path} has the colors and the font of the theme, and nothing else`, () => {
      const paints = [...drawn.matchAll(/ (?:fill|stroke|font-family)="([^"]*)"/g)].map(
        ([, paint = '']) => paint,
      );
      assert.ok(paints.length > 5);
      // A color of its own is wrong in some theme: those of high contrast leave many of VS Code's out.
      for (const paint of paints)
        assert.match(paint, /^(?:none|(?:var\(--vscode-[\w-]+(?:, )?)+(?:transparent)?\)+)$/);
      // The page around it allows neither, and would show the picture without.
      assert.doesNotMatch(drawn, /<style|<script|<image|<use|\b(?:style|href|on\w+)=/);
    });

    it(`${path} says what the product says`, () => {
      const parts = linesIn(drawn).flatMap((line) =>
        line.replace(/\)$/, '').split(/ · | {2,}| \((?=Locked)|(?<=PM\.) /),
      );
      assert.ok(parts.length > 2);
      const isKnown = (part: string) =>
        said.some((text) => text.test(part)) ||
        others.some((other) => (typeof other === 'string' ? other.startsWith(part) : other.test(part)));
      assert.deepEqual(
        parts.filter((part) => !isKnown(part)),
        [],
      );
    });
  }
});
