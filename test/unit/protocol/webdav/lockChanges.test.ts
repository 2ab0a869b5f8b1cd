import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createWebdavServer } from '../../../../src/protocol/webdav/server';
import { LockChanges } from '../../../../src/protocol/webdav/lockChanges';
import type { HttpAnswer, HttpRequest } from '../../../../src/protocol/transport/http';
import { at, leaseOn, mono, Stage, wall } from './stage';

const apache = { dav: '1,2,<http://apache.org/dav/propset/fs/1>' };

/** Answers a request when the test says so. */
class Slow {
  readonly sent: HttpRequest[] = [];
  private readonly waiting: (() => void)[] = [];
  readonly server = createWebdavServer({
    transport: { answersTwice: false, send: (request) => this.take(request), close: () => Promise.resolve() },
    now: () => ({ mono, wall }),
    identity: { ownsLock: () => false, isMyAccount: () => false, heldOn: () => undefined },
  });

  get methods(): string {
    return this.sent.map(({ method }) => method).join(' ');
  }

  async answer(): Promise<void> {
    this.waiting.shift()?.();
    await turn();
  }

  private async take(request: HttpRequest): Promise<HttpAnswer> {
    this.sent.push(request);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return new Stage({ status: 204, headers: apache }).send(request);
  }
}

describe('Changes of locks on one server', () => {
  const a = leaseOn(at('/a.txt'));
  const b = leaseOn(at('/b.txt'));

  it('are sent one after the other, each when the one before is answered', async () => {
    const { server, ...slow } = stageOf();
    const both = Promise.all([server.locks.release(a), server.locks.refresh(b, 600).catch(() => undefined)]);
    await turn();
    assert.equal(slow.methods(), 'UNLOCK');
    await slow.answer();
    assert.equal(slow.methods(), 'UNLOCK LOCK');
    await slow.untilOver(both);
  });

  it('include what ends a lock together with its file', async () => {
    const { server, ...slow } = stageOf();
    const file = { resource: a.resource, kind: 'file' } as const;
    const all = Promise.allSettled([
      server.files.remove(file, { leases: [a] }),
      server.files.move(
        { resource: b.resource, kind: 'file' },
        { resource: at('/c.txt'), overwrite: false },
        { leases: [b] },
      ),
      server.locks.release(b),
    ]);
    await turn();
    assert.equal(slow.methods(), 'DELETE');
    await slow.answer();
    assert.equal(slow.methods(), 'DELETE MOVE');
    await slow.untilOver(all);
    assert.equal(slow.methods().slice(0, 18), 'DELETE MOVE UNLOCK');
  });

  it('hold up nothing else', async () => {
    const { server, ...slow } = stageOf();
    const file = { resource: b.resource, kind: 'file' } as const;
    const all = Promise.allSettled([
      server.locks.release(a),
      server.files.read(b.resource),
      server.files.remove(file, { leases: [] }),
    ]);
    await turn();
    assert.deepEqual(slow.methods().split(' ').sort(), ['DELETE', 'GET', 'UNLOCK']);
    await slow.untilOver(all);
  });

  it('go on after one that failed, and after one that gets no answer for long', async () => {
    const changes = new LockChanges(1);
    await assert.rejects(changes.inTurn(() => Promise.reject(new Error('lost'))));
    void changes.inTurn(() => new Promise(() => undefined));
    assert.equal(await changes.inTurn(() => Promise.resolve('sent')), 'sent');
  });
});

function stageOf() {
  const slow = new Slow();
  const untilOver = async (all: Promise<unknown>) => {
    let isOver = false;
    const over = () => void (isOver = true);
    void all.then(over, over);
    while (!isOver) await slow.answer();
  };
  return { server: slow.server, methods: () => slow.methods, answer: () => slow.answer(), untilOver };
}
