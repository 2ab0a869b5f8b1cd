import assert from 'node:assert/strict';
import type { LockRequest } from '../../../../src/core/model/ports';
import type { HttpAnswer, HttpRequest } from '../../../../src/protocol/transport/http';
import { lockIdOf } from '../../../../src/protocol/webdav/reading/token';
import {
  activeLock,
  at,
  discovery,
  failureOf,
  found,
  granted,
  mono,
  multistatus,
  Stage,
  type Turn,
  wall,
} from './stage';

const file = at('/a.txt');
const lockRequest: LockRequest = { seconds: 600, owner: 'Ann (VS Code, on L7, id me)', mark: 'me' };
const token = 'urn:uuid:new';
const locked = (lock: Parameters<typeof activeLock>[0]) =>
  multistatus(found('/a.txt', discovery(activeLock(lock))));
const free = multistatus(found('/a.txt', discovery()));
const modDavFs = { dav: '1,2, <http://apache.org/dav/propset/fs/1>' };
const created = granted({ token }, { 'lock-token': `<${token}>` }, 201);

/** A server that may not check If-Match: it is looked at before the LOCK, and the file is there. */
class LookedAt extends Stage {
  #looked = false;

  constructor(...turns: Turn[]) {
    super(free, ...turns);
  }

  override send(request: HttpRequest): Promise<HttpAnswer> {
    const isLook = !this.#looked && request.method === 'PROPFIND';
    this.#looked = true;
    const answer = super.send(request);
    if (isLook) this.requests.pop();
    return answer;
  }
}

describe('LOCK', () => {
  it('goes by the recipe that every server understands', async () => {
    const stage = new LookedAt(granted({ token }, { 'lock-token': `<${token}>` }));
    await stage.server.locks.lock(file, { seconds: 600, owner: 'A & <B>' });
    assert.deepEqual(stage.asked, ['LOCK /a.txt']);
    assert.deepEqual(stage.requests[0]?.headers, {
      depth: '0',
      timeout: 'Second-600',
      'content-type': 'application/xml; charset=utf-8',
      'if-match': '*',
    });
    assert.match(String(stage.requests[0]?.body), /<D:owner>A &amp; &lt;B&gt;<\/D:owner>/);
  });

  it('gives a lease that counts from when it was asked for', async () => {
    const stage = new LookedAt(granted({ token, timeout: 'Second-60' }, { 'lock-token': `<${token}>` }));
    const lease = await stage.server.locks.lock(file, lockRequest);
    assert.equal(lease.token.reveal(), token);
    assert.deepEqual(
      { ...lease, token: undefined },
      {
        resource: file,
        token: undefined,
        id: lockIdOf(token),
        scope: 'exclusive',
        depth: 'self',
        expiry: { kind: 'at', at: { mono: mono + 60_000, wall: wall + 60_000 } },
        grantedMs: 60_000,
        since: { mono, wall },
      },
    );
  });

  it('reads the time granted as servers write it', async () => {
    const granting = async (timeout: string, headers: Record<string, string> = {}) => {
      const stage = new LookedAt(granted({ token, timeout }, { 'lock-token': token, ...headers }));
      const { expiry, grantedMs } = await stage.server.locks.lock(file, lockRequest);
      return [expiry.kind, grantedMs];
    };
    assert.deepEqual(await granting('Second-599.999'), ['at', 599_999]);
    assert.deepEqual(await granting('Infinite'), ['never', undefined]);
    assert.deepEqual(await granting('Second-600000'), ['at', 600_000]); // milliseconds by mistake
    assert.deepEqual(await granting('Second-0'), ['unknown', undefined]);
    assert.deepEqual(await granting('soon'), ['unknown', undefined]);
  });

  it('finds the token in a header with or without brackets, or else in the body', async () => {
    for (const answer of [
      granted({ token }, { 'lock-token': `<${token}>` }),
      granted({ token }, { 'lock-token': token }),
      granted({ token }),
    ]) {
      const stage = new LookedAt(answer, multistatus(found('/a.txt', discovery(activeLock({ token })))));
      assert.equal((await stage.server.locks.lock(file, lockRequest)).token.reveal(), token);
    }
  });

  it('is no success without a token that could be sent again', async () => {
    for (const answer of [
      { status: 200, body: '<html>Welcome</html>' },
      granted({}),
      granted({ token: 'x> (Not &lt;y' }),
      granted({ token: 'a\nb' }),
    ]) {
      const failure = await failureOf(new LookedAt(answer, free).server.locks.lock(file, lockRequest));
      assert.equal(failure.kind, 'badAnswer');
      assert.equal(failure.facts.maybeDone, true);
    }
  });

  it('keeps a lock whose answer broke off behind the header', async () => {
    const answer = {
      status: 200,
      headers: { 'lock-token': `<${token}>` },
      body: '<D:prop',
      breaks: 'interrupted',
    };
    const stage = new LookedAt(answer as never, locked({ token, timeout: 'Second-90' }));
    assert.equal((await stage.server.locks.lock(file, lockRequest)).grantedMs, 90_000);
    stage.done();
  });

  describe('that was done without saying so', () => {
    const mine = locked({ token, owner: lockRequest.owner, timeout: 'Second-10000' });
    const refreshed = granted({ token, timeout: 'Second-600' });
    const lost = ['interrupted', 'timeout', 'canceled'] as const;
    const unclear = [401, 423, 500, 502, 503, 504].map((status) => ({ status }));

    it('is found again, whatever was said instead', async () => {
      for (const said of [...lost, ...unclear]) {
        const stage = new LookedAt(said, mine, refreshed, mine);
        const lease = await stage.server.locks.lock(file, lockRequest);
        assert.equal(lease.token.reveal(), token);
        assert.deepEqual(stage.asked.slice(0, 3), ['LOCK /a.txt', 'PROPFIND /a.txt', 'LOCK /a.txt']);
        assert.equal(stage.header(2, 'if'), `(<${token}>)`);
        assert.equal(lease.grantedMs, 600_000, 'only the refresh tells when it ends');
        stage.done();
      }
    });

    it('is asked about before it is relied on where it could not be refreshed', async () => {
      for (const refused of ['interrupted', 'unreachable', { status: 503 }] as const) {
        const { expiry, grantedMs } = await new LookedAt({ status: 504 }, mine, refused).server.locks.lock(
          file,
          lockRequest,
        );
        assert.equal(grantedMs, 1_000);
        assert.deepEqual(expiry, { kind: 'at', at: { mono: mono + 1_000, wall: wall + 1_000 } });
      }
    });

    it('is not ours where the server does not let us refresh it', async () => {
      for (const status of [403, 412, 423]) {
        const stage = new LookedAt({ status: 423 }, mine, { status }, mine);
        assert.equal((await failureOf(stage.server.locks.lock(file, lockRequest))).kind, 'locked');
      }
    });

    it('is nobody else’s lock', async () => {
      for (const said of [...lost, ...unclear]) {
        const others = new LookedAt(said, locked({ token, owner: 'Bob (VS Code, on L7, id you)' }));
        const failure = await failureOf(others.server.locks.lock(file, lockRequest));
        assert.equal(failure.status, typeof said === 'string' ? undefined : said.status);
        assert.equal(failure.facts.ownerlessLock, undefined);
        others.done();
      }
      const tree = new LookedAt(
        { status: 423 },
        locked({ token, owner: lockRequest.owner, depth: 'infinity' }),
      );
      assert.equal((await failureOf(tree.server.locks.lock(file, lockRequest))).kind, 'locked');
      const above = new LookedAt({ status: 423 }, locked({ token, owner: lockRequest.owner, root: '/' }));
      assert.equal((await failureOf(above.server.locks.lock(file, lockRequest))).kind, 'locked');
    });

    it('is not one that we know to hold, nor is one looked for without a name of our own', async () => {
      const known = new LookedAt('interrupted', mine);
      known.owned.add(lockIdOf(token));
      assert.equal((await failureOf(known.server.locks.lock(file, lockRequest))).kind, 'interrupted');
      const nameless = new LookedAt('interrupted');
      assert.equal(
        (await failureOf(nameless.server.locks.lock(file, { seconds: 600, owner: 'Ann' }))).kind,
        'interrupted',
      );
    });

    it('is one of an earlier LOCK that was not answered, and of no other', async () => {
      const next = { seconds: 600, owner: 'Ann (VS Code, id next)', mark: 'next' };
      const copied = new LookedAt({ status: 423 }, mine);
      assert.equal((await failureOf(copied.server.locks.lock(file, next))).kind, 'locked');
      assert.deepEqual(copied.asked, ['LOCK /a.txt', 'PROPFIND /a.txt'], 'a copied owner text is not ours');
      const stage = new LookedAt({ status: 423 }, mine, refreshed, mine);
      stage.awaited.add('me');
      const lease = await stage.server.locks.lock(file, next);
      assert.deepEqual([lease.token.reveal(), lease.mark], [token, 'me']);
    });

    it('may be the one lock that names nobody', async () => {
      for (const said of [...lost, ...unclear]) {
        const failure = await failureOf(
          new LookedAt(said, locked({ token })).server.locks.lock(file, lockRequest),
        );
        assert.equal(failure.facts.ownerlessLock, lockIdOf(token));
        assert.equal(failure.facts.maybeDone ?? false, failure.kind !== 'locked');
      }
      const two = multistatus(
        found('/a.txt', discovery(activeLock({ token, scope: 'shared' }), activeLock({ token: 'urn:2' }))),
      );
      assert.equal(
        (await failureOf(new LookedAt('timeout', two).server.locks.lock(file, lockRequest))).facts
          .ownerlessLock,
        undefined,
      );
    });

    it('is not looked for after a plain no', async () => {
      for (const status of [400, 403, 404, 405]) {
        const stage = new LookedAt({ status });
        assert.equal((await failureOf(stage.server.locks.lock(file, lockRequest))).status, status);
      }
    });
  });

  it('is refused by another’s lock, of which the answer may tell the root', async () => {
    const body =
      '<?xml version="1.0"?><D:error xmlns:D="DAV:"><D:no-conflicting-lock><D:href>/d/</D:href>' +
      '</D:no-conflicting-lock></D:error>';
    const failure = await failureOf(
      new LookedAt({ status: 423, body }, free).server.locks.lock(file, lockRequest),
    );
    assert.equal(failure.kind, 'locked');
    assert.equal(failure.facts.condition, 'no-conflicting-lock');
    assert.deepEqual(failure.facts.roots, [at('/d')]);
  });

  it('is refused by a 207', async () => {
    const member = (href: string, status: string) =>
      `<D:response><D:href>${href}</D:href><D:status>HTTP/1.1 ${status}</D:status></D:response>`;
    const stage = new LookedAt(
      multistatus(member('/a.txt', '424 Failed Dependency'), member('/b', '423 Locked')),
      free,
    );
    const failure = await failureOf(stage.server.locks.lock(file, lockRequest));
    assert.equal(failure.kind, 'locked');
    assert.deepEqual(failure.facts.members, [{ resource: at('/b'), status: 423 }]);
    const propstat =
      '<D:response><D:href>/a.txt</D:href><D:propstat><D:prop><D:lockdiscovery/></D:prop>' +
      '<D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat></D:response>';
    assert.equal(
      (await failureOf(new LookedAt(multistatus(propstat)).server.locks.lock(file, lockRequest))).kind,
      'forbidden',
    );
  });

  it('is sent to no name that is free, where the server may make a file of it', async () => {
    const unknown = new Stage({ status: 404 });
    assert.equal((await failureOf(unknown.server.locks.lock(file, lockRequest))).kind, 'notFound');
    assert.deepEqual(unknown.asked, ['PROPFIND /a.txt']);
    const honored = new Stage({ status: 404, headers: modDavFs }, { status: 412 }, { status: 404 });
    await failureOf(honored.server.files.stat(file));
    assert.equal((await failureOf(honored.server.locks.lock(file, lockRequest))).kind, 'notFound');
    assert.deepEqual(honored.asked.slice(1), ['LOCK /a.txt', 'PROPFIND /a.txt']);
  });

  it('takes no file away that was there before, whatever "Created" was meant to say', async () => {
    const stage = new LookedAt(created);
    assert.equal((await stage.server.locks.lock(file, lockRequest)).id, lockIdOf(token));
    assert.deepEqual(stage.asked, ['LOCK /a.txt']);
  });

  it('takes a free name where the caller wants to make the file', async () => {
    const stage = new Stage(created);
    const lease = await stage.server.locks.lock(file, { ...lockRequest, mayCreate: true });
    assert.equal(lease.id, lockIdOf(token));
    assert.deepEqual(stage.asked, ['LOCK /a.txt']);
    assert.equal(stage.header(0, 'if-match'), undefined);
  });

  it('covers everything below a folder where that is asked for', async () => {
    const stage = new Stage(granted({ token, depth: 'infinity' }, { 'lock-token': `<${token}>` }));
    const lease = await stage.server.locks.lock(at('/d'), { ...lockRequest, depth: 'tree' });
    assert.equal(lease.depth, 'tree');
    assert.deepEqual(stage.asked, ['LOCK /d/']);
    assert.equal(stage.header(0, 'depth'), 'infinity');
  });

  it('asks without the condition where that is not understood', async () => {
    const stage = new LookedAt({ status: 412 }, free, granted({ token }, { 'lock-token': `<${token}>` }));
    assert.equal((await stage.server.locks.lock(file, lockRequest)).id, lockIdOf(token));
    assert.equal(stage.header(2, 'if-match'), undefined);
  });

  it('does not pass a shared lock off as an exclusive one', async () => {
    const answer = granted({ token, scope: 'shared' }, { 'lock-token': `<${token}>` });
    const stage = new LookedAt(answer, { status: 204 }, free);
    assert.equal((await failureOf(stage.server.locks.lock(file, lockRequest))).kind, 'unsupported');
    assert.equal(stage.asked[1], 'UNLOCK /a.txt');
  });

  it('leaves no lock behind when it is canceled on its way', async () => {
    const controller = new AbortController();
    const stage = new LookedAt(
      () => {
        controller.abort();
        return granted({ token }, { 'lock-token': `<${token}>` });
      },
      { status: 204 },
      free,
    );
    const failure = await failureOf(
      stage.server.locks.lock(file, lockRequest, { signal: controller.signal }),
    );
    assert.equal(failure.kind, 'canceled');
    assert.equal(stage.header(1, 'lock-token'), `<${token}>`);
    const early = await failureOf(
      new LookedAt().server.locks.lock(file, lockRequest, { signal: controller.signal }),
    );
    assert.equal(early.kind, 'canceled');
  });
});
