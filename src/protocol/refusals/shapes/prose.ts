import type { Opened, Told } from '../refused';
import { line } from '../values';
import { pageText, sentence } from '../words';

/** A page for people; XML that nothing else understands is read alike. */
export function html({ body }: Opened): Told | undefined {
  return body.startsWith('<') ? spoken('html', pageText(body)) : undefined;
}

export function text({ body }: Opened): Told | undefined {
  return body === '' ? undefined : spoken('text', body);
}

export function nothing(): Told {
  return { shape: 'none', codes: [] };
}

function spoken(shape: 'html' | 'text', words: string): Told {
  const reason = line(words);
  return { shape, codes: [], ...sentence(reason), ...(reason !== undefined && { reason }) };
}
