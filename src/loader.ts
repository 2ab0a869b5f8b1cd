import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import { CompiledFiles } from './compiledFiles';
import type { Protocol } from './compose/connect';
import type * as main from './extension';

// What VS Code loads. It loads the rest in parts: what speaks with servers when the first one is to be reached.

type Extension = typeof main;

/** When VS Code has started. Not only at the first server: an update may remove the files under a window that goes on. */
const atLatestMs = 10_000;

let extension: Extension | undefined;

export function activate(context: ExtensionContext): ReturnType<Extension['activate']> {
  const files = new CompiledFiles(__dirname, join(context.globalStorageUri.fsPath, 'compiled'), require);
  extension = files.load('./main.js') as Extension;
  const protocol = () => files.load('./protocol.js') as Protocol;
  const api = extension.activate(context, protocol);
  setTimeout(protocol, atLatestMs).unref();
  return api;
}

export async function deactivate(): Promise<void> {
  await extension?.deactivate();
}
