// Two Apaches behind one address: they share the files and not the locks, as a badly kept cluster does.
import { type FaultProxy, startFaultProxy } from '../faultProxy';
import { startApache } from './apache';
import type { LockServer } from './server';

export interface ApachePair {
  readonly nodes: readonly [LockServer, LockServer];
  /** The common address: the nodes take turns, request by request. */
  readonly front: FaultProxy;
  stop(): Promise<void>;
}

export async function startApachePair(): Promise<ApachePair> {
  const first = await startApache();
  const second = await startApache({ dataDir: first.dataDir });
  const front = await startFaultProxy([first.url, second.url]);
  return {
    nodes: [first, second],
    front,
    stop: async () => {
      await front.stop();
      await second.stop();
      await first.stop();
    },
  };
}
