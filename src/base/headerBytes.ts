/** The text in a header value, which is read as one character for each byte: most servers write UTF-8, some Latin-1. */
export function textOfBytes(bytes: string): string {
  if (/[\u0100-\uffff]/.test(bytes)) return bytes;
  const encoded = [...bytes].map((byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  try {
    return decodeURIComponent(encoded.join(''));
  } catch {
    // Not UTF-8.
    return bytes;
  }
}
