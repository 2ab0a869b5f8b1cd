import assert from 'node:assert/strict';
import type { Expiry, Lock, LockState, UnknownReason } from '../../src/core/model/lock';
import { lockView } from '../../src/core/model/lockView';
import { holderName, lockedBy } from '../../src/editor/words/holder';
import { cacheableStatus, shortStatus, statusText } from '../../src/editor/words/status';
import { ageText, clockText, minutesLeft, tickText, untilText } from '../../src/editor/words/time';
import {
  accessibleText,
  blockedText,
  cacheableTooltip,
  lockFacts,
  tooltip,
} from '../../src/editor/words/tooltip';
import { waitAdvice, waitText, type ShownWait } from '../../src/editor/words/wait';
import { holder, idOf, lock, stamp } from '../support/builders/locks';

const minute = 60_000;
const wall = (day: number, hour: number, minutes: number) => new Date(2026, 10, day, hour, minutes).getTime();
const now = stamp(wall(20, 14, 0), 1000);
/** The clock on the wall and the one that counts are apart by the same on both ends. */
const at = (time: number): Expiry => ({ kind: 'at', at: stamp(time, now.mono + time - now.wall) });
const until1432 = at(wall(20, 14, 32));
const asOf = stamp(now.wall - 12_000);

const locked = (...locks: Lock[]) => lockView({ kind: 'locked', locks, at: asOf });
const unknown = (why: UnknownReason) => lockView({ kind: 'unknown', why });
const free = lockView({ kind: 'unlocked', proof: 'listed', at: asOf });
const mine = (expiry: Expiry) => locked(lock({ expiry, holder: { self: 'thisWindow' } }));
const asked = (view: ReturnType<typeof lockView>, path = 'folder/report.md') => ({
  resource: idOf(path),
  view,
  now,
});

describe('Words for times', () => {
  it('name the day where it is another one', () => {
    assert.equal(clockText(wall(20, 14, 32), now), '2:32 PM');
    assert.equal(clockText(wall(20, 0, 5), now), '12:05 AM');
    assert.equal(clockText(wall(21, 9, 5), now), '9:05 AM tomorrow');
    assert.equal(clockText(wall(19, 23, 59), now), '11:59 PM yesterday');
    assert.equal(clockText(wall(28, 9, 5), now), '9:05 AM, Nov 28');
    assert.equal(clockText(new Date(2027, 0, 2, 9, 5).getTime(), now), '9:05 AM, Jan 2, 2027');
  });

  it('are short on an axis, and days only where it covers some', () => {
    const [minute, hour] = [60_000, 3_600_000];
    const tick = (at: number, covered: number) => tickText(at, covered);
    assert.equal(tick(wall(21, 0, 15), 70 * minute), '12:15 AM');
    assert.equal(tick(wall(21, 0, 0), 70 * minute), '12:00 AM');
    assert.equal(tick(wall(21, 0, 0), 26 * hour), 'Nov 21');
    assert.equal(tick(wall(21, 12, 0), 26 * hour), '12:00 PM');
  });

  it('survive a server without a sense of time', () => {
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, 9e15]) assert.match(clockText(time, now), /\?/);
  });

  it('tell an expiry, none, and nothing', () => {
    assert.equal(untilText(until1432, now), '2:32 PM');
    assert.equal(untilText({ kind: 'never' }, now), 'never expires');
    assert.equal(untilText({ kind: 'unknown' }, now), undefined);
  });

  it('count begun minutes by the clock that does not jump', () => {
    assert.equal(minutesLeft(until1432, now), 32);
    assert.equal(minutesLeft({ kind: 'at', at: stamp(0, now.mono + 1) }, now), 1);
    assert.equal(minutesLeft({ kind: 'at', at: stamp(9e12, now.mono) }, now), 0);
    assert.equal(minutesLeft({ kind: 'never' }, now), undefined);
  });

  it('tell an age in its own unit', () => {
    const ages = [-5_000, 12_900, 3.5 * minute, 125 * minute].map((age) => ageText(now.wall - age, now));
    assert.deepEqual(ages, ['just now', 'just now', '3 min ago', '2 h ago']);
  });
});

describe('Words for holders', () => {
  it('are a name, you, or someone', () => {
    assert.equal(holderName(holder()), 'Ann Lee');
    assert.equal(holderName(holder({ self: 'thisWindow' })), 'You');
    assert.equal(holderName(holder({ self: 'elsewhere', host: 'LAPTOP-7' })), 'You on LAPTOP-7');
    assert.equal(holderName(holder({ self: 'elsewhere' })), 'You elsewhere');
    assert.equal(holderName(holder({ name: '\u200b' })), 'Someone');
    assert.equal(holderName(holder({ assertedBy: 'client' })), 'Ann Lee (unverified)');
    assert.equal(
      holderName(holder({ name: '', self: 'unknown', perhapsOurs: true })),
      'Someone, perhaps you',
    );
  });

  it('wash the name and keep it short', () => {
    const name = holderName(holder({ name: `$(flame) [x](command:y)\n${'x'.repeat(99)}` }));
    assert.ok(name.startsWith('$\u200b(flame) [x]\u200b(command:y) xxx'));
    assert.equal([...name.replaceAll('\u200b', '')].length, 40);
  });

  it('make a sentence with and without an end', () => {
    assert.equal(lockedBy(lock({ expiry: until1432 }), now), 'Locked by Ann Lee until 2:32 PM');
    assert.equal(lockedBy(lock(), now), 'Locked by Ann Lee, never expires');
    assert.equal(lockedBy(lock({ expiry: { kind: 'unknown' } }), now), 'Locked by Ann Lee');
    const told = lock({ expiry: until1432, holder: { assertedBy: 'client' } });
    assert.equal(lockedBy(told, now), 'Locked by Ann Lee (unverified) until 2:32 PM');
    assert.equal(lockedBy(lock({ holder: { name: '' } }), now), 'Locked (holder unknown), never expires');
  });
});

describe('The status of a file in few words', () => {
  const cases: readonly (readonly [string, ReturnType<typeof lockView>])[] = [
    ['$(lock) Ann Lee · 32 min left', locked(lock({ expiry: until1432 }))],
    ['$(lock) Ann Lee · never expires', locked(lock())],
    ['$(lock) Ann Lee', locked(lock({ expiry: { kind: 'unknown' } }))],
    ['$(lock) Ann Lee (unverified) · never expires', locked(lock({ holder: { assertedBy: 'client' } }))],
    ['$(lock) Someone · 32 min left', locked(lock({ expiry: until1432, holder: { name: '' } }))],
    ['$(unlock) Free', free],
    ['$(lock) You · 9 min left', mine(at(now.wall + 8.5 * minute))],
    ['$(lock) You · until 4:00 PM', mine(at(wall(20, 16, 0)))],
    ['$(lock) You · expired', mine(at(now.wall - minute))],
    ['$(lock) You · never expires', mine({ kind: 'never' })],
    ['$(lock) You', mine({ kind: 'unknown' })],
    [
      '$(lock) You on LAPTOP-7 · 32 min left',
      locked(lock({ expiry: until1432, holder: { self: 'elsewhere', host: 'LAPTOP-7' } })),
    ],
    ['$(lock) Shared: Ann Lee', locked(lock({ scope: 'shared' }))],
    ['$(lock) Shared: Ann Lee +2', locked(...[1, 2, 3].map(() => lock({ scope: 'shared' })))],
    ['$(warning) Lock lost', lockView({ kind: 'unknown', why: 'notAsked' }, 'broken')],
    ['$(question) Server doesn’t list locks', unknown('notListed')],
    ['$(question) No lock listed', unknown('unproven')],
    ['$(question) Server hides locks', unknown('hidden')],
    ['$(question) Sign-in needed', unknown('auth')],
    ['$(question) Can’t reach server', unknown('unreachable')],
  ];
  for (const [text, view] of cases)
    it(`${text}`, () => {
      assert.equal(statusText(view, now), text);
      assert.ok(text.endsWith(shortStatus(view, now)));
    });

  it('counts no minutes where the text stays', () => {
    assert.equal(cacheableStatus(mine(at(wall(20, 14, 9))), now), 'You · until 2:09 PM');
    assert.equal(cacheableStatus(free, now), 'Free');
  });

  it('tells where a wait stands', () => {
    const told = (phase: 'waiting' | 'saving' | 'conflict', view = locked(lock({ expiry: until1432 }))) =>
      waitText({ resource: idOf('folder/report.md'), phase }, view, now);
    assert.equal(told('waiting'), 'report.md: Waiting for Ann Lee, until 2:32 PM');
    assert.equal(told('waiting', locked(lock())), 'report.md: Waiting for Ann Lee, never expires');
    assert.equal(told('waiting', unknown('notListed')), 'report.md: Waiting for the lock');
    assert.equal(told('saving'), 'report.md: Saving');
    assert.equal(told('conflict'), 'report.md: Changed on server: review');
  });
});

describe('A wait that may last', () => {
  const told = (trouble: ShownWait['trouble'], view = locked(lock())) => {
    const wait: ShownWait = { resource: idOf('folder/report.md'), phase: 'waiting', trouble };
    return [waitText(wait, view, now), waitAdvice(wait, view)];
  };

  it('says that the lock does not end by itself, and whom to ask', () => {
    assert.deepEqual(told('byHand'), [
      'report.md: Waiting for Ann Lee, but the lock doesn’t expire by itself',
      'It stays locked until Ann Lee releases the lock. Ask Ann Lee.',
    ]);
    assert.match(told('byHand', unknown('notListed')).join(), /Waiting, but .* Ask them\.$/);
  });

  it('names who can help where the holder cannot', () => {
    assert.match(
      told('expired').join(),
      /should have expired already,.*host still enforces it\. Ask the administrator/,
    );
    assert.match(
      told('lasting').join(),
      /ask the administrator,.*The administrator of host can look at it\.$/,
    );
  });

  it('has nothing more to say where one can but wait, or is saving', () => {
    assert.equal(told(undefined)[1], undefined);
    const saving: ShownWait = { resource: idOf('a'), phase: 'saving', trouble: 'byHand' };
    assert.deepEqual(
      [waitText(saving, locked(lock()), now), waitAdvice(saving, locked(lock()))],
      ['a: Saving', undefined],
    );
  });

  it('washes names', () => {
    const hostile = locked(lock({ holder: { name: '$(flame)[x](command:y)' } }));
    assert.doesNotMatch(told('byHand', hostile).join(), /\$\(flame|\]\(/);
  });
});

describe('The facts of a lock', () => {
  it('are two lines, and say that the server vouches for the name', () => {
    const view = locked(lock({ expiry: until1432, since: stamp(wall(20, 9, 12)) }));
    assert.deepEqual(tooltip(asked(view)).split('\n'), [
      'Locked by Ann Lee until 2:32 PM',
      'Since 9:12 AM · Name confirmed by the server · checked just now',
    ]);
  });

  it('say that a name which only the lock gives is unverified', () => {
    const view = locked(lock({ expiry: until1432, holder: { assertedBy: 'client', app: 'cadaver' } }));
    assert.deepEqual(tooltip(asked(view)).split('\n'), [
      'Locked by Ann Lee (unverified) until 2:32 PM',
      'Program: cadaver · checked just now',
    ]);
    const endless = locked(lock({ holder: { assertedBy: 'client' } }));
    assert.match(tooltip(asked(endless)), /^Locked by Ann Lee \(unverified\), never expires$/m);
  });

  it('own up to what the server does not say', () => {
    const view = locked(lock({ expiry: { kind: 'unknown' }, holder: { name: '', assertedBy: 'nobody' } }));
    assert.deepEqual(lockFacts(asked(view)).slice(0, 2), ['Locked (holder unknown)', 'Expiry not given']);
  });

  it('name the folder through which a file is locked', () => {
    const view = locked(lock({ depth: 'tree', root: idOf('folder') }));
    assert.match(tooltip(asked(view)), /^Through the folder 'folder' · /m);
    assert.doesNotMatch(tooltip(asked(view, 'folder')), /Through/);
  });

  it('tell a loss first, then who has the lock now', () => {
    const taken: LockState = { kind: 'locked', locks: [lock({ expiry: until1432 })], at: asOf };
    assert.deepEqual(
      tooltip(asked(lockView(taken, 'taken')))
        .split('\n')
        .slice(0, 2),
      ['Your lock was lost: someone else holds the lock now', 'Locked by Ann Lee until 2:32 PM'],
    );
  });

  it('stop counting holders', () => {
    const view = locked(...Array.from({ length: 8 }, () => lock({ scope: 'shared' })));
    assert.match(tooltip(asked(view)), /^and 3 more$/m);
  });

  it('never claim an age where the text stays', () => {
    const view = locked(lock({ expiry: until1432 }));
    assert.match(cacheableTooltip(asked(view)), / · checked at 1:59 PM$/);
    assert.doesNotMatch(cacheableTooltip(asked(view)), /ago|now/);
  });

  it('can be spoken', () => {
    assert.equal(accessibleText(asked(free)), 'Not locked');
    assert.match(accessibleText(asked(unknown('notListed'))), /^The server doesn’t list locks/);
    assert.match(accessibleText(asked(unknown('unproven'))), /lists no lock here, which doesn’t prove/);
    assert.doesNotMatch(accessibleText(asked(locked(lock({ expiry: until1432 })))), /\$\(/);
  });

  it('say why a file cannot be saved now', () => {
    const told = (...locks: Lock[]) => blockedText(asked(locked(...locks)));
    assert.equal(told(lock({ expiry: until1432 })), 'Locked by Ann Lee until 2:32 PM');
    assert.equal(told(lock()), 'Locked by Ann Lee, never expires');
    assert.equal(told(lock({ holder: { name: '' } })), 'Locked (holder unknown), never expires');
    assert.equal(
      told(lock({ expiry: until1432, holder: { self: 'elsewhere', host: 'LAPTOP-7' } })),
      'Locked by you on LAPTOP-7 until 2:32 PM',
    );
    assert.equal(
      told(lock({ expiry: until1432, depth: 'tree', root: idOf('folder') })),
      "Locked by Ann Lee until 2:32 PM, through the folder 'folder'",
    );
  });
});
