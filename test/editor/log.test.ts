// What the log says without being asked for more.
import assert from 'node:assert/strict';
import type { LogOutputChannel } from 'vscode';
import { RemoteFailure } from '../../src/core/model/failure';
import { Log } from '../../src/editor/log';
import { idOf } from '../support/builders/locks';

const resource = idOf('report.md');

function logging() {
  const lines: string[] = [];
  const note = (text: string) => void lines.push(text);
  const log = new Log({
    info: note,
    warn: note,
    error: note,
    debug: () => undefined,
  } as unknown as LogOutputChannel);
  return { log, lines };
}

describe('The log at its default level', () => {
  it('has a line for each refused write with the id of its request, and none for reads', () => {
    const { log, lines } = logging();
    log.exchange({ method: 'PROPFIND', resource, status: 404, ms: 3 });
    log.exchange({ method: 'PUT', resource, status: 401, ms: 3, repeated: true });
    log.exchange({ method: 'PUT', resource, status: 204, ms: 3 });
    log.exchange({ method: 'PUT', resource, status: 423, ms: 12.4, requestId: 'r-17' });
    log.exchange({ method: 'DELETE', resource, failure: 'unreachable ECONNREFUSED', ms: 1 });
    assert.deepEqual(lines, [
      `Refused: PUT ${resource} 423 12 ms request r-17`,
      `Refused: DELETE ${resource} unreachable ECONNREFUSED 1 ms`,
    ]);
  });

  it('has one line for a lock that is refused again and again, and another after it was granted', () => {
    const { log, lines } = logging();
    for (const status of [423, 423, 423, 200, 423]) log.exchange({ method: 'LOCK', resource, status, ms: 1 });
    assert.equal(lines.length, 2);
  });

  it('has no secret', () => {
    const { log, lines } = logging();
    const cause = new Error('Authorization: Basic YW5uOnB3');
    log.failure('Connecting', new RemoteFailure('refused', { resource, serverText: String(cause) }));
    log.warn('opaquelocktoken:f81d4fae-7dec-11d0-a765-00a0c91e6bf6 is no help');
    assert.equal(/YW5uOnB3|f81d4fae/.test(lines.join('\n')), false, lines.join('\n'));
  });
});
