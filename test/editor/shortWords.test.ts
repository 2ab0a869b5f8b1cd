// What has to fit: the status bar, and the rows of the Locks view in a narrow side bar.
import assert from 'node:assert/strict';
import { RemoteFailure, type FailureKind } from '../../src/core/model/failure';
import type { Expiry, Lock } from '../../src/core/model/lock';
import { lockView } from '../../src/core/model/lockView';
import type { ServerChange } from '../../src/core/saving/serverChange';
import { rowTexts, type RowInput } from '../../src/editor/words/row';
import { twoSignsLeft } from '../../src/editor/words/time';
import { sectionOf } from '../../src/editor/words/section';
import { serverChangeStatus } from '../../src/editor/words/serverChange';
import { shortWaitText, waitHover, waitStatusText, type ShownWait } from '../../src/editor/words/wait';
import { idOf, lock, stamp } from '../support/builders/locks';

const minute = 60_000;
const wall = (day: number, hour: number, minutes: number) => new Date(2026, 10, day, hour, minutes).getTime();
const now = stamp(wall(20, 14, 0), 1000);
const at = (time: number): Expiry => ({ kind: 'at', at: stamp(time, now.mono + time - now.wall) });
const until1432 = at(wall(20, 14, 32));
const locked = (...locks: Lock[]) => lockView({ kind: 'locked', locks, at: now });
const mine = (expiry: Expiry) => locked(lock({ expiry, holder: { self: 'thisWindow' } }));
const free = lockView({ kind: 'unlocked', proof: 'listed', at: now });

describe('The status bar', () => {
  const wait = (phase: ShownWait['phase']): ShownWait => ({ resource: idOf('folder/report.md'), phase });
  const view = locked(lock({ expiry: at(now.wall + 8.5 * minute), holder: { assertedBy: 'client' } }));

  it('says of the active file that it waits, and how long', () => {
    const told = (phase: ShownWait['phase']) => waitStatusText(wait(phase), view, now);
    assert.equal(told('waiting'), '$(watch) Waiting for Ann Lee (?) · 9 min left');
    assert.equal(told('saving'), '$(sync~spin) Saving');
    assert.equal(told('conflict'), '$(warning) Changed on server: review');
    assert.equal(
      waitStatusText(wait('waiting'), lockView({ kind: 'unknown', why: 'notListed' }), now),
      '$(watch) Waiting for the lock',
    );
    // Nobody is waited for whom no name is known of, or who is the person.
    for (const holder of [{ name: '' }, { self: 'elsewhere', host: 'LAPTOP-7' }] as const)
      assert.equal(
        waitStatusText(wait('waiting'), locked(lock({ expiry: until1432, holder })), now),
        '$(watch) Waiting for the lock · 32 min left',
      );
  });

  it('says what is next after a change on the server', () => {
    assert.equal(serverChangeStatus('review'), '$(warning) Changed on server: review');
    assert.equal(serverChangeStatus('resolve'), '$(warning) Merged: resolve conflicts');
    assert.equal(serverChangeStatus('save'), '$(git-merge) Merged: save');
  });

  it('names another file that waits, and leaves the rest to the hover', () => {
    assert.equal(shortWaitText(wait('waiting')), 'report.md: Waiting');
    const long = { ...wait('waiting'), resource: idOf('folder/report-of-the-quarter.md') };
    assert.equal(shortWaitText(long), undefined);
  });

  it('says in the hover what happens next', () => {
    assert.deepEqual(waitHover(wait('waiting'), view), ['Will be saved when the lock is free']);
    assert.deepEqual(waitHover(wait('conflict'), view), ['Changed on server: review']);
    assert.equal(waitHover({ ...wait('waiting'), trouble: 'byHand' }, view).length, 2);
  });
});

describe('A row of the Locks view', () => {
  const told = (row: Partial<RowInput> & Pick<RowInput, 'view'>) => {
    const whole: RowInput = {
      ...{ group: 'others', name: 'report.md', now },
      ...row,
    };
    const { title, fullTitle } = sectionOf(whole);
    return [title, ...(fullTitle === title ? [] : [fullTitle]), rowTexts(whole).text];
  };
  const wait = (phase: ShownWait['phase']): ShownWait => ({ resource: idOf('a'), phase });
  const refused = (kind: FailureKind) => ({ failure: new RemoteFailure(kind, { resource: idOf('a') }) });
  const anns = locked(lock({ expiry: until1432 }));

  it('says until when, below a heading that says who', () => {
    assert.deepEqual(told({ view: anns }), ['Locked by Ann Lee', 'until 2:32 PM']);
    assert.deepEqual(told({ view: anns, group: 'blocking' }), ['Blocked by Ann Lee', 'until 2:32 PM']);
    assert.deepEqual(told({ view: anns, group: 'waiting', wait: wait('waiting') }), [
      'Waiting for Ann Lee',
      'until 2:32 PM',
    ]);
  });

  it('marks a name that only the lock’s own text gives', () => {
    const view = locked(lock({ expiry: until1432, holder: { assertedBy: 'client' } }));
    assert.deepEqual(told({ view }), [
      'Locked by Ann Lee',
      'Locked by Ann Lee (unverified)',
      'until 2:32 PM',
    ]);
  });

  it('says who where the heading cannot, if anything is known', () => {
    const nobody = locked(lock({ expiry: until1432, holder: { name: '' } }));
    assert.deepEqual(told({ view: nobody }), ['Locked by Others', 'until 2:32 PM']);
    const perhapsOurs = locked(lock({ expiry: until1432, holder: { name: '', perhapsOurs: true } }));
    assert.equal(told({ view: perhapsOurs }).at(-1), 'until 2:32 PM · Someone, perhaps you');
    const shared = locked(...[1, 2].map(() => lock({ scope: 'shared' })));
    assert.deepEqual(told({ view: shared }), ['Shared: Ann Lee', '+1']);
    const elsewhere = locked(lock({ expiry: until1432, holder: { self: 'elsewhere', host: 'LAPTOP-7' } }));
    assert.deepEqual(told({ view: elsewhere, group: 'mine' }), [
      'Locked by Me',
      'until 2:32 PM · You on LAPTOP-7',
    ]);
  });

  it('says no more of my own lock than its end', () => {
    assert.deepEqual(told({ view: mine(until1432), group: 'mine' }), ['Locked by Me', 'until 2:32 PM']);
  });

  it('names the day only where the time would be another day’s', () => {
    const end = (expiry: Expiry) => told({ view: locked(lock({ expiry })) }).at(-1);
    assert.equal(end(at(wall(21, 13, 59))), 'until 1:59 PM');
    assert.equal(end(at(wall(21, 14, 0))), 'until Nov 21');
    assert.equal(end(at(wall(20, 13, 59))), 'expired');
    assert.equal(end({ kind: 'never' }), 'never expires');
    assert.equal(end({ kind: 'unknown' }), '');
  });

  it('leaves the time to a badge where a long name has no room for it', () => {
    const long = (row: Partial<RowInput> & Pick<RowInput, 'view'>) =>
      rowTexts({
        ...{ group: 'others', now },
        name: 'opening-hours.md',
        ...row,
      });
    assert.deepEqual(long({ view: anns }), { text: '', badgeUntil: now.mono + 32 * minute });
    const elsewhere = locked(lock({ expiry: until1432, holder: { self: 'elsewhere', host: 'LAPTOP-7' } }));
    assert.equal(long({ view: elsewhere, group: 'mine' }).text, 'You on LAPTOP-7');
    // What no badge can say stays behind the name.
    assert.deepEqual(long({ view: locked(lock({ expiry: at(wall(30, 14, 0)) })) }), { text: 'until Nov 30' });
    assert.deepEqual(long({ view: locked(lock({ expiry: { kind: 'never' } })) }), { text: 'never expires' });
    const told = [
      0,
      0.5,
      9,
      9.5,
      15,
      16,
      31,
      46,
      60,
      61,
      9 * 60,
      10 * 60,
      25 * 60,
      9 * 24 * 60,
      9 * 24 * 60 + 1,
    ];
    assert.deepEqual(
      told.map((minutes) => twoSignsLeft(minutes * minute) ?? ''),
      ['', '1m', '9m', '¼h', '¼h', '½h', '¾h', '1h', '1h', '2h', '9h', '1d', '2d', '9d', ''],
    );
  });

  it('says what else keeps the text from being saved', () => {
    const blocked = (kind: FailureKind, view = free) =>
      told({ view, group: 'blocking', blockedSave: refused(kind) });
    const titles: Partial<Record<FailureKind, string>> = {
      contentChanged: 'Changed on Server',
      signInNeeded: 'Not Signed In',
      forbidden: 'Not Allowed',
      notFound: 'Not Found on Server',
      unreachable: 'Server Not Reached',
      interrupted: 'Connection Lost',
      // A condition may have been another one than that of the version.
      preconditionFailed: 'Refused by Server',
      quota: 'No Room on Server',
      refused: 'Refused by Server',
    };
    for (const [kind, title] of Object.entries(titles) as [FailureKind, string][])
      assert.deepEqual(blocked(kind), [title, '']);
    // A lock comes first, whatever has failed.
    assert.deepEqual(blocked('unreachable', anns), ['Blocked by Ann Lee', 'until 2:32 PM']);
    assert.equal(blocked('locked')[0], 'Blocking My Saves');
    assert.deepEqual(told({ view: free, group: 'waiting', wait: wait('saving') }), ['Waiting', 'Saving']);
  });

  it('leaves to the heading what is to be done about a change on the server', () => {
    const changed = { group: 'blocking', blockedSave: refused('contentChanged') } as const;
    const titles = { review: 'Changed on Server', resolve: 'Resolve Conflicts', save: 'Merged, Not Saved' };
    for (const [serverChange, title] of Object.entries(titles) as [ServerChange, string][]) {
      assert.deepEqual(told({ ...changed, view: free, serverChange }), [title, '']);
      // My own lock, taken for the text, is not what is next.
      assert.deepEqual(told({ ...changed, view: mine(until1432), serverChange }), [title, '']);
      assert.equal(sectionOf({ view: free, group: 'waiting', serverChange }).group, 'blocking');
    }
  });
});
