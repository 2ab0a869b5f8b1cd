const encoder = new TextEncoder();
const scratch = Buffer.allocUnsafeSlow(4096);

/**
 * Copies a string so that it shares no memory with its source: V8 keeps the whole source of a slice alive, here
 * 64 KiB for a file name.
 */
export function detached(text: string): string {
  if (text.length < 13) return text;
  if (text.length * 3 <= scratch.length) {
    // As many bytes as characters means ASCII, which can be copied as a flat one-byte string.
    const { written } = encoder.encodeInto(text, scratch);
    if (written === text.length) return scratch.toString('latin1', 0, written);
  }
  return ` ${text}`.slice(1);
}
