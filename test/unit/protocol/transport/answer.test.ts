import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { RemoteFailure } from '../../../../src/core/model/failure';
import { resourceId } from '../../../../src/core/model/resource';
import { Answer } from '../../../../src/protocol/transport/answer';
import { Watch } from '../../../../src/protocol/transport/sending/watch';

class Stopwatch extends Watch {
  readonly allowed: string[] = [];

  constructor() {
    super(undefined);
  }

  override allow(ms: number, code: string): void {
    this.allowed.push(`${code} ${ms}`);
  }
}

function answerOf(body: Readable, watch: Watch, method = 'GET', now = () => 0): Answer {
  return new Answer({
    method,
    status: 200,
    headers: {},
    sentAt: 0,
    body,
    watch,
    bodyMs: 7,
    now,
    accepts: [],
    maxBytes: 1e9,
    readRefusal: () => ({ info: { shape: 'none', from: 'unknown', codes: [] } }),
    failure: (cause) => new RemoteFailure('interrupted', { resource: resourceId('http://a/b'), cause }),
  });
}

/** How often a body of such chunks is allowed its time. */
async function allowances(
  chunks: readonly number[],
  method = 'GET',
  now = () => 0,
): Promise<readonly string[]> {
  const watch = new Stopwatch();
  const body = Readable.from(chunks.map((length) => Buffer.alloc(length)));
  const answer = answerOf(body, watch, method, now);
  assert.deepEqual(watch.allowed, []);
  answer.handOver();
  await answer.bytes();
  return watch.allowed;
}

describe('the time for a body', () => {
  it('starts when the answer is handed over', async () => {
    assert.deepEqual(await allowances([10]), ['BODY 7']);
  });

  it('starts anew with every 64 KiB, and with nothing less', async () => {
    assert.equal((await allowances([65_536, 65_536])).length, 3);
    assert.equal((await allowances([40_000, 40_000, 40_000])).length, 2);
    assert.equal((await allowances(Array<number>(100).fill(600))).length, 1);
  });

  it('comes to its end for what drips, and for a file only where it comes too slowly', async () => {
    const ticking = (ms: number) => {
      let time = 1_000;
      return () => (time += ms);
    };
    const five = Array<number>(5).fill(65_536);
    assert.deepEqual(await allowances(five, 'PROPFIND', ticking(5)), [
      'BODY 7',
      'BODY 7',
      'BODY 6',
      'BODY 1',
      'BODY 0',
      'BODY 0',
    ]);
    assert.deepEqual(await allowances(five, 'GET', ticking(5)), Array<string>(6).fill('BODY 7'));
    assert.equal((await allowances(five, 'GET', ticking(20_000))).at(-1), 'BODY 0');
  });
});

describe('a body that nobody wants', () => {
  it('is read up to 64 KiB', async () => {
    let read = 0;
    const endless = function* () {
      for (; read < 1000; read++) yield Buffer.alloc(10_000);
    };
    const body = Readable.from(endless(), { highWaterMark: 1 });
    await answerOf(body, new Stopwatch()).discard();
    assert(read < 20, `${read} chunks`);
  });
});
