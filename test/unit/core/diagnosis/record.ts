// Recorded evidence, made the way that the product makes it: every answer, look and refusal enters by its own door.
import { diagnose } from '../../../../src/core/diagnosis/diagnose';
import type { Diagnosis } from '../../../../src/core/diagnosis/diagnosis';
import type { Facts, OwnLease } from '../../../../src/core/diagnosis/facts';
import { Exchanges, statusOf, type RecordedExchange } from '../../../../src/core/locks/exchanges';
import { RemoteFailure } from '../../../../src/core/model/failure';

import type { Expiry, Holder, Lock, LockId, Stamp } from '../../../../src/core/model/lock';
import type { Clock, LockProvider, RemoteFiles } from '../../../../src/core/model/ports';
import { refusedBy } from '../../../../src/core/locks/refusedBy';
import { reportsLock } from '../../../../src/core/model/refusalInfo';
import { resourceId, serverOf as serverIdOf, type ResourceId } from '../../../../src/core/model/resource';
import { Secret } from '../../../../src/core/model/secret';
import { testCore } from '../../../support/core/core';

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
  /** A folder whose lock covers the file; `untold`: a tree lock of which the server does not say where it sits. */
  readonly root?: ResourceId | 'untold';
  readonly since?: number;
  readonly byHand?: true;
}

type Given = Partial<Omit<Facts, 'listingSupport' | 'skewMs'>> &
  Pick<Partial<Facts>, 'listingSupport' | 'skewMs'>;

/** One person's window: records as the extension does, in the order of time, then asks why. */
export class Record {
  readonly history;
  readonly exchanges = new Exchanges();
  readonly store;
  private readonly diagnosisService;
  private readonly given: Partial<Facts>;
  private readonly skewMs: number;
  private latest = 0;

  constructor(
    { listingSupport = 'seen', skewMs = 0, ...given }: Given = {},
    private tellsTime = true,
  ) {
    this.given = given;
    this.skewMs = skewMs;
    const clock: Clock = {
      now: () => at(this.latest),
      after: () => ({ dispose: () => undefined }),
      random: () => 0.5,
    };
    const files = { traits: () => ({ honorsIfMatch: true }) } as Partial<RemoteFiles> as RemoteFiles;
    const locks = { traits: () => ({}) } as Partial<LockProvider> as LockProvider;
    const parseDate = (text: string) => Number(text || NaN);
    const core = testCore({ clock, server: { files, locks }, exchanges: this.exchanges, parseDate });
    this.diagnosisService = core.diagnosisService;
    this.history = core.history;
    this.store = core.store;
    this.store.restoreListingSupport(serverIdOf(file), listingSupport);
  }

  /** From now on answers carry a Date. */
  tellTime(): this {
    this.tellsTime = true;
    return this;
  }

  /** A listing, so many milliseconds after the start. */
  look(ms: number, ...locks: readonly LockLook[]): this {
    return this.listed(
      ms,
      locks.map((look) => lockAt(ms, look)),
      true,
    );
  }

  /** The question is answered, and the server says nothing about locks. */
  silence(ms: number): this {
    return this.listed(ms, [], false);
  }

  /** An answer, and what the window makes of it: what a refusal says of a lock, and a lock that was granted. */
  answer(ms: number, method: string, status: number, more: Partial<RecordedExchange> = {}): this {
    const exchange = this.exchanged(ms, method, status, more);
    const { resource, refusal, at: asked } = exchange;
    const inner = statusOf(exchange) ?? 0;
    const isLocked = inner === 423 || (refusal !== undefined && inner !== 412 && reportsLock(refusal));
    const facts = { resource, status: inner, ...(refusal && { refusal }) };
    if (/PUT|LOCK/.test(method) && isLocked)
      this.store.apply(refusedBy(new RemoteFailure('locked', facts), asked));
    const [own] = this.given.leases ?? [];
    if (method === 'LOCK' && inner < 300 && own) this.hold(ms, own);
    return this;
  }

  /** The window is reloaded: what is kept on disk is all that is left. */
  reload(more: Given = {}): Record {
    const { given, skewMs, tellsTime, latest } = this;
    const listingSupport = this.store.listingSupportOf(serverIdOf(file));
    const next = new Record({ listingSupport, skewMs, ...given, ...more }, tellsTime);
    next.history.restore(JSON.parse(JSON.stringify(this.history.all())) as never, at(latest));
    return next;
  }

  facts(ms = this.latest, more: Partial<Facts> = {}): Facts {
    this.latest = ms;
    return { ...this.diagnosisService.facts(file), ...this.given, ...more };
  }

  why(ms?: number, more: Partial<Facts> = {}): Diagnosis {
    return diagnose(this.facts(ms, more));
  }

  private listed(ms: number, locks: readonly Lock[], reported: boolean): this {
    this.exchanged(ms, 'PROPFIND', 207, { signed: true });
    this.store.apply({
      kind: 'listed',
      entries: [{ resource: file, listing: { locks, reported } }],
      at: at(ms),
    });
    return this;
  }

  private exchanged(ms: number, method: string, status: number, more: Partial<RecordedExchange>) {
    this.latest = Math.max(this.latest, ms);
    const took = 20;
    const date = { date: String(start + ms + took / 2 + this.skewMs - 500) };
    const headers = { ...(this.tellsTime && date), ...more.headers };
    const base = { method, status, resource: file, at: at(ms), ms: took, sent: [] };
    const exchange: RecordedExchange = { ...base, ...more, headers };
    this.exchanges.record(exchange);
    return exchange;
  }

  private hold(ms: number, { id }: OwnLease): void {
    const lock = lockAt(ms, { id, holder: { self: 'thisWindow' }, left: 10 * minute });
    const { scope, depth, expiry } = lock;
    const lease = { resource: file, token: new Secret('t'), id, scope, depth, expiry, since: at(ms) };
    this.store.apply({ kind: 'held', lease, lock, at: at(ms) });
  }
}

function lockAt(ms: number, { id = 'lock-1', holder = ann, left, root, since, byHand }: LockLook): Lock {
  const expiry: Expiry =
    left === undefined
      ? { kind: 'unknown' }
      : left === 'never'
        ? { kind: 'never' }
        : { kind: 'at', at: at(ms + left) };
  return {
    source: 'listing',
    ...(id !== '' && { id: id as LockId }),
    scope: 'exclusive',
    depth: root ? 'tree' : 'self',
    ...(root !== 'untold' && { root: root ?? file }),
    holder: { contacts: [], assertedBy: 'client', self: 'other', ...holder },
    expiry,
    ...(since !== undefined && { since: at(since) }),
    ...(byHand && { byHand }),
  };
}

export const lease = (id = 'lock-1') => ({ id: id as LockId, since: start });
export const refusal = (more: Partial<NonNullable<RecordedExchange['refusal']>>) => ({
  refusal: { shape: 'dav', from: 'server', codes: [], ...more } as const,
});
