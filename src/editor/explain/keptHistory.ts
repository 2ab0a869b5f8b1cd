import type { Memento } from 'vscode';
import type { LockHistory, ResourceHistory } from '../../core/lockHistory';
import type { ResourceId } from '../../core/resource';
import { systemClock } from '../clock';

const key = 'lockHistory';
/** Polls change the history all the time; a crash may cost this much of it. */
const writeEveryMs = 30_000;

/** Keeps over a restart how locks behaved: some causes only show over hours. Fingerprints, never tokens. */
export function keepHistory(memento: Memento, history: LockHistory): { dispose(): void } {
  history.recall(memento.get<readonly [ResourceId, ResourceHistory][]>(key, []), systemClock.now());
  let pending: { dispose(): void } | undefined;
  const write = () => {
    pending?.dispose();
    pending = undefined;
    void memento.update(key, history.all());
  };
  const subscription = history.onDidChange(() => {
    pending ??= systemClock.after(writeEveryMs, write);
  });
  return {
    dispose: () => {
      subscription.dispose();
      if (pending) write();
    },
  };
}
