/**
 * A glob, as VS Code's search and settings have them, as the source of a regular expression: `*` and `?` within a name,
 * `[a-z]` and `[!a]` for one character, `{a,b}` for either, and `**` for any folders.
 */
export function globSource(glob: string): string {
  const names = splitOutsideBraces(glob, '/').filter(
    (name, at, all) => name !== '**' || all[at - 1] !== '**',
  );
  let source = '';
  for (const [at, name] of names.entries()) {
    const isLast = at === names.length - 1;
    if (name !== '**') source += nameSource(name) + (isLast ? '' : '/');
    else if (!isLast) source += '(?:[^/]+/)*';
    // Whatever is in a folder, and the folder itself.
    else source = source.endsWith('/') ? `${source.slice(0, -1)}(?:/[^]*)?` : `${source}[^]*`;
  }
  return source;
}

/** Braces may be in braces; those that are not closed stand for themselves. */
export function splitOutsideBraces(text: string, separator: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === separator && depth <= 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function nameSource(name: string): string {
  const [first = '', second = ''] = name;
  if (first === '') return '';
  const [piece, source] = /^\*+/.test(name)
    ? [/^\*+/.exec(name)?.[0] ?? '', '[^/]*']
    : first === '?'
      ? [first, '[^/]']
      : (inBrackets(name) ??
        inBraces(name) ??
        (first === '\\' && second ? [first + second, literal(second)] : [first, literal(first)]));
  return source + nameSource(name.slice(piece.length));
}

type Piece = readonly [piece: string, source: string];

function inBrackets(name: string): Piece | undefined {
  const [piece, not, characters = ''] = /^\[([!^]?)([^\]]+)\]/.exec(name) ?? [];
  if (piece === undefined) return undefined;
  const inside = characters.replace(/[[\\^]/g, '\\$&');
  return [piece, not ? `[^/${inside}]` : `(?!/)[${inside}]`];
}

function inBraces(name: string): Piece | undefined {
  if (!name.startsWith('{')) return undefined;
  let depth = 0;
  for (const [at, character] of [...name].entries()) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth > 0) continue;
    const piece = [...name].slice(0, at + 1).join('');
    const choices = splitOutsideBraces(piece.slice(1, -1), ',');
    return [piece, `(?:${choices.map(globSource).join('|')})`];
  }
  return undefined;
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&');
}
