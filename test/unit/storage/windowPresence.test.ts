import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WindowPresence } from '../../../src/storage/windowPresence';

describe('The life of our windows', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  const problems: unknown[] = [];
  const born = (window: string) => new WindowPresence(folder, window, (error) => problems.push(error));
  const write = (window: string, mark: unknown) => writeFileSync(join(folder, window), JSON.stringify(mark));

  /** A window in a process of its own: its mark is this one's with another number and beginning. */
  async function otherProcess(): Promise<number> {
    child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => 0, 1000)']);
    if (child.stdout) await once(child.stdout, 'data');
    return child.pid ?? 0;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'alive-'));
    problems.length = 0;
  });
  afterEach(() => {
    child?.kill();
    child = undefined;
    rmSync(folder, { recursive: true });
    assert.deepEqual(problems, []);
  });

  it('knows itself, and is gone for others when it has ended', () => {
    const one = born('a1');
    assert.equal(one.isClosed('a1'), false);
    assert.deepEqual(readdirSync(folder), ['a1']);
    one.end();
    assert.deepEqual(readdirSync(folder), []);
    assert.equal(born('b2').isClosed('a1'), true);
  });

  it('sees a window in another process until that is gone', async () => {
    const pid = await otherProcess();
    write('a1', { host: hostname(), pid });
    const two = born('b2');
    assert.equal(two.isClosed('a1'), false);
    child?.kill('SIGKILL');
    if (child) await once(child, 'exit');
    assert.equal(two.isClosed('a1'), true);
    born('c3');
    assert.ok(!readdirSync(folder).includes('a1'), 'its file is cleared away');
  });

  it('tells a process from a later one with its number', async () => {
    write('a1', { host: hostname(), pid: process.pid });
    assert.equal(born('b2').isClosed('a1'), true, 'our own number was given anew');
    const own = JSON.parse(readFileSync(join(folder, 'b2'), 'utf8')) as { started?: string };
    if (own.started === undefined) return;
    const pid = await otherProcess();
    write('c3', { host: hostname(), pid, started: '1' });
    assert.equal(born('d4').isClosed('c3'), true);
  });

  it('counts as gone what cannot be seen, and clears away only its own computer’s', () => {
    writeFileSync(join(folder, 'a1'), '{"host":');
    write('c3', { host: 'elsewhere', pid: 1 });
    const two = born('b2');
    assert.deepEqual(
      ['a1', 'c3', 'd4', '../a1'].map((window) => two.isClosed(window)),
      [true, true, true, true],
    );
    assert.ok(readdirSync(folder).includes('c3'));
  });
});
