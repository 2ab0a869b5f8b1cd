import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/base/emitter';
import { IdleLocks, type Idle } from '../../../../src/core/leases/idleLocks';
import type { LockId } from '../../../../src/core/model/lock';
import type { Clock } from '../../../../src/core/model/ports';
import { resourceId, type ResourceId } from '../../../../src/core/model/resource';
import { Secret } from '../../../../src/core/model/secret';

const minute = 60_000;
const file = resourceId('https://dav.example/a.md');
const other = resourceId('https://dav.example/b.md');

/** A desk at which time passes when the test says so. */
class Desk {
  readonly told: { readonly idle: readonly Idle[]; readonly held: number }[] = [];
  readonly edits = new Emitter<ResourceId>();
  readonly dirty = new Set<ResourceId>();
  held: ResourceId[] = [file, other];
  private now = 0;
  private due: { readonly at: number; readonly run: () => void } | undefined;
  private readonly clock: Clock = {
    now: () => ({ mono: this.now, wall: this.now }),
    after: (ms, run) => {
      this.due = { at: this.now + ms, run };
      return { dispose: () => (this.due = undefined) };
    },
    random: () => 0.5,
  };
  readonly idle = new IdleLocks(
    {
      leases: { held: () => this.held.map((resource) => leaseOn(resource, this.clock)) },
      clock: this.clock,
      onDidEdit: this.edits.event,
      isDirty: (resource) => this.dirty.has(resource),
    },
    (idle, held) => this.told.push({ idle, held }),
  );

  pass(minutes: number): void {
    const end = this.now + minutes * minute;
    while (this.due && this.due.at <= end) {
      const { at, run } = this.due;
      this.now = at;
      run();
    }
    this.now = end;
  }
}

function leaseOn(resource: ResourceId, clock: Clock) {
  return {
    resource,
    token: new Secret('urn:x'),
    id: resource as string as LockId,
    scope: 'exclusive',
    depth: 'self',
    expiry: { kind: 'unknown' },
    since: clock.now(),
  } as const;
}

describe('Idle locks', () => {
  it('are reported once, after forty minutes without an edit', () => {
    const desk = new Desk();
    desk.pass(30);
    desk.edits.fire(other);
    desk.pass(20);
    assert.deepEqual(
      desk.told.map(({ idle, held }) => [idle.map(({ resource }) => resource), held]),
      [[[file], 2]],
    );
    desk.pass(600);
    assert.equal(desk.told.length, 2, 'and of the other once it is idle too');
  });

  it('are not what holds unsaved text', () => {
    const desk = new Desk();
    desk.held = [file];
    desk.dirty.add(file);
    desk.pass(300);
    assert.deepEqual(desk.told, []);
  });

  it('begin anew when they were released and taken again', () => {
    const desk = new Desk();
    desk.held = [file];
    desk.pass(60);
    desk.held = [];
    desk.pass(10);
    desk.held = [file];
    desk.pass(30);
    assert.equal(desk.told.length, 1);
    desk.pass(30);
    assert.equal(desk.told.length, 2);
  });

  it('end with the window', () => {
    const desk = new Desk();
    desk.idle.dispose();
    desk.pass(300);
    assert.deepEqual(desk.told, []);
  });
});
