import assert from 'node:assert/strict';
import { readRefusal } from '../../../../src/protocol/refusals/read';
import { at, failureOf, type Scripted, Stage } from './stage';

async function factsOf(answer: Scripted) {
  const failure = await failureOf(
    new Stage(answer).server.files.write(at('/a.txt'), new Uint8Array(), { leases: [] }),
  );
  const { serverText, condition, code, roots, retryAfterMs } = failure.facts;
  return { kind: failure.kind, serverText, condition, code, roots, retryAfterMs };
}

const textOf = async (body: string) => (await factsOf({ status: 423, body })).serverText;

describe('a refusal', () => {
  it('says in plain words what its page says', async () => {
    const page =
      '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"><html><head><title>423 Locked</title><style>a{}</style></head>' +
      '<body><h1>Locked</h1><!-- x --><p>The resource is &lt;locked&gt;.<br></p><script>alert(1)</script></body></html>';
    assert.equal(await textOf(page), 'Locked The resource is <locked>.');
  });

  it('says what its JSON says, without stacks', async () => {
    assert.equal(
      await textOf('{"code":423,"message":"It is locked.","stack":"Error: at x"}'),
      'It is locked.',
    );
    assert.equal(
      await textOf('{"title":"Leased","detail":"Held by Ann until 14:32"}'),
      'Held by Ann until 14:32',
    );
    assert.equal(await textOf('{"error":{"code":"resourceLocked","message":"Locked"}}'), 'Locked');
    assert.equal(await textOf('{"error":"nope"}'), 'nope');
    assert.equal(await textOf('{"a":[1,2]}'), undefined);
    assert.equal(await textOf('{"message":'), undefined);
  });

  it('says what its text says, and nothing where there is none', async () => {
    assert.equal(await textOf('Locked\r\n by\u202e Ann '), 'Locked by Ann');
    assert.equal(await textOf(' '), undefined);
    assert.ok(((await textOf('x'.repeat(100_000))) ?? '').length <= 500);
  });

  it('names its condition and the lock’s root', async () => {
    const body =
      '<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\Locked</s:exception>' +
      '<s:message>Ann has it</s:message><d:lock-token-submitted><d:href>/a%20b/</d:href></d:lock-token-submitted></d:error>';
    assert.deepEqual(await factsOf({ status: 423, body }), {
      kind: 'locked',
      serverText: 'Ann has it',
      condition: 'lock-token-submitted',
      code: 'Locked',
      roots: [at('/a b')],
      retryAfterMs: undefined,
    });
  });

  it('is another program’s where the server usually answers by another name', async () => {
    const refusedBy = (server: string) => ({ status: 423, headers: { server }, body: '<html>Locked</html>' });
    const { server } = new Stage(
      { status: 204, headers: { server: 'SomeDav/1.0' } },
      refusedBy('Apache'),
      refusedBy('Apache'),
      refusedBy('SomeDav/1.1'),
    );
    const write = () => server.files.write(at('/a.txt'), new Uint8Array(), { leases: [] });
    await write();
    // A refusal does not tell who usually answers: twice is no habit.
    for (const from of ['gateway', 'gateway', 'server'])
      assert.equal((await failureOf(write())).facts.refusal?.from, from);
  });

  it('is about a lock where its words are, by whatever status', async () => {
    const kindOf = async (status: number, body: unknown) =>
      (await factsOf({ status, body: JSON.stringify(body) })).kind;
    const lfs = {
      message: 'already locked',
      lock: { owner: { name: 'Ann' }, locked_at: '2026-11-22T10:00:00Z' },
    };
    assert.equal(await kindOf(409, lfs), 'locked');
    assert.equal(await kindOf(403, { code: 'access_denied_item_locked', message: 'no' }), 'locked');
    assert.equal(await kindOf(403, { message: 'The file is locked by Ann Lee' }), 'locked');
    assert.equal(await kindOf(403, { message: 'You may not write here', user: 'ann' }), 'forbidden');
    assert.equal(await kindOf(409, { message: 'The folder is missing' }), 'parentMissing');
  });

  it('is about a lock where its condition is, whatever the status', async () => {
    const body =
      '<D:error xmlns:D="DAV:"><D:lock-token-submitted><D:href>/</D:href></D:lock-token-submitted></D:error>';
    assert.equal((await factsOf({ status: 403, body })).kind, 'locked');
  });

  it('is read as far as it goes where it is not XML at all', async () => {
    const body =
      '<?xml version="1.0" encoding="utf-8"?>\n<D:error><DAV:lock-token-matches-request-uri/></D:error>';
    const facts = await factsOf({ status: 409, body });
    assert.equal(facts.condition, 'lock-token-matches-request-uri');
    assert.equal(facts.kind, 'conflict');
    const conflicting =
      '<D:error><D:no-conflicting-lock><D:href>/b</D:href></D:no-conflicting-lock></D:error>';
    assert.deepEqual((await factsOf({ status: 423, body: conflicting })).roots, [at('/b')]);
  });

  it('has the words of an office server from its header', async () => {
    const headers = { 'x-msdavext_error': '589838; The%20file%20is%20checked%20out%20by%20Ann%2E' };
    assert.equal((await factsOf({ status: 409, headers })).serverText, 'The file is checked out by Ann.');
    assert.equal(
      (await factsOf({ status: 409, headers: { 'x-msdavext_error': '1; 100% odd & so' } })).serverText,
      '100% odd & so',
    );
  });

  it('is a refusal also where its body breaks off', async () => {
    const facts = await factsOf({ status: 423, body: 'Lock', breaks: 'interrupted' });
    assert.equal(facts.kind, 'locked');
    assert.equal(facts.serverText, undefined);
  });

  it('passes on no lock token and no secret', async () => {
    const said = await textOf(
      '{"message":"Held by opaquelocktoken:12-34; access_token=abc, lockToken: def"}',
    );
    assert.doesNotMatch(said ?? '', /12-34|abc|def/);
  });

  it('is not worn out by a name made for it', async () => {
    const name = `${'a'.repeat(60_000)}!`;
    const started = performance.now();
    await textOf(
      `<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>${name}</s:exception></d:error>`,
    );
    await textOf(JSON.stringify({ title: 'x', detail: 'y', type: `${'a'.repeat(60_000)}/` }));
    assert.ok(performance.now() - started < 1000);
  });

  it('names no more members than anybody reads', async () => {
    const hrefs = '<D:href>/a</D:href>'.repeat(9_000);
    const one = `<D:response>${hrefs}<D:status>HTTP/1.1 423 Locked</D:status></D:response>`;
    const body = `<D:multistatus xmlns:D="DAV:">${one.repeat(3)}</D:multistatus>`;
    assert.equal((await factsOf({ status: 207, body })).roots?.length, 10_000);
  });

  it('is not worn out by a page made for it', async () => {
    for (const piece of ['<head', '<!--', '<', '<D:href> ', '<a:', ' ']) {
      const started = performance.now();
      await textOf(`<D:error>${piece.repeat(64 * 1024)}`);
      await textOf(piece.repeat(64 * 1024));
      assert.ok(performance.now() - started < 1000, piece);
    }
  });

  it('is read also where it is cut in the middle of a character', async () => {
    // So many units that a text is cut between the halves of one.
    for (const length of [4095, 4096]) {
      const href = `/${'a'.repeat(length - 1)}\u{1f600}b`;
      const body = `<D:error xmlns:D="DAV:"><D:lock-token-submitted><D:href>${href}</D:href></D:lock-token-submitted></D:error>`;
      const facts = await factsOf({ status: 423, body });
      assert.equal(facts.kind, 'locked');
      assert.equal(facts.roots?.length, 1);
      const member = `<D:response><D:href>${href}</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response>`;
      const multistatus = `<D:multistatus xmlns:D="DAV:">${member}</D:multistatus>`;
      const { info } = readRefusal({ resource: at('/a'), headers: {}, body: multistatus });
      assert.ok(decodeURIComponent(info.members?.[0]?.resource ?? '').includes('aaa'));
    }
  });
});
