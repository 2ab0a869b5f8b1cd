/** What a lock of a few minutes says of its end: `11:45 PM`, and shortly before midnight `12:05 AM tomorrow`. */
export const clockTime = String.raw`\d?\d:\d\d [AP]M(?: tomorrow)?`;
