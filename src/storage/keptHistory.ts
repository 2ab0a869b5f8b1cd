import type { Disposable } from '../base/disposable';
import type { LockHistory, ResourceHistory } from '../core/locks/lockHistory';
import type { ResourceId } from '../core/model/resource';
import type { Clock } from '../core/model/ports';
import type { KeyValueStore } from './keyValueStore';

const key = 'lockHistory';
/** Polls change the history all the time; a crash may cost this much of it. */
const writeEveryMs = 30_000;

/** Keeps over a restart how locks behaved: some causes only show over hours. Fingerprints, never tokens. */
export function keepHistory(memento: KeyValueStore, history: LockHistory, clock: Clock): Disposable {
  history.recall(memento.get<readonly [ResourceId, ResourceHistory][]>(key, []), clock.now());
  let pending: { dispose(): void } | undefined;
  const write = () => {
    pending?.dispose();
    pending = undefined;
    void memento.update(key, history.all());
  };
  const subscription = history.onDidChange(() => {
    pending ??= clock.after(writeEveryMs, write);
  });
  return {
    dispose: () => {
      subscription.dispose();
      if (pending) write();
    },
  };
}
