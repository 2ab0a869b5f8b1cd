import assert from 'node:assert/strict';
import { Exchanges, isWriteAttempt, type RecordedExchange } from '../../../../src/core/locks/exchanges';
import { serverOf } from '../../../../src/core/model/resource';
import { idOf, stamp } from '../../../support/builders/locks';

const file = idOf('docs/a.txt');
let clock = 0;

function exchange(method: string, status: number, more: Partial<RecordedExchange> = {}): RecordedExchange {
  return { method, resource: file, status, at: stamp((clock += 1)), ms: 1, sent: [], headers: {}, ...more };
}

describe('What servers have answered', () => {
  const statuses = (exchanges: Exchanges) =>
    exchanges.onServer(serverOf(file)).map(({ method, status }) => `${method} ${status}`);

  it('keeps a refused save, however many questions are refused after it', () => {
    const exchanges = new Exchanges();
    exchanges.record(exchange('PUT', 423));
    for (let other = 0; other < 500; other++)
      exchanges.record(exchange('PROPFIND', 404, { resource: idOf(`x/${other}`) }));
    assert.ok(statuses(exchanges).includes('PUT 423'));
  });

  it('keeps a refused save, however often another file is refused after it', () => {
    const exchanges = new Exchanges();
    exchanges.record(exchange('PUT', 423));
    for (let turn = 0; turn < 500; turn++)
      exchanges.record(exchange('PUT', 409, { resource: idOf('docs/b.txt') }));
    assert.ok(statuses(exchanges).includes('PUT 423'));
    assert.ok(statuses(exchanges).length < 50);
  });

  it('is given for each server alone, oldest first, with what came after it was asked for', () => {
    const exchanges = new Exchanges();
    const elsewhere = 'https://other.example/docs/a.txt' as typeof file;
    exchanges.record(exchange('GET', 200, { at: stamp(5_000) }));
    exchanges.record(exchange('PUT', 423, { at: stamp(4_000) }));
    exchanges.record(exchange('GET', 404, { resource: elsewhere }));
    assert.deepEqual(statuses(exchanges), ['PUT 423', 'GET 200']);
    exchanges.record(
      exchange('LOCK', 423, { at: stamp(4_500), resource: serverOf(file) as string as typeof file }),
    );
    assert.deepEqual(statuses(exchanges), ['PUT 423', 'LOCK 423', 'GET 200']);
    assert.equal(exchanges.onServer(serverOf(elsewhere)).length, 1);
  });

  it('has no challenge in it that the same request has answered', () => {
    const exchanges = new Exchanges();
    const told: RecordedExchange[] = [];
    exchanges.onDidRecord((one) => told.push(one));
    exchanges.record(exchange('PUT', 401, { repeated: true }));
    exchanges.record(exchange('PUT', 204, { signed: true }));
    assert.deepEqual(statuses(exchanges), ['PUT 204']);
    assert.equal(told.length, 1);
  });

  it('counts no refresh that went well for a try', () => {
    const refresh = { sent: ['if', 'timeout'] };
    assert.equal(isWriteAttempt(exchange('LOCK', 200, refresh)), false);
    assert.equal(isWriteAttempt(exchange('LOCK', 412, refresh)), true);
    assert.equal(isWriteAttempt(exchange('LOCK', 200)), true);
    assert.equal(isWriteAttempt(exchange('PROPFIND', 207)), false);
  });
});
