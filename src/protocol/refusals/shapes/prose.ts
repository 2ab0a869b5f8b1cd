import type { Opened, RefusalReading } from '../refused';
import { line } from '../values';
import { allWords } from '../excerpt';
import { sentence } from '../words';

/** A page for people; XML that nothing else understands is read alike. */
export function html(refused: Opened): RefusalReading | undefined {
  return refused.body.startsWith('<') ? spoken('html', allWords(refused)) : undefined;
}

export function text(refused: Opened): RefusalReading | undefined {
  return refused.body === '' ? undefined : spoken('text', allWords(refused));
}

export function nothing(): RefusalReading {
  return { shape: 'none', codes: [] };
}

function spoken(shape: 'html' | 'text', words: string): RefusalReading {
  const reason = line(words);
  return { shape, codes: [], ...sentence(reason), ...(reason !== undefined && { reason }) };
}
