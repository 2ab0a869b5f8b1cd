import type { ParsedRefusal, RefusalReading } from '../parsedRefusal';
import { safeLine } from '../values';
import { refusalText } from '../excerpt';
import { readSentence } from '../words';

/** An HTML page, or XML that no other shape matches. */
export function html(refused: ParsedRefusal): RefusalReading | undefined {
  return refused.body.startsWith('<') ? fromText('html', refusalText(refused)) : undefined;
}

export function text(refused: ParsedRefusal): RefusalReading | undefined {
  if (refused.body === '') return undefined;
  // JSON that breaks off is nothing for people to read.
  return /^[[{]/.test(refused.body)
    ? { ...nothing(), shape: 'text' }
    : fromText('text', refusalText(refused));
}

export function nothing(): RefusalReading {
  return { shape: 'none', codes: [] };
}

function fromText(shape: 'html' | 'text', content: string): RefusalReading {
  const reason = safeLine(content);
  return { shape, codes: [], ...readSentence(reason), ...(reason !== undefined && { reason }) };
}
