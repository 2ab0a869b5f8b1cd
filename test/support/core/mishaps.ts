import type { FailureFacts, FailureKind } from '../../../src/core/model/failure';

/** What can be asked of a server, and the method that it is. */
export const methods = {
  stat: 'PROPFIND',
  list: 'PROPFIND',
  read: 'GET',
  write: 'PUT',
  lock: 'LOCK',
  refresh: 'LOCK',
  unlock: 'UNLOCK',
  remove: 'DELETE',
  move: 'MOVE',
  copy: 'COPY',
  breakLock: 'UNLOCK',
} as const;

export type Operation = keyof typeof methods;

/** What goes wrong with one call. `lost`: the server did it and the answer never came. */
export interface Mishap {
  readonly kind: FailureKind;
  readonly facts?: Partial<FailureFacts>;
  readonly lost?: boolean;
  /** Of a write, only so many bytes arrive. */
  readonly cutAt?: number;
}

/** A request whose answer never came may have been carried out: so the transport says it as well. */
export function maybeDone({ kind, lost, cutAt }: Mishap): Partial<FailureFacts> {
  return lost || cutAt !== undefined || kind === 'interrupted' || kind === 'timeout'
    ? { maybeDone: true }
    : {};
}

/** What is to go wrong, in turn. */
export class Mishaps {
  private readonly queues = new Map<Operation, Mishap[]>();

  /** The next call of that kind goes wrong; several are used up in turn. */
  add(operation: Operation, mishap: Mishap): void {
    this.queues.set(operation, [...(this.queues.get(operation) ?? []), mishap]);
  }

  next(operation: Operation): Mishap | undefined {
    return this.queues.get(operation)?.shift();
  }

  clear(): void {
    this.queues.clear();
  }
}
