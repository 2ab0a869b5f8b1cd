import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { GivenUp, Watch } from '../../../../src/protocol/transport/sending/watch';

const givenUp = (kind: string, code: string) => (error: unknown) =>
  error instanceof GivenUp && error.kind === kind && error.code === code;

describe('a watch', () => {
  it('gives up when its time is over, which may start anew', async () => {
    const watch = new Watch(undefined);
    const other = new Watch(undefined);
    watch.allow(5, 'A');
    watch.allow(30, 'B');
    other.allow(15, 'C');
    const promise = watch.orGivenUp(new Promise(() => undefined));
    await once(other, 'abort');
    assert.equal(watch.aborted, false);
    await assert.rejects(promise, givenUp('timeout', 'B'));
  });

  it('gives up with its caller, before and after', async () => {
    const controller = new AbortController();
    const early = new Watch(controller.signal);
    const promise = early.orGivenUp(new Promise(() => undefined));
    controller.abort();
    await assert.rejects(promise, givenUp('canceled', 'ABORTED'));
    const late = new Watch(controller.signal);
    await assert.rejects(late.orGivenUp(new Promise(() => undefined)), givenUp('canceled', 'ABORTED'));
  });

  it('passes on what a promise comes to, and lets go of it', async () => {
    const watch = new Watch(undefined);
    assert.equal(await watch.orGivenUp(Promise.resolve(1)), 1);
    await assert.rejects(watch.orGivenUp(Promise.reject(new Error('x'))), /x/);
    assert.equal(watch.listenerCount('abort'), 0);
  });

  it('has one reason only', () => {
    const watch = new Watch(undefined);
    watch.giveUp(new GivenUp('timeout', 'A'));
    watch.giveUp(new GivenUp('canceled', 'B'));
    assert.equal(watch.reason?.code, 'A');
  });

  it('does nothing once it has ended', async () => {
    const controller = new AbortController();
    const ended = new Watch(controller.signal);
    ended.allow(1, 'A');
    ended.end();
    ended.allow(1, 'B');
    controller.abort();
    const other = new Watch(undefined);
    other.allow(10, 'C');
    await once(other, 'abort');
    assert.equal(ended.aborted, false);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  });
});
