import assert from 'node:assert/strict';
import { BlockedSaves } from '../../../../src/core/saving/blockedSaves';
import { RemoteFailure } from '../../../../src/core/model/failure';
import { blocksUs, lockView } from '../../../../src/core/model/lockView';
import {
  sameBytes,
  BaseVersions,
  startsWith,
  type BaseVersion,
} from '../../../../src/core/saving/baseVersions';
import { lock, stamp } from '../../../support/builders/locks';
import { bytesOf, file, textOf } from '../../../support/core/files';

const a = file('folder/a');
const base = (text: string): BaseVersion => ({ version: {}, bytes: bytesOf(text), certain: true });

describe('What the person has seen', () => {
  it('is what the document shows, and not what another program read since', () => {
    const baseVersions = new BaseVersions();
    baseVersions.setShown(a, base('shown'));
    baseVersions.read(a, base('read since'));
    assert.equal(textOf(baseVersions.of(a)?.bytes), 'shown');
    baseVersions.closed(a);
    assert.equal(textOf(baseVersions.of(a)?.bytes), 'read since');
  });

  it('keeps what is shown, and only the newest of what was only read', () => {
    const baseVersions = new BaseVersions();
    baseVersions.setShown(a, base('shown'));
    for (let index = 0; index < 200; index += 1) baseVersions.read(file(`${index}`), base(''));
    assert.deepEqual(baseVersions.readsOf(file('50')), []);
    assert.equal(baseVersions.readsOf(file('150')).length, 1);
    assert.equal([...baseVersions.all()].length, 1);
    baseVersions.forget(file('folder'));
    assert.equal(baseVersions.of(a), undefined);
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
    const blockedSaves = new BlockedSaves();
    const first = blockedSaves.keep(save('one', 1));
    const second = blockedSaves.keep(save('two', 2));
    assert.deepEqual([second.key, second.since], [first.key, stamp(1)]);
    assert.equal(blockedSaves.resourceOf(first.key), a);
    assert.equal(textOf(blockedSaves.of(a)?.bytes), 'two');
    assert.equal(blockedSaves.all().length, 1);
  });

  it('wait for nobody where there is no editor, and the message of the refusal still leads to the file', () => {
    const blockedSaves = new BlockedSaves();
    const ends: string[] = [];
    blockedSaves.onDidEnd(({ how }) => ends.push(how));
    const { key } = blockedSaves.keep(save('one', 1));
    blockedSaves.closeEditor(a);
    assert.deepEqual(blockedSaves.all(), []);
    assert.deepEqual(ends, ['closed']);
    assert.equal(blockedSaves.resourceOf(key), a);
    const kept = blockedSaves.keep(save('two', 2));
    void blockedSaves.landed(a, new Uint8Array());
    assert.equal(blockedSaves.resourceOf(kept.key), undefined);
  });

  describe('in an editor whose text cannot be read', () => {
    function given() {
      let isDirty = true;
      const blockedSaves = new BlockedSaves({
        isDirty: () => isDirty,
        holds: () => Promise.resolve(false),
        isAwaited: () => false,
      });
      const ends: string[] = [];
      blockedSaves.onDidEnd(({ how }) => ends.push(how));
      const cleaned = () => {
        isDirty = false;
        blockedSaves.discarded(a, 'reverted');
      };
      blockedSaves.keep(save('one', 1));
      return { blockedSaves, ends, cleaned };
    }

    it('stay when something else is written, and are not called discarded when that was perhaps their editor', async () => {
      const { blockedSaves, ends, cleaned } = given();
      await blockedSaves.landed(a, bytesOf('of a program, or newer'));
      assert.deepEqual([ends, blockedSaves.all().length], [[], 1]);
      cleaned();
      assert.deepEqual([ends, blockedSaves.all().length], [['overtaken'], 0]);
    });

    it('are discarded where nothing was written since', async () => {
      const { blockedSaves, ends, cleaned } = given();
      await blockedSaves.landed(a, bytesOf('of a program'));
      blockedSaves.keep(save('two', 2));
      cleaned();
      assert.deepEqual(ends, ['reverted']);
    });

    it('are saved when their own bytes are', async () => {
      const { blockedSaves, ends } = given();
      await blockedSaves.landed(a, bytesOf('one'));
      assert.deepEqual([ends, blockedSaves.all()], [['landed'], []]);
    });
  });

  it('tell how a text ended, also one that was never refused here', () => {
    const blockedSaves = new BlockedSaves();
    const ends: string[] = [];
    const changes: string[] = [];
    blockedSaves.onDidEnd(({ how }) => ends.push(how));
    blockedSaves.onDidChange((id) => changes.push(id));
    void blockedSaves.landed(a, bytesOf('text'));
    assert.deepEqual([ends, changes], [['landed'], []]);
    blockedSaves.keep(save('one', 1));
    blockedSaves.discarded(a, 'closed');
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
    lockView({ kind: 'locked', locks: locks.map((facts) => lock(facts)), at: stamp(1) }).state;

  it('is one of seven words', () => {
    assert.equal(words({ holder: { self: 'other' } }, { holder: { self: 'thisWindow' } }), 'mine');
    assert.equal(words({ holder: { self: 'elsewhere' } }), 'mineElsewhere');
    assert.equal(words({ scope: 'shared' }), 'shared');
    assert.equal(words({}), 'other');
    assert.equal(lockView({ kind: 'unlocked', proof: 'listed', at: stamp(1) }).state, 'free');
    assert.equal(lockView({ kind: 'unknown', why: 'auth' }).state, 'unknown');
    assert.equal(lockView({ kind: 'unknown', why: 'notAsked' }, 'broken').state, 'lost');
  });

  it('bars us unless it is ours, or lost and free', () => {
    const state = { kind: 'locked' as const, locks: [lock()], at: stamp(1) };
    assert.equal(blocksUs(lockView(state)), true);
    assert.equal(blocksUs(lockView(state, 'taken')), true);
    assert.equal(blocksUs(lockView({ kind: 'unknown', why: 'notAsked' }, 'broken')), false);
    assert.equal(blocksUs(lockView({ kind: 'unknown', why: 'notListed' })), false);
  });
});
