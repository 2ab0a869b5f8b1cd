import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import { CompiledFiles } from './compiledFiles';
import type { Protocol } from './compose/connect';
import type * as main from './extension';

// What VS Code loads. It loads the rest in parts: what speaks with servers only when the first one is to be reached.

type Extension = typeof main;

let extension: Extension | undefined;

export function activate(context: ExtensionContext): ReturnType<Extension['activate']> {
  const files = new CompiledFiles(__dirname, join(context.globalStorageUri.fsPath, 'compiled'), require);
  extension = files.load('./main.js') as Extension;
  return extension.activate(context, () => files.load('./protocol.js') as Protocol);
}

export async function deactivate(): Promise<void> {
  await extension?.deactivate();
}
