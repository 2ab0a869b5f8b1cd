import picomatch from 'picomatch';

/** Tests paths relative to a folder of the workspace, with `/`. */
export type PathTest = (path: string) => boolean;

/**
 * Patterns as people type them into VS Code's search, separated by commas: `*.ts` and `docs` mean any depth, `./docs`
 * the top, and a folder means all that is in it.
 */
export function typedGlobs(text: string): PathTest | undefined {
  const patterns = splitOutsideBraces(text).flatMap((typed) => {
    const pattern = trimmed(typed);
    return pattern === '' || /^\s*\.?\//.test(typed) || pattern.startsWith('**/')
      ? withContents(pattern)
      : withContents(`**/${pattern}`);
  });
  return testOf(patterns);
}

/** Patterns as in the settings `files.exclude` and `search.exclude`: relative to the folder. */
export function settingGlobs(patterns: readonly string[]): PathTest | undefined {
  return testOf(patterns.flatMap((pattern) => withContents(trimmed(pattern))));
}

function testOf(patterns: readonly string[]): PathTest | undefined {
  if (patterns.length === 0) return undefined;
  // VS Code negates a set by `!` as well. Without extended patterns such as `+(a*)`, which can take for ever.
  const negated = patterns.map((pattern) => pattern.replaceAll('[!', '[^'));
  return picomatch(negated, { dot: true, noextglob: true, windows: false });
}

function trimmed(pattern: string): string {
  return pattern
    .trim()
    .replace(/^\.?\/+/, '')
    .replace(/\/+$/, '');
}

function withContents(pattern: string): string[] {
  return pattern === '' ? [] : [pattern, `${pattern}/**`];
}

function splitOutsideBraces(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === ',' && depth <= 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
