import type { Account } from '../support/servers/server';
import type { Peers } from './peers';
import { Worker } from './workers';

/** One goal, as it is written in the report: reached or not is for the reader to see. */
export interface Row {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
}

export interface Section {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  readonly rows: readonly Row[];
}

export interface Workshop {
  readonly scratch: string;
  readonly bundle: string;
  readonly peers: Peers;
  readonly account: Account;
}

/** Runs with a client in a process of its own, which ends with the run. */
export async function withWorker<T>(
  { bundle, peers }: Workshop,
  run: (worker: Worker) => Promise<T>,
): Promise<T> {
  const worker = new Worker(bundle, peers.webdav);
  try {
    return await run(worker);
  } finally {
    await worker.end();
  }
}
