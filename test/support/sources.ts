// The extension's sources as data, for tests that hold them against the manifest.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');

export interface Source {
  readonly path: string;
  readonly tree: ts.SourceFile;
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Every TypeScript file below a folder of the project. */
export function sourcesBelow(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => source(`${folder}/${path.replaceAll('\\', '/')}`));
}

export function source(path: string): Source {
  return { path, tree: ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true) };
}

/** The names in a file's object literals: `{ 'a.b': …, c }` has `a.b` and `c`. */
export function propertyNames({ tree }: Source): string[] {
  return all(tree, ts.isPropertyAssignment)
    .concat(all(tree, ts.isShorthandPropertyAssignment) as never)
    .map(({ name }) => (ts.isStringLiteral(name) || ts.isIdentifier(name) ? name.text : ''))
    .filter((name) => name !== '');
}

/** Every text in quotes. Of a template, its fixed parts. */
export function texts({ tree }: Source): string[] {
  return [
    ...all(tree, ts.isStringLiteral),
    ...all(tree, ts.isNoSubstitutionTemplateLiteral),
    ...all(tree, ts.isTemplateHead),
    ...all(tree, ts.isTemplateMiddle),
    ...all(tree, ts.isTemplateTail),
  ].map(({ text }) => text);
}

/** The first argument of every call of `name` or `x.name`; undefined where it is not a fixed text. */
export function firstArguments({ tree }: Source, name: string): (string | undefined)[] {
  const wanted = name.split('.');
  return all(tree, ts.isCallExpression)
    .filter(({ expression }) => expression.getText(tree).split('.').slice(-wanted.length).join('.') === name)
    .map(({ arguments: [first] }) => (first && ts.isStringLiteralLike(first) ? first.text : undefined));
}

/** All texts for people, each once, in the order of the alphabet. */
export function l10nBundle(): Record<string, string> {
  const found = sourcesBelow('src').flatMap((file) =>
    firstArguments(file, 'l10n.t').map((text) => {
      if (text === undefined) throw new Error(`${file.path}: l10n.t needs a fixed text to be translated`);
      return text;
    }),
  );
  return Object.fromEntries([...new Set(found)].sort().map((text) => [text, text]));
}

function all<T extends ts.Node>(node: ts.Node, is: (node: ts.Node) => node is T): T[] {
  const found: T[] = [];
  const visit = (child: ts.Node): void => {
    if (is(child)) found.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}
