import type { LineHit } from '../../core/search/matchText';
import type { TextQuery } from '../../core/search/textQuery';

export interface SearchRequest extends TextQuery {
  readonly include: string;
  readonly exclude: string;
}

/** The head of a Search Editor's document, which VS Code colors and reads. It is not translated. */
export function headOf({ text, isRegex, matchCase, wholeWord, include, exclude }: SearchRequest): string {
  const flags = [matchCase && 'CaseSensitive', isRegex && 'RegExp', wholeWord && 'WordMatch'].filter(Boolean);
  const oneLine = text.replace(/\\/g, '\\\\').replace(/\r?\n/g, '\\n');
  return [
    `# Query: ${oneLine}`,
    ...(flags.length > 0 ? [`# Flags: ${flags.join(' ')}`] : []),
    ...(include === '' ? [] : [`# Including: ${include}`]),
    ...(exclude === '' ? [] : [`# Excluding: ${exclude}`]),
  ].join('\n');
}

/** One file with its lines, as VS Code finds its links: the file in a line that ends in a colon, then `12: text`. */
export function fileText(label: string, lines: readonly LineHit[]): string {
  const width = String((lines.at(-1)?.line ?? 0) + 1).length;
  return [
    `${linkable(label)}:`,
    ...lines.map(({ line, text }) => `  ${String(line + 1).padStart(width)}: ${text}`),
  ].join('\n');
}

/** Names that VS Code would take for a place on this computer are written as relative ones. */
function linkable(label: string): string {
  return /^(?:[~(\s\\/]|[a-z][a-z0-9+.-]*:)/i.test(label) ? `./${label}` : label;
}
