/** What a lock of a few minutes says of its end: `23:45`, and shortly before midnight `00:05 tomorrow`. */
export const clockTime = String.raw`\d\d:\d\d(?: tomorrow)?`;
