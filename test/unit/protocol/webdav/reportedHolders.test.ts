// Holders that a server tells beside its locks. The answers are those of mod_dav_svn 1.14.2, shortened.
import assert from 'node:assert/strict';
import { activeLock, at, discovery, found, multistatus, Stage, type Scripted } from './stage';

const one = 'opaquelocktoken:1';
const two = 'opaquelocktoken:2';
const folder = found('/repo/d/', '<D:resourcetype><D:collection/></D:resourcetype>');
const twoLocks: Scripted = {
  ...multistatus(
    folder,
    found('/repo/d/a.txt', discovery(activeLock({ token: one, owner: 'do not change this please' }))),
    found('/repo/d/b.txt', discovery(activeLock({ token: two, owner: 'Ann Lee' }))),
  ),
  // About the lock that was listed last.
  headers: { 'x-svn-lock-owner': 'bob', 'x-svn-creation-date': '2026-11-22T09:00:00.000000Z' },
};

function report(...locks: string[]): Scripted {
  const body = `<S:get-locks-report xmlns:S="svn:" xmlns:D="DAV:">${locks.join('')}</S:get-locks-report>`;
  return { status: 200, headers: { 'content-type': 'text/xml; charset="utf-8"' }, body };
}

function reported(path: string, token: string, owner: string): string {
  return (
    `<S:lock><S:path>${path}</S:path><S:token>${token}</S:token>` +
    `<S:creationdate>2026-11-22T09:00:00.000000Z</S:creationdate><S:owner >${owner}</S:owner>` +
    '<S:comment >a comment</S:comment></S:lock>'
  );
}

async function holders(stage: Stage): Promise<readonly (string | undefined)[]> {
  const { members } = await stage.server.files.list(at('/repo/d'));
  return members.map(({ listing }) => listing.locks[0]?.holder.name);
}

describe('The holders of locks in a repository', () => {
  it('come from one report, and each only once', async () => {
    const answer = report(reported('/d/a.txt', one, 'ann'), reported('/d/b.txt', two, 'bob'));
    const stage = new Stage(twoLocks, answer, twoLocks);
    assert.deepEqual(await holders(stage), ['ann', 'bob']);
    assert.deepEqual(await holders(stage), ['ann', 'bob']);
    assert.deepEqual(stage.asked, ['PROPFIND /repo/d/', 'REPORT /repo/d/', 'PROPFIND /repo/d/']);
  });

  it('are asked for at the root of the repository, once a report has shown where that is', async () => {
    const three = found('/repo/d/c.txt', discovery(activeLock({ token: 'opaquelocktoken:3' })));
    const more = {
      ...twoLocks,
      body: String(twoLocks.body).replace('</D:multistatus>', `${three}</D:multistatus>`),
    };
    const first = report(reported('/d/a.txt', one, 'ann'), reported('/d/b.txt', two, 'bob'));
    const second = report(reported('/d/c.txt', 'opaquelocktoken:3', 'cem'));
    const stage = new Stage(twoLocks, first, more, second);
    await holders(stage);
    assert.deepEqual(await holders(stage), ['ann', 'bob', 'cem']);
    assert.equal(stage.asked.at(-1), 'REPORT /repo/');
  });

  it('are unknown where the report is refused or unreadable; comments stay notes, and the listing is good', async () => {
    const stage = new Stage(twoLocks, { status: 403 }, twoLocks);
    assert.deepEqual(await holders(stage), [undefined, undefined]);
    const { members } = await stage.server.files.list(at('/repo/d'));
    const { holder } = members[1]?.listing.locks[0] ?? {};
    assert.deepEqual([holder?.note, holder?.assertedBy, holder?.contacts], ['Ann Lee', 'nobody', []]);
    stage.done();
    const other = new Stage(twoLocks, { ...report(), body: '<html>Welcome' });
    assert.deepEqual(await holders(other), [undefined, undefined]);
  });

  it('are no business of servers that tell none: nothing more is asked', async () => {
    const stage = new Stage({ ...twoLocks, headers: {} });
    assert.deepEqual(await holders(stage), [undefined, 'Ann Lee']);
    stage.done();
  });
});
