const encoder = new TextEncoder();
const scratch = Buffer.allocUnsafeSlow(4096);

/**
 * A copy that shares nothing with the text it was cut from: a slice keeps its whole source alive, here 64 KiB for a
 * file name.
 */
export function detached(text: string): string {
  if (text.length < 13) return text;
  if (text.length * 3 <= scratch.length) {
    // As many bytes as characters: it is ASCII, and a copy with one byte for each and nothing around it can be had.
    const { written } = encoder.encodeInto(text, scratch);
    if (written === text.length) return scratch.toString('latin1', 0, written);
  }
  return ` ${text}`.slice(1);
}
