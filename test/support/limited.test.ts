import assert from 'node:assert/strict';
import { limited } from './limited';

/** A task that runs until it is told to end. */
function task(log: string[], name: string) {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async (): Promise<string> => {
    log.push(name);
    await ended;
    return name;
  };
  return { run, end };
}

describe('Tasks side by side', () => {
  it('are never more than there are places, and start in their order', async () => {
    const log: string[] = [];
    const inTurn = limited(2);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(log, name));
    const results = tasks.map(({ run }) => inTurn(run));
    await Promise.resolve();
    assert.deepEqual(log, ['a', 'b']);
    tasks[1]?.end();
    await results[1];
    assert.deepEqual(log, ['a', 'b', 'c']);
    for (const { end } of tasks) end();
    assert.deepEqual(await Promise.all(results), ['a', 'b', 'c', 'd']);
  });

  it('can want many places, but not more than there are', async () => {
    const log: string[] = [];
    const inTurn = limited(2);
    const tasks = ['a', 'all', 'b'].map((name) => task(log, name));
    const results = tasks.map(({ run }, at) => inTurn(run, at === 1 ? 9 : 1));
    tasks[0]?.end();
    await results[0];
    assert.deepEqual(log, ['a', 'all']);
    tasks[1]?.end();
    await results[1];
    assert.deepEqual(log, ['a', 'all', 'b']);
    tasks[2]?.end();
    await results[2];
  });

  it('give their place back when they fail', async () => {
    const inTurn = limited(1);
    await assert.rejects(inTurn(() => Promise.reject(new Error('no'))));
    assert.equal(await inTurn(() => Promise.resolve('yes')), 'yes');
  });
});
