import { percentDecoded } from '../../../base/untrusted';
import type { ParsedRefusal, RefusalReading } from '../parsedRefusal';
import { codes, safeLine } from '../values';
import { readSentence } from '../words';

/** `X-MSDAVEXT_ERROR: 589838; The%20file…` (MS-WDV section 2.2.3): SharePoint's message, missing in the body. */
export function office({ headers }: ParsedRefusal): RefusalReading | undefined {
  const [, code, text = ''] = /^\s*(\d+)\s*;\s*([^]*)$/.exec(headers['x-msdavext_error'] ?? '') ?? [];
  if (code === undefined) return undefined;
  const reason = safeLine(percentDecoded(text) ?? text);
  return {
    shape: 'office',
    codes: codes(code),
    ...readSentence(reason),
    ...(reason !== undefined && { reason }),
  };
}
