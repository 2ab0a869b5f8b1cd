// Invisible characters make two names look the same, or turn a name around: `cod.exe` for `exe.doc`. In the editor each
// stands percent-encoded. A name that has such a code literally gets its percent sign encoded, so that no two names
// are shown alike and each leads back to its own file.

/**
 * Bidirectional controls and characters without width, except those that make one emoji of several characters. Few
 * names have one, and to make this expression takes a fifteenth of the time of loading all.
 */
const hidden = (): RegExp =>
  /(?!(?<=\p{Extended_Pictographic})\ufe0f|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic}))[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;

/** One character in UTF-8, percent-encoded; the `25` are of percent signs that were encoded themselves. */
const code =
  /%((?:25)*(?:[CD][0-9A-F]%[89AB][0-9A-F]|E[0-9A-F](?:%[89AB][0-9A-F]){2}|F[0-7](?:%[89AB][0-9A-F]){3}))/g;

/** The name as the editor shows it. */
export function shownName(name: string): string {
  if (isPlain(name)) return name;
  return name
    .replace(code, (text, rest: string) => (isCodeOfHidden(rest) ? `%25${rest}` : text))
    .replace(hidden(), encodeURIComponent);
}

/** The name that `shownName` was given. */
export function realName(shown: string): string {
  if (!shown.includes('%')) return shown;
  return shown.replace(code, (text, rest: string) => {
    if (!isCodeOfHidden(rest)) return text;
    return rest.startsWith('25') ? `%${rest.slice(2)}` : decodeURIComponent(text);
  });
}

/** Nearly all names. */
function isPlain(name: string): boolean {
  return !/[%\u00ad\u034f\u061c\u115f\u1160\u17b4-\uffff]|[\ud800-\udfff]/.test(name);
}

function isCodeOfHidden(rest: string): boolean {
  try {
    const text = decodeURIComponent(`%${rest.replace(/^(?:25)*/, '')}`);
    return text.replace(hidden(), '') === '';
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
