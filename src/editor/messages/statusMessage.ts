import { window, type Disposable } from 'vscode';
import type { ResourceId } from '../../core/model/resource';

// Success is confirmed in the status bar, so there is nothing to dismiss.
const messageMs = 4_000;

let current: { readonly about: ResourceId | undefined; readonly message: Disposable } | undefined;

/** Shows a temporary message in place of the previous one, which VS Code would otherwise show again afterwards. */
export function showStatusMessage(text: string, about?: ResourceId): void {
  current?.message.dispose();
  current = { about, message: window.setStatusBarMessage(text, messageMs) };
}

/** Clears the message if it is about one of these files, whose state has changed since. */
export function clearStatusMessage(resources: readonly ResourceId[]): void {
  if (current?.about !== undefined && resources.includes(current.about)) current.message.dispose();
}
