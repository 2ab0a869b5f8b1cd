import type { Disposable } from '../base/disposable';
import { Timer } from '../base/timer';
import type { RecordedExchange } from '../core/locks/exchanges';
import type { LockHistory, ResourceHistory, StateChange } from '../core/locks/lockHistory';
import type { Clock } from '../core/model/ports';
import type { ResourceId } from '../core/model/resource';
import type { KeyValueStore } from './keyValueStore';

const key = 'lockHistory';
/** Polls change the history constantly; a crash may lose this much of it. */
const writeEveryMs = 30_000;

/** The stored history, with version 0.1.0's field names so that its data stays readable. */
interface StoredHistory {
  readonly traces: ResourceHistory['locks'];
  readonly turns: readonly { readonly at: number; readonly said: StateChange['state'] }[];
  readonly tries: ResourceHistory['attempts'];
  readonly refusal?: StoredExchange;
  readonly loss?: ResourceHistory['loss'];
}
type StoredExchange = Omit<RecordedExchange, 'refusal'> & { readonly told?: RecordedExchange['refusal'] };
type StoredEntry = readonly [ResourceId, StoredHistory];

/** Keeps the lock history across restarts: some causes only show over hours. Fingerprints, never tokens. */
export function keepHistory(memento: KeyValueStore, history: LockHistory, clock: Clock): Disposable {
  const stored = memento.get<readonly StoredEntry[]>(key, []);
  history.restore(
    stored.map(([resource, entry]) => [resource, fromStored(entry)] as const),
    clock.now(),
  );
  const writing = new Timer(clock);
  const write = () => {
    const entries = history.all().map(([resource, entry]) => [resource, toStored(entry)] as const);
    void memento.update(key, entries);
  };
  const subscription = history.onDidChange(() => writing.setOnce(writeEveryMs, write));
  return {
    dispose: () => {
      subscription.dispose();
      if (writing.isSet) write();
      writing.dispose();
    },
  };
}

function toStored({ locks, changes, attempts, refusal, loss }: ResourceHistory): StoredHistory {
  return {
    traces: locks,
    turns: changes.map(({ at, state }) => ({ at, said: state })),
    tries: attempts,
    ...(refusal && { refusal: toStoredExchange(refusal) }),
    ...(loss && { loss }),
  };
}

function fromStored({ traces, turns, tries, refusal, loss }: StoredHistory): ResourceHistory {
  return {
    locks: traces,
    changes: turns.map(({ at, said }) => ({ at, state: said })),
    attempts: tries,
    ...(refusal && { refusal: fromStoredExchange(refusal) }),
    ...(loss && { loss }),
  };
}

function toStoredExchange({ refusal, ...exchange }: RecordedExchange): StoredExchange {
  return { ...exchange, ...(refusal && { told: refusal }) };
}

function fromStoredExchange({ told, ...exchange }: StoredExchange): RecordedExchange {
  return { ...exchange, ...(told && { refusal: told }) };
}
