// What menus offer on a file: only what can work.
import assert from 'node:assert/strict';
import type { Lock } from '../../src/core/model/lock';
import { FileStatuses } from '../../src/editor/views/fileStatus';
import { offerNames, offersOn } from '../../src/editor/views/offers';
import { idOf, lock } from '../support/builders/locks';
import { statusSourcesByHand } from '../support/builders/statusSources';

describe('Menus offer', () => {
  const offered = (locks: readonly Lock[], more: (hands: ReturnType<typeof statusSourcesByHand>) => void) => {
    const hands = statusSourcesByHand();
    hands.list('a', locks);
    more(hands);
    const offers = offersOn(new FileStatuses(hands.sources).of(idOf('a')));
    return offerNames.filter((name) => offers[name]);
  };
  const edited = ({ setDirty }: ReturnType<typeof statusSourcesByHand>) => setDirty('a', true);
  const nothing = () => undefined;

  it('to lock what is free, and to release what is mine', () => {
    assert.deepEqual(offered([], nothing), ['lock']);
    assert.deepEqual(offered([lock({ holder: { self: 'thisWindow' } })], edited), ['release']);
  });

  it('to ask, to wait and to break where somebody else holds the lock, and never to lock', () => {
    assert.deepEqual(offered([lock()], nothing), ['blocking', 'ask', 'break']);
    assert.deepEqual(offered([lock()], edited), ['blocking', 'wait', 'ask', 'break']);
  });

  it('no wait to what waits already', () => {
    const waiting = offered([lock()], (hands) => {
      edited(hands);
      hands.beginWait(idOf('a'));
    });
    assert.deepEqual(waiting, ['blocking', 'ask', 'break']);
  });

  it('to ask nobody who is not known, and to break nothing without a token', () => {
    const { scope, depth, holder, expiry } = lock({ holder: { name: '' } });
    assert.deepEqual(offered([{ source: 'listing', scope, depth, holder, expiry }], nothing), ['blocking']);
  });

  it('no lock that a folder has to be released of', () => {
    const root = idOf('folder');
    assert.deepEqual(offered([lock({ depth: 'tree', root, holder: { self: 'thisWindow' } })], nothing), []);
  });
});
