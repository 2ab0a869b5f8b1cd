import assert from 'node:assert/strict';
import { resourceId, serverOf } from '../../../../src/core/model/resource';
import { Reachability } from '../../../../src/editor/connection/reachability';

const resource = resourceId('https://dav.example.org/a');
const server = serverOf(resource);

describe('Whether a server can be reached', () => {
  it('changes with the first request without an answer and with the next answer of any kind', () => {
    const reachability = new Reachability();
    let changes = 0;
    reachability.onDidChange(() => (changes += 1));
    reachability.note({ resource, status: 200 });
    assert.equal(changes, 0);
    for (let times = 0; times < 3; times++)
      reachability.note({ resource, failure: 'unreachable ECONNREFUSED' });
    assert.equal(changes, 1);
    assert.equal(reachability.whySilent(server), 'unreachable ECONNREFUSED');
    reachability.note({ resource, status: 503 });
    assert.equal(changes, 2);
    assert.equal(reachability.whySilent(server), undefined);
  });

  it('is not told by a request that we ended ourselves', () => {
    const reachability = new Reachability();
    reachability.note({ resource, failure: 'canceled FAILED' });
    assert.equal(reachability.whySilent(server), undefined);
  });

  it('is told by connections that break one after the other, not by one between answers', () => {
    const reachability = new Reachability();
    const broken = { resource, failure: 'interrupted ECONNRESET' };
    for (const exchange of [broken, { resource, status: 207 }, broken]) reachability.note(exchange);
    assert.equal(reachability.whySilent(server), undefined);
    reachability.note(broken);
    assert.equal(reachability.whySilent(server), 'interrupted ECONNRESET');
    reachability.note({ resource, status: 207 });
    assert.equal(reachability.whySilent(server), undefined);
  });
});
