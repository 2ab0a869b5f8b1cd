import type { ExtensionContext } from 'vscode';
import { compose, type Composed } from './compose';
import type { Protocol } from './compose/connect';

let composed: Composed | undefined;

/** Synchronous and without a request: connections are made at first use. */
export function activate(context: ExtensionContext, protocol: () => Protocol): Composed['api'] {
  composed = compose(context, protocol);
  return composed.api;
}

export async function deactivate(): Promise<void> {
  await composed?.end();
  composed = undefined;
}
