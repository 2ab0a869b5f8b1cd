import assert from 'node:assert/strict';
import { resourceId } from '../../../../src/core/model/resource';
import type { FailureKind } from '../../../../src/core/model/failure';
import { kindOfStatus, statusFailure } from '../../../../src/protocol/transport/failures/statusKinds';

const resource = resourceId('https://dav.example/a');
const rows: readonly (readonly [number, FailureKind])[] = [
  [200, 'badAnswer'],
  [207, 'badAnswer'],
  [301, 'redirected'],
  [308, 'redirected'],
  [400, 'refused'],
  [401, 'signInNeeded'],
  [402, 'refused'],
  [403, 'forbidden'],
  [404, 'notFound'],
  [405, 'unsupported'],
  [406, 'refused'],
  [407, 'unreachable'],
  [408, 'timeout'],
  [409, 'conflict'],
  [410, 'notFound'],
  [411, 'refused'],
  [412, 'preconditionFailed'],
  [413, 'quota'],
  [414, 'refused'],
  [415, 'refused'],
  [422, 'refused'],
  [423, 'locked'],
  [424, 'conflict'],
  [428, 'refused'],
  [429, 'busy'],
  [431, 'refused'],
  [451, 'forbidden'],
  [499, 'refused'],
  [500, 'serverFault'],
  [501, 'unsupported'],
  [502, 'serverFault'],
  [503, 'busy'],
  [504, 'serverFault'],
  [507, 'quota'],
  [508, 'serverFault'],
  [599, 'serverFault'],
  [600, 'badAnswer'],
];

describe('the meaning of a status', () => {
  for (const [status, kind] of rows) {
    it(`${status} is ${kind}`, () => {
      assert.equal(kindOfStatus(status), kind);
      const failure = statusFailure({ status, headers: {} }, { method: 'LOCK', resource });
      assert.equal(failure.kind, kind);
      assert.equal(failure.status, status);
      assert.equal(failure.resource, resource);
      assert.equal(failure.facts.method, 'LOCK');
    });
  }

  it('carries what the headers and the caller know', () => {
    const headers = { 'retry-after': '7', 'x-request-id': 'abc' };
    const failure = statusFailure({ status: 423, headers }, { method: 'PUT', resource }, { condition: 'x' });
    assert.equal(failure.kind, 'locked');
    assert.equal(failure.facts.retryAfterMs, 7000);
    assert.equal(failure.facts.requestId, 'abc');
    assert.equal(failure.facts.condition, 'x');
  });

  it('takes a server fault that says when to come again for a busy server', () => {
    const headers = { 'retry-after': '1' };
    assert.equal(statusFailure({ status: 500, headers }, { method: 'GET', resource }).kind, 'busy');
  });

  it('leaves in doubt what a gateway lost, unless it only asked', () => {
    const maybe = (status: number, method: string) =>
      statusFailure({ status, headers: {} }, { method, resource }).facts.maybeDone ?? false;
    assert.deepEqual(
      [maybe(502, 'PUT'), maybe(504, 'LOCK'), maybe(504, 'PROPFIND'), maybe(500, 'PUT'), maybe(423, 'PUT')],
      [true, true, false, false, false],
    );
  });
});
