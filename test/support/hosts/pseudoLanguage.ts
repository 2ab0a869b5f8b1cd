import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { l10nBundle } from '../sources';
import { projectRoot } from './paths';

/**
 * A language that nobody speaks, made from the English texts: every letter has an accent and every text is a third
 * longer, so that what is not translated, or has too little room, is seen in any test that uses it.
 */
export const pseudoLanguage = 'qps-ploc';

const accents = new Map([...'aàbƀcçdďeéfƒgĝhĥiíjĵkķlĺmḿnñoópþqǫrŕsštťuúvṽwŵxẋyýzž'].flatMap(pairs));

function pairs(letter: string, at: number, all: readonly string[]): [string, string][] {
  const accented = all[at + 1] ?? letter;
  return at % 2 === 1
    ? []
    : [
        [letter, accented],
        [letter.toUpperCase(), accented.toUpperCase()],
      ];
}

/** What programs read in a text: a variable, where a link leads, a setting's name, the mark of bold text. */
const untouched = /\{\w+\}|\]\([^)]*\)|`[^`]*`|https?:\/\/\S+/;

/** The text in that language; a variable that is given stands in the place of its number. */
export function pseudo(text: string, ...variables: readonly string[]): string {
  const parts = text.split(new RegExp(`(${untouched.source})`));
  const accented = parts.map((part, at) =>
    at % 2 === 1 ? part : [...part].map((letter) => accents.get(letter) ?? letter).join(''),
  );
  const longer = ' ~'.repeat(Math.ceil((text.length * 0.35) / 2));
  const whole = `⟦${accented.join('')}${longer}⟧`;
  return whole.replace(/\{(\d)\}/g, (variable, index: string) => variables[Number(index)] ?? variable);
}

/** Translates an installed extension. */
export function writePseudoLanguage(extension: string): void {
  const nls = JSON.parse(readFileSync(join(projectRoot, 'package.nls.json'), 'utf8')) as Record<
    string,
    string
  >;
  put(join(extension, `package.nls.${pseudoLanguage}.json`), nls);
  mkdirSync(join(extension, 'l10n'), { recursive: true });
  put(join(extension, 'l10n', `bundle.l10n.${pseudoLanguage}.json`), l10nBundle());
}

function put(file: string, texts: Readonly<Record<string, string>>): void {
  const translated = Object.entries(texts).map(([key, text]) => [key, pseudo(text)] as const);
  writeFileSync(file, JSON.stringify(Object.fromEntries(translated)));
}
