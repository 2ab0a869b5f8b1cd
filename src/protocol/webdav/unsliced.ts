const ascii = /^[\0-\x7f]*$/;

/**
 * A copy that shares nothing with the text it was cut from: a slice keeps its whole source alive, here 16 KiB for a
 * file name.
 */
export function unsliced(text: string): string {
  if (text.length < 13) return text;
  // One byte for each character and nothing around it; the other way leaves a slice of a copy.
  return ascii.test(text) ? Buffer.from(text, 'latin1').toString('latin1') : ` ${text}`.slice(1);
}
