// The demonstration of `npm start`, with an editor that only notes its address and a colleague in a hurry.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { Colleague } from '../support/colleague';
import { accounts } from '../support/servers/server';
import { startPlainServer } from '../support/servers/plain';
import { documents } from '../support/start/documents';
import { openFrontDoor } from '../support/start/frontDoor';
import { demonstrate } from '../support/start/session';

describe('the demonstration', function () {
  this.timeout(60_000);

  it('serves example files to the editor while Ann Lee locks, changes and releases them', async () => {
    const stop = new AbortController();
    const said = new EventEmitter();
    const sentences: string[] = [];
    after(() => stop.abort());
    const opened: string[] = [];
    let closed = 0;
    const heard = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const found = sentences.find((sentence) => pattern.test(sentence));
        if (found !== undefined) return found;
        await once(said, 'sentence');
      }
    };
    const running = demonstrate({
      openEditor: (folder) => {
        opened.push(folder);
        return Promise.resolve({
          howToSee: 'Look.',
          stop: () => {
            closed++;
            return Promise.resolve();
          },
        });
      },
      say: (sentence) => {
        sentences.push(sentence);
        said.emit('sentence');
      },
      stop: stop.signal,
      habits: [
        { file: 'report.md', holds: 0, rests: 0.01, writesEvery: 1 },
        { file: 'prices.csv', holds: 1000, rests: 1 },
      ],
    });

    await heard(/Look\.[\s\S]*alice-pw/);
    assert.match(opened[0] ?? '', /^dav:\/\/127\.0\.0\.1:\d+\/bakery$/);
    const you = new Colleague(`${opened[0]?.replace('dav:', 'http:')}/`, accounts.alice);
    await heard(/locked prices\.csv until \d\d:\d\d/);
    assert.match(await you.propfind('prices.csv'), /Ann Lee &lt;mailto:ann\.lee@example\.com&gt;/);
    assert.equal((await you.send('PUT', 'prices.csv', { body: '' })).status, 423);
    await heard(/changed and released report\.md/);
    assert.match(await you.get('report.md'), /Ann: looked at this again\.\n$/);
    assert.equal(await you.get('index.html'), documents['index.html']);

    // She and you race for the free file; sooner or later it is yours.
    const wanted = heard(/wanted report\.md, but it is locked/);
    while (you.held.size === 0) await you.lock('report.md').catch(() => undefined);
    await wanted;
    stop.abort();
    await running;
    assert.equal(closed, 1);
    await assert.rejects(you.get('index.html'), { code: 'ECONNREFUSED' });
  });
});

describe('the door before the editor of the demonstration', () => {
  it('opens the folder, passes everything on, and keeps one key for the secrets of the page', async () => {
    const editor = await startPlainServer(({ path }, reply) => reply.send(200, {}, `editor ${path}`));
    const door = await openFrontDoor(editor.port, 'dav://127.0.0.1:1/bakery');
    after(async () => {
      await door.close();
      await editor.stop();
    });
    const home = await fetch(door.url, { redirect: 'manual' });
    assert.equal(home.headers.get('location'), '/?folder=dav://127.0.0.1:1/bakery');
    assert.equal(await (await fetch(`${door.url}static/x.js`)).text(), 'editor /static/x.js');
    const key = async () => {
      const answer = await fetch(`${door.url}mint-key`, { method: 'POST' });
      return Buffer.from(await answer.arrayBuffer()).toString('hex');
    };
    const first = await key();
    assert.equal(first.length, 64);
    assert.equal(await key(), first);
  });
});
