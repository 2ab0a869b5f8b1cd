import { globSource, splitOutsideBraces } from './globSource';

/** Tests paths relative to a folder of the workspace, with `/`. */
export type PathTest = (path: string) => boolean;

/**
 * Patterns as people type them into VS Code's search, separated by commas: `*.ts` and `docs` mean any depth, `./docs`
 * the top, and a folder means all that is in it.
 */
export function typedGlobs(text: string): PathTest | undefined {
  const patterns = splitOutsideBraces(text, ',').flatMap((typed) => {
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
  const expressions = patterns.flatMap((pattern) => expressionOf(pattern) ?? []);
  return (path) => expressions.some((expression) => expression.test(path));
}

/** Nothing for what is no glob, such as `[z-a]`: no path is one of those. */
function expressionOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${globSource(pattern)})$`);
  } catch {
    return undefined;
  }
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
