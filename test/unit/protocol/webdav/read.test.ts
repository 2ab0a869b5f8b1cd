import assert from 'node:assert/strict';
import { at, failureOf, found, multistatus, Stage } from './stage';

const file = at('/a.txt');
const etag = '"1"';
const listed = (bytes: number, tag = etag) =>
  multistatus(
    found(
      '/a.txt',
      `<D:resourcetype/><D:getetag>${tag}</D:getetag><D:getcontentlength>${bytes}</D:getcontentlength>`,
    ),
  );

describe('GET', () => {
  it('takes no text for whole whose end nobody announced and the listing denies or does not confirm', async () => {
    for (const looked of [listed(9), { status: 503 }, 'unreachable'] as const) {
      const cut = new Stage({ status: 200, headers: { etag }, body: 'half' }, looked);
      assert.equal((await failureOf(cut.server.files.read(file))).facts.code, 'CUT_SHORT');
    }
    for (const looked of [listed(4), listed(9, '"2"')]) {
      const whole = new Stage({ status: 200, headers: { etag }, body: 'text' }, looked);
      assert.equal((await whole.server.files.read(file)).bytes.length, 4);
    }
  });

  it('asks no more where the end was announced', async () => {
    for (const headers of [{ 'content-length': '4' }, { 'transfer-encoding': 'chunked' }]) {
      const stage = new Stage({ status: 200, headers, body: 'text' });
      await stage.server.files.read(file);
      assert.deepEqual(stage.asked, ['GET /a.txt']);
    }
  });

  it('takes no text for whole where more of the same version is listed', async () => {
    for (const body of ['half', '']) {
      const cut = { status: 200, headers: { etag, 'content-length': String(body.length) }, body };
      const { server } = new Stage(cut, listed(9));
      const failure = await failureOf(server.files.read(file, { listedSize: 9 }));
      assert.deepEqual([failure.kind, failure.facts.code], ['interrupted', 'CUT_SHORT']);
    }
  });

  it('takes no text for whole where more was listed and nothing can be looked up', async () => {
    const headers = { etag, 'content-length': '4' };
    for (const looked of [{ status: 503 }, { status: 404 }, 'timeout'] as const) {
      const { server } = new Stage({ status: 200, headers, body: 'half' }, looked);
      const failure = await failureOf(server.files.read(file, { listedSize: 9 }));
      assert.deepEqual([failure.kind, failure.facts.code], ['interrupted', 'CUT_SHORT']);
    }
  });

  it('takes a text for whole that became shorter, or of which nothing proves that there is more', async () => {
    const headers = { etag, 'content-length': '4' };
    for (const looked of [listed(4), listed(9, '"2"')]) {
      const { server } = new Stage({ status: 200, headers, body: 'text' }, looked);
      assert.equal((await server.files.read(file, { listedSize: 9 })).bytes.length, 4);
    }
    const untagged = new Stage({ status: 200, headers: { 'content-length': '4' }, body: 'text' }, listed(9));
    assert.equal((await untagged.server.files.read(file, { listedSize: 9 })).bytes.length, 4);
    const longer = new Stage({ status: 200, headers, body: 'text' });
    await longer.server.files.read(file, { listedSize: 4 });
    assert.deepEqual(longer.asked, ['GET /a.txt']);
  });

  it('asks the server in another way where a longer text is listed without a tag', async () => {
    const get = { status: 200, headers: { etag, 'content-length': '4' }, body: 'text' };
    const head = (length: number, tag = etag) => ({
      status: 200,
      headers: { etag: tag, 'content-length': String(length) },
    });
    for (const asked of [head(4), head(9, '"2"'), { status: 405 }, { status: 200 }]) {
      const stage = new Stage(get, listed(9, ''), asked);
      assert.equal((await stage.server.files.read(file, { listedSize: 9 })).bytes.length, 4);
      stage.done();
    }
    const { server } = new Stage(get, listed(9, ''), head(9));
    assert.equal((await failureOf(server.files.read(file, { listedSize: 9 }))).facts.code, 'CUT_SHORT');
  });

  it('says that a sign-in is needed where only that keeps it from telling whether a text is whole', async () => {
    const cut = { status: 200, headers: { etag, 'content-length': '4' }, body: 'half' };
    for (const kind of ['signInNeeded', 'cannotSignIn'] as const) {
      for (const looks of [[kind], [listed(9, ''), kind]]) {
        const { server } = new Stage(cut, ...looks);
        assert.equal((await failureOf(server.files.read(file, { listedSize: 9 }))).kind, kind);
      }
    }
  });

  it('takes no text for whole where a longer one is listed without a tag and the server was not heard', async () => {
    for (const asked of [{ status: 503 }, 'timeout', 'unreachable'] as const) {
      const cut = { status: 200, headers: { etag, 'content-length': '4' }, body: 'half' };
      const { server } = new Stage(cut, listed(9, ''), asked);
      assert.equal((await failureOf(server.files.read(file, { listedSize: 9 }))).facts.code, 'CUT_SHORT');
    }
  });

  it('takes no more than is worth having', async () => {
    const answer = { status: 200, headers: { 'content-length': '3' }, body: 'abc' };
    const stage = new Stage(answer, answer);
    await stage.server.files.read(file, { maxBytes: 4 });
    await stage.server.files.read(file, { maxBytes: Infinity });
    assert.deepEqual(
      stage.requests.map(({ maxBytes }) => maxBytes),
      [4, 1024 ** 3],
    );
  });
});
