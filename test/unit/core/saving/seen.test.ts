import assert from 'node:assert/strict';
import { BlockedSaves } from '../../../../src/core/saving/blockedSaves';
import { RemoteFailure } from '../../../../src/core/model/failure';
import { barsUs, lockView } from '../../../../src/core/model/lockView';
import { sameBytes, SeenVersions, startsWith, type Base } from '../../../../src/core/saving/seenVersions';
import { lock, stamp } from '../../../support/builders/locks';
import { bytesOf, file, textOf } from '../../../support/core/files';

const a = file('folder/a');
const base = (text: string): Base => ({ version: {}, bytes: bytesOf(text), certain: true });

describe('What the person has seen', () => {
  it('is what the document shows, and not what another program read since', () => {
    const seen = new SeenVersions();
    seen.saw(a, base('shown'));
    seen.read(a, base('read since'));
    assert.equal(textOf(seen.of(a)?.bytes), 'shown');
    seen.closed(a);
    assert.equal(textOf(seen.of(a)?.bytes), 'read since');
  });

  it('keeps what is shown, and only the newest of what was only read', () => {
    const seen = new SeenVersions();
    seen.saw(a, base('shown'));
    for (let index = 0; index < 200; index += 1) seen.read(file(`${index}`), base(''));
    assert.deepEqual(seen.readsOf(file('50')), []);
    assert.equal(seen.readsOf(file('150')).length, 1);
    assert.equal([...seen.all()].length, 1);
    seen.forget(file('folder'));
    assert.equal(seen.of(a), undefined);
  });

  it('compares bytes', () => {
    const [text, start] = [bytesOf('text'), bytesOf('te')];
    assert.equal(sameBytes(text, bytesOf('text')), true);
    assert.equal(sameBytes(text, bytesOf('tex!')), false);
    assert.equal(startsWith(text, start), true);
    assert.equal(startsWith(text, new Uint8Array()), true);
    assert.equal(startsWith(text, text), false);
    assert.equal(startsWith(start, text), false);
  });
});

describe('Blocked saves', () => {
  const save = (text: string, mono: number) => ({
    resource: a,
    bytes: bytesOf(text),
    base: undefined,
    since: stamp(mono),
    failure: new RemoteFailure('locked', { resource: a }),
  });

  it('are the newest text of each file, with the time and key of the first refusal', () => {
    const blocked = new BlockedSaves();
    const first = blocked.keep(save('one', 1));
    const second = blocked.keep(save('two', 2));
    assert.deepEqual([second.key, second.since], [first.key, stamp(1)]);
    assert.equal(blocked.resourceOf(first.key), a);
    assert.equal(textOf(blocked.of(a)?.bytes), 'two');
    assert.equal(blocked.all().length, 1);
  });

  it('wait for nobody where there is no editor, and the message of the refusal still leads to the file', () => {
    const blocked = new BlockedSaves();
    const ends: string[] = [];
    blocked.onDidEnd(({ how }) => ends.push(how));
    const { key } = blocked.keep(save('one', 1));
    blocked.setAside(a);
    assert.deepEqual(blocked.all(), []);
    assert.deepEqual(ends, ['closed']);
    assert.equal(blocked.resourceOf(key), a);
    const kept = blocked.keep(save('two', 2));
    blocked.landed(a, new Uint8Array());
    assert.equal(blocked.resourceOf(kept.key), undefined);
  });

  it('tell how a text ended, also one that was never refused here', () => {
    const blocked = new BlockedSaves();
    const ends: string[] = [];
    const changes: string[] = [];
    blocked.onDidEnd(({ how }) => ends.push(how));
    blocked.onDidChange((id) => changes.push(id));
    blocked.landed(a, bytesOf('text'));
    assert.deepEqual([ends, changes], [['landed'], []]);
    blocked.keep(save('one', 1));
    blocked.givenUp(a, 'closed');
    assert.deepEqual(
      [ends, changes],
      [
        ['landed', 'closed'],
        [a, a],
      ],
    );
  });
});

describe('What a lock is to a person', () => {
  const words = (...locks: Parameters<typeof lock>[0][]) =>
    lockView({ kind: 'locked', locks: locks.map((facts) => lock(facts)), at: stamp(1) }).word;

  it('is one of seven words', () => {
    assert.equal(words({ holder: { self: 'other' } }, { holder: { self: 'thisWindow' } }), 'mine');
    assert.equal(words({ holder: { self: 'elsewhere' } }), 'mineElsewhere');
    assert.equal(words({ scope: 'shared' }), 'shared');
    assert.equal(words({}), 'other');
    assert.equal(lockView({ kind: 'unlocked', proof: 'listed', at: stamp(1) }).word, 'free');
    assert.equal(lockView({ kind: 'unknown', why: 'auth' }).word, 'unknown');
    assert.equal(lockView({ kind: 'unknown', why: 'notAsked' }, 'broken').word, 'lost');
  });

  it('bars us unless it is ours, or lost and free', () => {
    const state = { kind: 'locked' as const, locks: [lock()], at: stamp(1) };
    assert.equal(barsUs(lockView(state)), true);
    assert.equal(barsUs(lockView(state, 'taken')), true);
    assert.equal(barsUs(lockView({ kind: 'unknown', why: 'notAsked' }, 'broken')), false);
    assert.equal(barsUs(lockView({ kind: 'unknown', why: 'notListed' })), false);
  });
});
