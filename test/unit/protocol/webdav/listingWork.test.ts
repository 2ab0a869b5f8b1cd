// What listings cost beyond requests: bytes, documents, tags that are read one by one, and news. A number that grows
// here is a price that everybody pays.
import assert from 'node:assert/strict';
import type { ResourceId } from '../../../../src/core/model/resource';
import { MultistatusReader } from '../../../../src/protocol/webdav/reading/multistatusReader';
import { XmlScanner } from '../../../../src/protocol/xml/scanner';
import { TagReader } from '../../../../src/protocol/xml/startTag';
import { OnServer } from '../../../support/core/onServer';
import { listingOf, renderedFolder, responseOf } from '../../../support/servers/rendered';
import { startPlainServer, type PlainServer } from '../../../support/servers/plain';

const pieceOf64K = 64 * 1024;

/** How often something is called while something else is done. */
function calls(on: object, method: string): { count: number; end(): void } {
  const target = on as Record<string, (...args: unknown[]) => unknown>;
  const original = target[method]!;
  const counted = { count: 0, end: () => void (target[method] = original) };
  target[method] = function (this: unknown, ...args: unknown[]) {
    counted.count += 1;
    return original.apply(this, args);
  };
  return counted;
}

describe('The work of reading a listing', () => {
  it('is all but the first entry done by comparing runs', () => {
    const work = [renderedFolder(10), renderedFolder(1_000), renderedFolder(1_000, 10)].map((document) => {
      const read = calls(TagReader.prototype, 'tag');
      let entries = 0;
      try {
        const scanner = new XmlScanner(new MultistatusReader(() => (entries += 1)));
        scanner.write(document);
        scanner.end();
      } finally {
        read.end();
      }
      return [entries, read.count];
    });
    assert.deepEqual(work, [
      [11, 32],
      [1_001, 32],
      [1_001, 34],
    ]);
  });

  it('begins anew with each piece, for some tags', () => {
    const document = renderedFolder(1_000);
    const read = calls(TagReader.prototype, 'tag');
    const scanner = new XmlScanner(new MultistatusReader(() => undefined));
    for (let at = 0; at < document.length; at += pieceOf64K)
      scanner.write(document.slice(at, at + pieceOf64K));
    scanner.end();
    read.end();
    assert.equal(read.count, 58);
  });
});

describe('The work of 1,000 files in 50 folders', () => {
  const folders = Array.from({ length: 50 }, (_, at) => `/folder${at}/`);
  let changed: string | undefined;
  let server: PlainServer;
  let alice: OnServer;
  let files: ResourceId[];
  let opened: { count: number; end(): void };

  beforeEach(async () => {
    changed = undefined;
    server = await startPlainServer(({ path, body }, reply) => {
      const asked = [...body.toString().matchAll(/<D:(\w+)\/>/g)].map(([, name = '']) => name);
      const member = (index: number) => {
        const href = `${path}${index}.txt`;
        return responseOf({ href, index: href === changed ? 999 : index, isLocked: index === 0, asked });
      };
      reply.xml(
        207,
        listingOf(
          path,
          Array.from({ length: 20 }, (_, index) => member(index)),
        ),
      );
    });
    alice = new OnServer(server.url, { user: 'alice', password: 'alice' });
    files = folders.flatMap((folder) =>
      Array.from({ length: 20 }, (_, index) => alice.at(`${folder.slice(1)}${index}.txt`)),
    );
    opened = calls(MultistatusReader.prototype, 'open');
  });
  afterEach(async () => {
    opened.end();
    await alice.close();
    await server.stop();
  });

  /** What it took to ask about all of them. */
  async function work() {
    const news: number[] = [];
    const changes: string[] = [];
    const listening = [
      alice.store.onDidChange((ids) => news.push(ids.length)),
      alice.directory.onDidChange((all) => changes.push(...all.map(({ kind }) => kind))),
    ];
    const before = { requests: server.requests.length, bytes: alice.received, elements: opened.count };
    await alice.poller.ask(files);
    for (const one of listening) one.dispose();
    const sent = server.requests.slice(before.requests);
    return {
      requests: sent.length,
      sent: sent.reduce((sum, { body }) => sum + body.length, 0),
      received: alice.received - before.bytes,
      elements: opened.count - before.elements,
      news: news.length,
      changes,
    };
  }

  it('is 50 requests, and two thirds of the bytes when nothing is new', async () => {
    const first = { requests: 50, sent: 10_050, received: 498_240, elements: 11_900, news: 50, changes: [] };
    const again = { requests: 50, sent: 7_150, received: 318_240, elements: 8_900, news: 50, changes: [] };
    assert.deepEqual([await work(), await work(), await work()], [first, again, again]);
  });

  it('is one folder more where a file has changed, and nothing more while it goes on changing', async () => {
    await work();
    changed = '/folder7/3.txt';
    assert.deepEqual(await work(), {
      requests: 51,
      sent: 7_150 + 201,
      received: 328_193,
      elements: 8_900 + 238,
      news: 50,
      changes: ['changed'],
    });
    changed = '/folder7/4.txt';
    assert.deepEqual(await work(), {
      requests: 50,
      sent: 7_150 + 201 - 143,
      received: 321_843,
      elements: 8_900 + 60,
      news: 50,
      changes: ['changed', 'changed'],
    });
  });
});
