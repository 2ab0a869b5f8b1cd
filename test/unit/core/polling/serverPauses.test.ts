import assert from 'node:assert/strict';
import { RemoteFailure, type FailureKind } from '../../../../src/core/model/failure';
import { serverOf } from '../../../../src/core/model/resource';
import { ServerPauses } from '../../../../src/core/polling/serverPauses';
import { idOf } from '../../../support/builders/locks';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { Screen } from '../../../support/core/screen';

const minute = 60_000;

describe('What a server asks to wait', () => {
  const [one, other] = [idOf('one'), idOf('other')];
  const noted = (kind: FailureKind, retryAfterMs: number) => {
    const clock = new FakeClock();
    const pauses = new ServerPauses(clock);
    pauses.note(new RemoteFailure(kind, { resource: one, retryAfterMs }));
    return { clock, pauses };
  };

  it('holds for all that is on it, until the time has passed', async () => {
    const { clock, pauses } = noted('busy', minute);
    assert.equal(pauses.leftOf(other), minute);
    assert.equal(pauses.leftOfServer(serverOf(other)), minute);
    await clock.pass(minute);
    assert.equal(pauses.leftOf(other), 0);
  });

  it('holds for one file where it is about that file', () => {
    for (const kind of ['locked', 'quota', 'conflict'] as const) {
      const { pauses } = noted(kind, minute);
      assert.equal(pauses.leftOf(one), minute);
      assert.equal(pauses.leftOf(other), 0, kind);
    }
  });

  it('is never longer than a quarter of an hour, and the longer of two', () => {
    const { pauses } = noted('busy', 1_000 * minute);
    pauses.note(new RemoteFailure('busy', { resource: other, retryAfterMs: minute }));
    assert.equal(pauses.leftOf(one), 15 * minute);
  });

  it('is over after a success, unless that began before it', async () => {
    const { clock, pauses } = noted('busy', minute);
    const before = clock.now().mono - 1;
    pauses.lift(other, before);
    assert.equal(pauses.leftOf(one), minute);
    await clock.pass(1_000);
    pauses.lift(other, clock.now().mono);
    assert.equal(pauses.leftOf(one), 0);
  });

  for (const who of ['a person’s save', 'a person’s look', 'a look of nobody', 'a wait’s save'] as const)
    it(`and ${who} meanwhile`, async () => {
      const screen = new Screen();
      const { ann } = screen;
      const { pauses, poller, saver, waits } = ann.core;
      const [resource] = screen.fill('folder', 1);
      pauses.note(new RemoteFailure('busy', { resource: file('folder'), retryAfterMs: 5 * minute }));
      await screen.clock.pass(1_000);
      if (who === 'a wait’s save') waits.arm(resource!);
      if (who.endsWith('save'))
        await saver.save(resource!, Buffer.from('mine'), { mustBeNew: false, mayReplaceUnseen: true });
      else await poller.ask([resource!], 0, who === 'a person’s look' ? 'byPerson' : 'insistent');
      assert.equal(pauses.leftOf(resource!) === 0, who.startsWith('a person'));
      ann.dispose();
    });

  it('is heard by whoever asked, and keeps the looks away that nobody waits for', async () => {
    const screen = new Screen();
    const { ann } = screen;
    const [first] = screen.fill('folder', 1);
    ann.client.fail('write', 'busy', { facts: { status: 503, retryAfterMs: 5 * minute } });
    await assert.rejects(
      ann.core.saver.save(first!, Buffer.from('mine'), { mustBeNew: false, mayReplaceUnseen: true }),
    );
    screen.asked();
    await ann.core.poller.ask([file('folder/0')], 0, 'patient');
    assert.equal(screen.asked(), '');
    await screen.clock.pass(5 * minute);
    await ann.core.poller.ask([file('folder/0')], 0, 'patient');
    assert.equal(screen.asked(), '1 stat');
  });
});
