import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WindowStateStore } from '../../../src/storage/windowStateStore';

describe('What a workspace finds again', () => {
  let folder: string;
  const alive = new Set<string>();
  const problems: unknown[] = [];
  const begin = (window: string, workspaceKey = 'aa') => {
    alive.add(window);
    return new WindowStateStore({
      folder,
      workspaceKey,
      window,
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
    heir.clearInherited();
    sister.clearInherited();
    assert.deepEqual(readdirSync(folder), ['aa.2.json']);
  });

  it('overlooks what was cut off', () => {
    writeFileSync(join(folder, 'aa.1.json'), '{"value":');
    writeFileSync(join(folder, 'aa.2.json.half'), '{');
    assert.deepEqual(begin('3').inherited, []);
  });
});
