import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WindowStateStore } from '../../../src/storage/windowStateStore';
import { FakeClock } from '../../support/core/fakeClock';

describe('What a workspace finds again', () => {
  let folder: string;
  const alive = new Set<string>();
  const clock = new FakeClock();
  const problems: unknown[] = [];
  const begin = (window: string, workspaceKey = 'aa') => {
    alive.add(window);
    return new WindowStateStore({
      folder,
      workspaceKey,
      window,
      clock,
      isClosed: (other) => !alive.has(other),
      onProblem: (error) => problems.push(error),
    });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'places-'));
    alive.clear();
    problems.length = 0;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    assert.deepEqual(problems, []);
  });

  it('is what its window left, and no other workspace’s', async () => {
    await begin('1').keep('of one');
    alive.delete('1');
    assert.deepEqual(begin('2').inherited, ['of one']);
    assert.deepEqual(begin('3', 'bb').inherited, []);
  });

  it('is not what a window keeps that is still there', async () => {
    const one = begin('1');
    await one.keep('of one');
    const two = begin('2');
    assert.deepEqual(two.inherited, []);
    await Promise.all([two.keep('of two'), one.keep('of one, later')]);
    alive.clear();
    assert.deepEqual([...begin('3').inherited].sort(), ['of one, later', 'of two']);
  });

  it('goes to every window that begins at once, and is what the heir made of it after that', async () => {
    await begin('1').keep('of one');
    alive.clear();
    const heir = begin('2');
    await heir.keep('what is left of it');
    const sister = begin('3');
    assert.deepEqual([heir.inherited, sister.inherited], [['of one'], ['of one']]);
    alive.clear();
    assert.deepEqual(begin('4').inherited, ['what is left of it']);
  });

  it('is cleared away when nobody needs it any more', async () => {
    await begin('1').keep('of one');
    alive.clear();
    const heir = begin('2');
    const sister = begin('3');
    await heir.keep('own');
    await heir.clearInherited();
    await sister.clearInherited();
    assert.deepEqual(readdirSync(folder), ['aa.2.json']);
  });

  it('is found beside a file that cannot be read, which is told', async () => {
    await begin('2').keep('of two');
    alive.clear();
    mkdirSync(join(folder, 'aa.1.json'));
    assert.deepEqual(begin('3').inherited, ['of two']);
    assert.equal(problems.splice(0).length, 1);
  });

  it('is written whole, and what a crash left half written is cleared away', async () => {
    clock.wallOffset = Date.now() - clock.now().mono;
    const half = join(folder, 'aa.1.json-00.half');
    writeFileSync(half, '{');
    const heir = begin('3');
    await heir.clearInherited();
    assert.deepEqual(readdirSync(folder), ['aa.1.json-00.half'], 'somebody may still write it');
    clock.wallOffset += 2 * 3_600_000;
    await heir.clearInherited();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('overlooks what was cut off', () => {
    writeFileSync(join(folder, 'aa.1.json'), '{"value":');
    writeFileSync(join(folder, 'aa.2.json.half'), '{');
    assert.deepEqual(begin('3').inherited, []);
  });
});
