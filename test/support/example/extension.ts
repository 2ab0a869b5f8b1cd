// Another extension that asks before it changes files: what it knows of Lock Status is `lock-status.d.ts`.
import * as vscode from 'vscode';
import type { LockStatusApi } from '../../../lock-status';

interface Example {
  /** A warning for each file that somebody else holds now. */
  readonly warningsFor: (files: readonly vscode.Uri[]) => Promise<readonly string[]>;
  /** The files whose status has changed, oldest news first. */
  readonly news: readonly vscode.Uri[];
}

export async function activate(context: Pick<vscode.ExtensionContext, 'subscriptions'>): Promise<Example> {
  const extension = vscode.extensions.getExtension<LockStatusApi>('lock-status.lock-status');
  if (!extension) throw new Error('Lock Status is not installed.');
  const locks = await extension.activate();
  const news: vscode.Uri[] = [];
  context.subscriptions.push(locks.onDidChangeLockStatus((files) => news.push(...files)));
  return {
    news,
    async warningsFor(files) {
      const warnings = await Promise.all(
        files.map(async (file) => {
          const { state, reason, locks: held } = await locks.getLockStatus(file, { maxAgeMs: 0 });
          if (state === 'unknown') return `${file.path}: ${reason}`;
          if (state !== 'other' && state !== 'shared') return [];
          const [lock] = held;
          const holder = lock?.holder ?? 'somebody';
          return `${file.path} is locked by ${holder}${lock?.verified ? '' : ' (unverified)'}.`;
        }),
      );
      return warnings.flat();
    },
  };
}
