import { isSecretName } from '../../core/model/redaction';

/** Only the beginning of a page is read. */
const mostRead = 8 * 1024;

/** Elements whose content nobody reads. */
const unread = new Set(['head', 'style', 'script']);
const breaks = new Set('tr p div li br pre table h1 h2 h3 h4 h5 h6 dt'.split(' '));
const cells = new Set('td th dt dd'.split(' '));

/**
 * A page without its markup: a line for each paragraph and row, a tab between cells. What is called a secret is left out
 * with its content. One pass, because a pattern that looks for the end of each tag is quadratic in a page of `<`.
 */
export function pageText(html: string): string {
  const page = new Page(html.slice(0, mostRead));
  let text = '';
  for (;;) {
    text += page.textBefore().replace(/\s+/g, ' ');
    const tag = page.tag();
    if (!tag) break;
    const { name, isEnd } = tag;
    if (!isEnd && unread.has(name)) page.skipTo(name, 'stay');
    if (!isEnd && isSecretName(name)) page.skipTo(name, 'end');
    // The beginning of a definition term is a new line; its end is a cell's.
    const isBreak = breaks.has(name) && !(isEnd && name === 'dt');
    text += isBreak ? '\n' : cells.has(name) ? '\t' : ' ';
  }
  return text.replace(/&(?:lt|gt|quot|amp|apos|nbsp|#39);/g, (entity) => entities[entity] ?? ' ');
}

/** Reads a page from its beginning to its end. */
class Page {
  private readonly lower: string;
  private at = 0;

  constructor(private readonly html: string) {
    // Of ASCII only: other letters may change their length.
    this.lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }

  /** The text up to the next tag, or to the end. */
  textBefore(): string {
    const less = this.lower.indexOf('<', this.at);
    const end = less < 0 || this.lower.indexOf('>', less) < 0 ? this.html.length : less;
    const text = this.html.slice(this.at, end);
    this.at = end;
    return text;
  }

  /** The tag or comment that begins here; undefined at the end. */
  tag(): { readonly name: string; readonly isEnd: boolean } | undefined {
    if (this.at >= this.html.length) return undefined;
    const begin = this.at;
    if (this.lower.startsWith('<!--', begin)) {
      const close = this.lower.indexOf('-->', begin);
      if (close >= 0) {
        this.at = close + 3;
        return { name: '', isEnd: false };
      }
    }
    this.at = this.lower.indexOf('>', begin) + 1;
    const [, slash = '', name = ''] =
      /^<(\/?)([\w.:-]{0,120})/.exec(this.lower.slice(begin, begin + 124)) ?? [];
    return { name, isEnd: slash !== '' };
  }

  /** Goes on after the end of an element; where it has none, stays or goes to the end of all. */
  skipTo(name: string, without: 'stay' | 'end'): void {
    const close = this.lower.indexOf(`</${name}`, this.at);
    const greater = close < 0 ? -1 : this.lower.indexOf('>', close);
    if (greater >= 0) this.at = greater + 1;
    else if (without === 'end') this.at = this.html.length;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
  '&apos;': "'",
  '&#39;': "'",
};
