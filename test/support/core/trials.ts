// What may go wrong on the wire, what a person may be doing then, and what must be true afterwards.
import assert from 'node:assert/strict';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFailure, type RemoteFailure } from '../../../src/core/model/failure';
import { lockView } from '../../../src/core/model/lockView';
import type { Colleague } from '../colleague';
import type { FaultProxy } from '../faultProxy';
import type { Fault } from '../faults';
import type { LockServer } from '../servers/server';
import type { OnServer, Patience } from './onServer';

/** Milliseconds until somebody gives up an answer that never comes. */
const patience = 700;
/** And one that is asked for on a connection on which another answer has never ended. */
const patienceAfter = 5_000;

/** Impatient only where the proxy stalls: a busy machine may be slow with every other answer. */
export function patienceWith(proxy: FaultProxy): Patience {
  let hasStalled = false;
  return ({ method, url }) => {
    const stalls = proxy.stalls({ method, path: new URL(url).pathname });
    hasStalled ||= stalls;
    return stalls ? patience : hasStalled ? patienceAfter : undefined;
  };
}

const answer = (status: number, more: Partial<Extract<Fault, { kind: 'answer' }>> = {}): Fault => ({
  kind: 'answer',
  status,
  ...more,
});

const retryAfter = { headers: { 'Retry-After': '1' } };

export const faults: Readonly<Record<string, Fault>> = {
  'reset before the body': { kind: 'reset', at: 'beforeBody' },
  'reset in the body': { kind: 'reset', at: 'duringBody' },
  'reset after the body': { kind: 'reset', at: 'afterBody' },
  'reset after the answer': { kind: 'reset', at: 'afterAnswer' },
  'stall before the server': { kind: 'stall', at: 'request' },
  'stall before the headers': { kind: 'stall', at: 'headers' },
  'stall in the answer': { kind: 'stall', at: 'body' },
  'truncated answer': { kind: 'truncate' },
  '401': answer(401, { headers: { 'WWW-Authenticate': 'Basic realm="dav"' } }),
  '500': answer(500),
  '500, Retry-After': answer(500, retryAfter),
  '502': answer(502),
  '502, Retry-After': answer(502, retryAfter),
  '503': answer(503),
  '503, Retry-After': answer(503, retryAfter),
  '504': answer(504),
  '504, Retry-After': answer(504, retryAfter),
  'answer twice': { kind: 'repeat' },
  '504, but done': answer(504, { forward: true }),
  '500, but done': answer(500, { forward: true }),
  'clock an hour ahead': { kind: 'headers', clockSkew: 3_600 },
  'clock an hour behind': { kind: 'headers', clockSkew: -3_600 },
};

/** Those that may befall every request of a deed, the looks after a failure too, without taking too long. */
export const everywhere = new Set([
  'reset after the answer',
  '401',
  '502',
  '500, but done',
  'truncated answer',
]);

export interface Trial {
  readonly server: LockServer;
  readonly alice: OnServer;
  readonly bob: Colleague;
  readonly path: string;
}

export interface Deed {
  readonly method: string;
  /** Before anything goes wrong. */
  prepare(trial: Trial): Promise<void>;
  act(trial: Trial): Promise<void>;
  /** What must be true, whether it was said to be done or not. */
  judge(trial: Trial, failure: RemoteFailure | undefined): Promise<void>;
  /** Instead, once the server has forgotten its locks and the deed was done again. */
  judgeForgotten?(trial: Trial): Promise<void>;
}

const locked = async ({ alice, path }: Trial) => void (await alice.leases.take(alice.at(path), 'hand'));

const save: Deed = {
  method: 'PUT',
  prepare: locked,
  act: ({ alice, path }) => alice.save(path, 'new text'),
  async judge({ server, alice, path }, failure) {
    const there = contentOf(server, path);
    if (!failure) return assert.equal(there, 'new text', 'it was said to be saved');
    const { maybeDone, halfWritten } = failure.facts;
    if (halfWritten) assert.ok('new text'.startsWith(there ?? '?'), 'it was said to be half written');
    // Where nobody could look, a broken connection may have left any part of it.
    else if (maybeDone)
      assert.ok(there === 'old text' || 'new text'.startsWith(there ?? '?'), `it is "${there}"`);
    else assert.ok(there === 'old text' || there === 'new text', `the file is "${there}"`);
    if (maybeDone === false && !halfWritten) assert.equal(there, 'old text', 'it was said not to be saved');
    const kept = alice.blockedSaves.of(alice.at(path));
    assert.equal(new TextDecoder().decode(kept?.bytes), 'new text', 'the text is kept');
    await Promise.resolve();
  },
};

export const deeds: Readonly<Record<string, Deed>> = {
  save,
  /** Without a lock, so that nobody but the server says who has written what. */
  'bare save': { ...save, prepare: () => Promise.resolve() },
  lock: {
    method: 'LOCK',
    prepare: () => Promise.resolve(),
    act: locked,
    async judge({ bob, path, alice }, failure) {
      const isHeld = alice.leases.of(alice.at(path)) !== undefined;
      assert.equal(isHeld, failure === undefined);
      const stands = (await statusOfPut(bob, path)) === 423;
      if (isHeld) assert.ok(stands, 'it was said to be locked');
      else if (stands) await assertKnown(alice, path);
    },
  },
  refresh: {
    method: 'LOCK',
    prepare: locked,
    async act({ alice, path }) {
      const lease = alice.leases.of(alice.at(path));
      if (lease) await alice.leases.verify(lease);
    },
    async judge({ bob, path, alice }) {
      assert.notEqual(alice.leases.of(alice.at(path)), undefined, 'a lock that stands is not given up');
      assert.equal(await statusOfPut(bob, path), 423);
    },
    async judgeForgotten({ bob, path, alice }) {
      const isHeld = alice.leases.of(alice.at(path)) !== undefined;
      assert.equal((await statusOfPut(bob, path)) === 423, isHeld, 'what is said of the lock is true');
    },
  },
  release: {
    method: 'UNLOCK',
    prepare: locked,
    act: ({ alice, path }) => alice.leases.release(alice.at(path)),
    async judge({ bob, path, alice }, failure) {
      const isHeld = alice.leases.of(alice.at(path)) !== undefined;
      assert.equal(isHeld, failure !== undefined, 'a lock that may stand is still in view');
      if (!isHeld) assert.ok((await statusOfPut(bob, path)) < 300, 'it was said to be free');
    },
  },
  rename: {
    method: 'MOVE',
    prepare: locked,
    act({ alice, path }) {
      alice.told = [];
      const [from, to] = [alice.at(path), alice.at(`moved-${path}`)];
      return alice.core.relocation.transfer({ how: 'move', from, to, overwrite: false });
    },
    async judge({ server, path, bob, alice }, failure) {
      for (const problem of alice.told ?? []) assert.match(problem, /^The lock on \S+ after its move: /);
      const [before, after] = [contentOf(server, path), contentOf(server, `moved-${path}`)];
      assert.ok(before === 'old text' || after === 'old text', 'the text is under one of its names');
      if (failure) return assert.ok(before === undefined || after === undefined || failure.facts.maybeDone);
      assert.deepEqual([before, after], [undefined, 'old text'], 'it was said to be moved');
      const isHeld = alice.leases.of(alice.at(`moved-${path}`)) !== undefined;
      assert.equal(isHeld, alice.told?.length === 0, 'a lock that did not follow is told of');
      if (isHeld)
        assert.equal(await statusOfPut(bob, `moved-${path}`), 423, 'the lock was said to have followed');
    },
  },
};

/** A lock that stands although it was said to be not taken: it is found again, or told to be perhaps our own. */
async function assertKnown(alice: OnServer, path: string): Promise<void> {
  const resource = alice.at(path);
  try {
    await alice.leases.take(resource, 'hand');
  } catch (error) {
    if (!isFailure(error)) throw error;
    await alice.directory.stat(resource, 0);
    const { lock } = lockView(alice.store.stateOf(resource));
    assert.ok(lock && 'perhapsOurs' in lock.holder, 'a lock of ours is left behind that nobody knows of');
  }
}

/** Does it once, and gives the failure that it ended with. */
export async function attempt(trial: Trial, deed: Deed): Promise<RemoteFailure | undefined> {
  try {
    await deed.act(trial);
    return undefined;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return error;
  }
}

function contentOf({ dataDir }: LockServer, path: string): string | undefined {
  const file = join(dataDir, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function statusOfPut(bob: Colleague, path: string): Promise<number> {
  return (await bob.send('PUT', path, { body: 'by bob' })).status;
}
