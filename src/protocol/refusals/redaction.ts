/** Lock tokens let anybody write on some servers; a body that repeats one must not pass it on. */
const tokens = /(?:opaquelocktoken|urn):[^\s<>"'&)]+/gi;
const named =
  /([\w-]{0,40}(?:token|password|passwd|secret|authorization|cookie|session|sessid|api[-_]?key)[\w-]{0,20})(["'\s]*[:=]\s*["']?)(?:(?:bearer|basic|digest)\s+)?[^\s"'&<>,;]+/gi;

/** Without lock tokens, and without the values of what is called a secret. */
export function redacted(text: string): string {
  return text
    .replace(tokens, '[lock token]')
    .replace(named, (_, name: string, divider: string) => `${name}${divider}[hidden]`);
}
