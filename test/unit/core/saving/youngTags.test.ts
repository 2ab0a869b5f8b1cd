// A strong tag of the second in which the file was written may stand for another content of that second.
import assert from 'node:assert/strict';
import { FakeClock } from '../../../support/core/fakeClock';
import { bytesOf, file } from '../../../support/core/files';
import { ModelServer } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';
import { saveMode } from '../../../support/core/saving';
import { connectTo } from '../../../support/model/connect';
import { plainServer, type Ways } from '../../../support/model/servers';
import { WireServer } from '../../../support/model/wireServer';

const a = file('a');

/** Somebody who opened a file of a server that checks conditions, so long after it was written. */
async function opened(afterMs: number) {
  const clock = new FakeClock();
  const server = new ModelServer<Ways>(clock, { ...plainServer, tags: 'second' });
  const wire = new WireServer(server);
  const asked: string[] = [];
  const answer = wire.answer.bind(wire);
  wire.answer = (request) => {
    asked.push(`${request.method} ${request.headers['if-match'] ?? ''}`.trim());
    const said = answer(request);
    if (said === 'died') return said;
    const dav = '1,2,<http://apache.org/dav/propset/fs/1>';
    return { ...said, headers: { ...said.headers, dav } };
  };
  await clock.pass(1_000 - (clock.now().wall % 1_000));
  server.put(a, 'base');
  await clock.pass(afterMs);
  const { connect } = connectTo(wire, 'ann');
  const ann = new Person('ann', server, clock, { lockOn: 'manual', connect });
  await ann.directory.stat(a, 0);
  await ann.open(a);
  asked.length = 0;
  return { clock, server, ann, asked };
}

describe('A save of a file that was opened in the second in which it was written', () => {
  it('is refused where somebody wrote as many bytes in that second: the tag is the same', async () => {
    const { server, ann, clock } = await opened(300);
    server.put(a, 'bas!');
    await clock.pass(5_000);
    const saving = ann.saver.save(a, bytesOf('mine'), saveMode);
    await assert.rejects(saving, { kind: 'contentChanged' });
    assert.equal(server.text(a), 'bas!');
  });

  it('is done where nobody did, by the content', async () => {
    const { server, ann, clock, asked } = await opened(300);
    await clock.pass(5_000);
    await ann.saver.save(a, bytesOf('mine'), saveMode);
    assert.equal(server.text(a), 'mine');
    assert.ok(asked.indexOf('GET') >= 0 && asked.indexOf('GET') < asked.findIndex((one) => /^PUT/.test(one)));
  });

  it('rests on the tag alone where it was opened later', async () => {
    const { server, ann, asked } = await opened(5_000);
    await ann.saver.save(a, bytesOf('mine'), saveMode);
    assert.equal(server.text(a), 'mine');
    assert.match(asked[0] ?? '', /^PUT "/);
  });
});
