import type { Opened, RefusalReading } from '../refused';
import { codes, line } from '../values';
import { sentence } from '../words';

/** `X-MSDAVEXT_ERROR: 589838; The%20file…` (MS-WDV section 2.2.3): SharePoint's words, which are not in its body. */
export function office({ headers }: Opened): RefusalReading | undefined {
  const [, code, text = ''] = /^\s*(\d+)\s*;\s*([^]*)$/.exec(headers['x-msdavext_error'] ?? '') ?? [];
  if (code === undefined) return undefined;
  const reason = line(decoded(text));
  return {
    shape: 'office',
    codes: codes(code),
    ...sentence(reason),
    ...(reason !== undefined && { reason }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
