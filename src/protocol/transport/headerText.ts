/**
 * Header values travel as bytes, one for each character: what a server sent stays as it came, whatever its encoding,
 * and a text of ours becomes the bytes of its UTF-8.
 */
export function utf8Bytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Whether a header can hold these bytes (RFC 9110 section 5.5): a line break or a control character breaks it. */
export function isSendable(bytes: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(bytes);
}
