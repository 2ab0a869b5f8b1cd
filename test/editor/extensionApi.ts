// The extension's own exports, as other extensions get them.
import * as vscode from 'vscode';
import type { LockStatusApi } from '../../lock-status';

export async function api(): Promise<LockStatusApi> {
  const extension = vscode.extensions.getExtension<LockStatusApi>('lock-status.lock-status');
  if (!extension) throw new Error('The extension is not installed');
  return extension.activate();
}

/** Stores a connection as a program does, which nobody is asked about. */
export async function connect(options: Parameters<LockStatusApi['connect']>[0]): Promise<void> {
  await (await api()).connect(options);
}
