// Recorded evidence, built the short way: what was asked and answered, and what the locks looked like over time.
import { diagnose } from '../../../../src/core/diagnosis/diagnose';
import type { Diagnosis } from '../../../../src/core/diagnosis/diagnosis';
import type { Facts } from '../../../../src/core/diagnosis/facts';
import { statusOf, type RecordedExchange } from '../../../../src/core/exchanges';
import type { Expiry, Holder, Lock, LockId, Stamp } from '../../../../src/core/lock';
import { LockHistory } from '../../../../src/core/lockHistory';
import { resourceId, type ResourceId } from '../../../../src/core/resource';

export const file = resourceId('https://dav.example/docs/report.md');
export const start = Date.parse('2026-11-22T10:00:00Z');
export const second = 1_000;
export const minute = 60_000;
export const hour = 60 * minute;

export const at = (ms: number): Stamp => ({ mono: 1_000_000 + ms, wall: start + ms });

export const ann: Holder = { name: 'Ann Lee', contacts: [], assertedBy: 'client', self: 'other' };

export interface LockLook {
  readonly id?: string;
  readonly holder?: Partial<Holder>;
  /** Milliseconds left at the look; `never`; absent where the server says nothing. */
  readonly left?: number | 'never';
  readonly root?: ResourceId;
  readonly since?: number;
}

/** Records as the extension would, in the order of time, then asks why. */
export class Record {
  readonly history = new LockHistory();
  readonly exchanges: RecordedExchange[] = [];
  private facts: Partial<Facts>;
  private latest = 0;

  constructor(facts: Partial<Facts> = {}, tellsTime = true) {
    this.facts = { habit: 'seen', ...(tellsTime && { skewMs: 0 }), ...facts };
  }

  /** A listing, so many milliseconds after the start. */
  look(ms: number, ...locks: readonly LockLook[]): this {
    this.latest = ms;
    const stamp = at(ms);
    const listed = locks.map((look) => lockAt(ms, look));
    const state: Facts['state'] =
      listed.length > 0
        ? { kind: 'locked', locks: listed, at: stamp }
        : { kind: 'unlocked', proof: 'listed', at: stamp };
    this.facts = { ...this.facts, state };
    this.history.looked(file, state, this.facts.skewMs ?? 0);
    return this;
  }

  /** The server says nothing about locks, but bars us. */
  barred(ms: number, lock?: Lock): this {
    this.latest = ms;
    const holder: Holder = { contacts: [], assertedBy: 'nobody', self: 'unknown' };
    const untold: Lock = { scope: 'exclusive', depth: 'self', holder, expiry: { kind: 'unknown' } };
    const state: Facts['state'] = { kind: 'locked', locks: [lock ?? untold], at: at(ms) };
    this.facts = { ...this.facts, state };
    this.history.looked(file, state);
    return this;
  }

  answer(ms: number, method: string, status: number, more: Partial<RecordedExchange> = {}): this {
    this.latest = Math.max(this.latest, ms);
    const exchange = { method, status, resource: file, at: at(ms), ms: 20, sent: [], headers: {}, ...more };
    this.exchanges.push(exchange);
    if (exchange.resource === file && /PUT|LOCK/.test(method))
      this.history.tried(file, method, statusOf(exchange), at(ms).wall);
    return this;
  }

  why(ms = this.latest, more: Partial<Facts> = {}): Diagnosis {
    return diagnose({
      resource: file,
      now: at(ms),
      state: { kind: 'unknown', why: 'notAsked' },
      habit: 'seen',
      history: this.history.of(file),
      exchanges: this.exchanges,
      leases: [],
      formerIds: new Set(),
      content: 'unknown',
      ...this.facts,
      ...more,
    });
  }
}

function lockAt(ms: number, { id = 'lock-1', holder = ann, left, root, since }: LockLook): Lock {
  const expiry: Expiry =
    left === undefined
      ? { kind: 'unknown' }
      : left === 'never'
        ? { kind: 'never' }
        : { kind: 'at', at: at(ms + left) };
  return {
    ...(id !== '' && { id: id as LockId }),
    scope: 'exclusive',
    depth: root ? 'tree' : 'self',
    root: root ?? file,
    holder: { contacts: [], assertedBy: 'client', self: 'other', ...holder },
    expiry,
    ...(since !== undefined && { since: at(since) }),
  };
}

export const lease = (id = 'lock-1') => ({ id: id as LockId, since: start });
export const told = (more: Partial<NonNullable<RecordedExchange['told']>>) => ({
  told: { shape: 'dav', from: 'server', codes: [], ...more } as const,
});
