import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { markOf } from '../../../src/storage/processMark';
import { WindowPresence } from '../../../src/storage/windowPresence';
import { FakeClock } from '../../support/core/fakeClock';

describe('The life of our windows', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  let clock: FakeClock;
  const problems: unknown[] = [];
  const born = (window: string) =>
    new WindowPresence({
      folder,
      window,
      self: markOf(process.pid),
      clock,
      onProblem: (error) => problems.push(error),
    });
  const write = (window: string, mark: unknown) => writeFileSync(join(folder, window), JSON.stringify(mark));

  /** A window in a process of its own: its mark is this one's with another number and beginning. */
  async function otherProcess(): Promise<number> {
    child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => 0, 1000)']);
    if (child.stdout) await once(child.stdout, 'data');
    return child.pid ?? 0;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'alive-'));
    clock = new FakeClock();
    clock.wallOffset = Date.now() - clock.now().mono;
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
    clock.wallOffset += 31 * 60_000;
    const two = born('b2');
    assert.deepEqual(
      ['a1', 'c3', 'd4', '../a1'].map((window) => two.isClosed(window)),
      [true, true, true, true],
    );
    assert.ok(readdirSync(folder).includes('c3'));
  });

  it('judges a window on another computer with the same home by its silence alone', async () => {
    const onProblem = (error: unknown) => problems.push(error);
    const on = (host: string, window: string) =>
      new WindowPresence({ folder, window, self: { ...markOf(process.pid), host }, clock, onProblem });
    const laptop = on('laptop', 'a1');
    const desk = on('desk', 'b2');
    assert.equal(desk.isClosed('a1'), false);
    await clock.pass(8 * 3_600_000);
    assert.equal(desk.isClosed('a1'), false, 'it renews its file');
    assert.equal(laptop.isClosed('b2'), false);
    const last = new Date(clock.now().wall - 31 * 60_000);
    utimesSync(join(folder, 'a1'), last, last);
    assert.equal(desk.isClosed('a1'), true);
    // The lease store's own file is as good a sign.
    const sign = { mark: { host: 'laptop', pid: 1 }, writtenAt: clock.now().wall };
    assert.equal(desk.isClosed('a1', sign), false);
    laptop.end();
    desk.end();
    assert.equal(clock.pending, 0);
    assert.deepEqual(readdirSync(folder), []);
  });
});
