// The editors that the tests run in: the oldest one that the extension promises and the latest one tried.
export interface Edition {
  /** Version of the npm package that ships the workbench and the extension host. */
  readonly codeServer: string;
  readonly vscode: string;
  /** The major version of Node that this edition runs on. */
  readonly node: number;
}

export const editions: readonly [Edition, Edition] = [
  { codeServer: '4.100.3', vscode: '1.100.3', node: 20 },
  { codeServer: '4.139.1', vscode: '1.139.1', node: 24 },
];

/** The editions to run: all, or those whose VS Code version LOCK_STATUS_TEST_VSCODE names (comma separated). */
export function chosenEditions(): readonly Edition[] {
  const wanted = process.env['LOCK_STATUS_TEST_VSCODE'];
  if (!wanted) return editions;
  const versions = wanted.split(',').map((version) => version.trim());
  const unknown = versions.filter((version) => !editions.some((edition) => edition.vscode === version));
  if (unknown.length > 0) {
    const known = editions.map((edition) => edition.vscode).join(', ');
    throw new Error(`LOCK_STATUS_TEST_VSCODE names ${unknown.join(', ')}; known are ${known}`);
  }
  return editions.filter((edition) => versions.includes(edition.vscode));
}
