/** A text file has no zero byte near its beginning, unless it is UTF-16 and says so. */
const probed = 8_000;

/** The text with `\n` as its only line break; undefined for a binary file. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const encoding = utf16Of(bytes);
  if (!encoding && bytes.subarray(0, probed).includes(0)) return undefined;
  const text = new TextDecoder(encoding ?? 'utf-8').decode(bytes);
  return normalizeLines(text);
}

export function normalizeLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function utf16Of([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}
