// Cases of a server that means harm or is broken, each run against the real transport and WebDAV client.
import assert from 'node:assert/strict';
import { RemoteFailure } from '../../../src/core/model/failure';
import type { Lease } from '../../../src/core/model/lease';
import type { RemoteEntry, RemoteListing } from '../../../src/core/model/ports';
import { nameOf, parentOf, resourceId } from '../../../src/core/model/resource';
import { Secret } from '../../../src/core/model/secret';
import { plain } from '../../../src/editor/words/plainText';
import type { Credentials, Exchange } from '../../../src/protocol/transport/http';
import { toRecordedExchange } from '../../../src/protocol/refusals/recordedExchange';
import { createTransport } from '../../../src/protocol/transport/transport';
import { createWebdavServer, type WebdavServer } from '../../../src/protocol/webdav/server';
import { lockIdOf } from '../../../src/protocol/webdav/reading/token';
import { startRawServer, type RawServer, type Script, type Step } from '../servers/raw';

const password = 's3cr3t-pw';
const token = 'urn:uuid:0f5c2a';
/** The transport's deadlines are minutes: these are for servers that never answer, and those for all others. */
const soon = { headersMs: 250, bodyMs: 150 };
const late = { headersMs: 10_000, bodyMs: 10_000 };
/** Beyond all deadlines of the three requests or so that one operation makes, also on a busy machine. */
const longest = 12_000;

/** What is sent without an end, or unpacks to gigabytes, is many times this. */
const mostMemory = 500 * 1024 * 1024;

type At = ReturnType<typeof resourceId>;
const stamp = { mono: 0, wall: 0 };
const lease = (resource: At): Lease => ({
  resource,
  token: new Secret(token),
  id: lockIdOf(token),
  scope: 'exclusive',
  depth: 'self',
  expiry: { kind: 'unknown' },
  since: stamp,
});

const asks = {
  stat: (dav: WebdavServer, at: At) => dav.files.stat(at),
  list: (dav: WebdavServer, at: At) => dav.files.list(at),
  read: (dav: WebdavServer, at: At) => dav.files.read(at),
  readSmall: (dav: WebdavServer, at: At) => dav.files.read(at, { listedSize: 10 }),
  write: (dav: WebdavServer, at: At) => dav.files.write(at, new TextEncoder().encode('mine'), { leases: [] }),
  lock: (dav: WebdavServer, at: At) => dav.locks.lock(at, { seconds: 600, owner: 'me' }),
  refresh: (dav: WebdavServer, at: At) => dav.locks.refresh(lease(at), 600),
  unlock: (dav: WebdavServer, at: At) => dav.locks.release(lease(at)),
  remove: (dav: WebdavServer, at: At) => dav.files.remove({ resource: at, kind: 'file' }, { leases: [] }),
  probe: (dav: WebdavServer, at: At) => dav.files.probe(at),
};

export type Ask = keyof typeof asks;

export interface HostileCase {
  readonly name: string;
  /** `stat` unless told. */
  readonly ask?: Ask;
  readonly answer: Script;
  /** Whether the question may succeed; where it may, whether nothing at all being locked may be the answer. */
  readonly may?: 'succeed' | 'be free';
  /** A failure must be of one of these kinds. */
  readonly kinds?: readonly RemoteFailure['kind'][];
  /** Most requests that it may take. */
  readonly requests?: number;
  readonly credentials?: Credentials;
  /** Only a deadline ends it. */
  readonly neverEnds?: boolean;
}

/** Where redirects and hrefs point to that must never be asked. */
export interface Elsewhere {
  readonly origin: string;
}

/** Declares a test for each case. */
export function hostile(what: string, casesFor: (elsewhere: Elsewhere) => readonly HostileCase[]): void {
  describe(what, function () {
    this.timeout(60_000);
    let server: RawServer;
    let elsewhere: RawServer;
    const known = new Map<string, HostileCase>();
    let memory = 0;
    before(async () => {
      memory = process.memoryUsage().rss;
      server = await startRawServer();
      elsewhere = await startRawServer(() => [ok('stolen')]);
      for (const one of casesFor(elsewhere)) known.set(one.name, one);
    });
    after(async () => {
      await server.stop();
      await elsewhere.stop();
      const grown = process.resourceUsage().maxRSS * 1024 - memory;
      assert.ok(grown < mostMemory, `${Math.round(grown / 1024 / 1024)} MB more memory`);
    });
    // The names are needed before the servers are there.
    const names = casesFor({ origin: 'http://127.0.0.1:9' }).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, 'each case has a name of its own');
    for (const name of names) {
      it(name, async () => {
        const one = known.get(name);
        assert.ok(one);
        await check(one, server);
        assert.equal(elsewhere.connections(), 0, 'another origin was asked');
      });
    }
  });
}

async function check(one: HostileCase, server: RawServer): Promise<void> {
  server.follow(one.answer);
  const exchanges: Exchange[] = [];
  const transport = createTransport({
    origin: server.origin,
    credentials: () => Promise.resolve(one.credentials ?? { user: 'ann', password: new Secret(password) }),
    userAgent: 'test',
    now: () => performance.now(),
    onExchange: (exchange) => exchanges.push(exchange),
  });
  const dav = createWebdavServer({
    transport: {
      get answersTwice() {
        return transport.answersTwice;
      },
      send: (request) => transport.send({ ...request, ...(one.neverEnds ? soon : late) }),
      close: () => transport.close(),
    },
    now: () => ({ mono: performance.now(), wall: Date.now() }),
    identity: { ownsLock: () => false, isMyAccount: () => false },
  });
  const at = resourceId(`${server.origin}/docs/report.md`);
  const ask = one.ask ?? 'stat';
  const begun = performance.now();
  try {
    const [result] = await Promise.allSettled([asks[ask](dav, at)]);
    assert.ok(performance.now() - begun < longest, `took ${Math.round(performance.now() - begun)} ms`);
    if (result.status === 'fulfilled') checkSuccess(one, result.value, at);
    else checkFailure(one, result.reason);
  } finally {
    await transport.close();
  }
  assert.ok(server.requests.length <= (one.requests ?? 12), `${server.requests.length} requests`);
  // What is kept of an exchange: its body goes nowhere before it is read and washed.
  const logged = JSON.stringify(exchanges.map((exchange) => toRecordedExchange(exchange, stamp)));
  for (const secret of [password, Buffer.from(`ann:${password}`).toString('base64')])
    assert.equal(logged.includes(secret), false, 'a secret is in the log');
}

function checkSuccess({ ask = 'stat', may }: HostileCase, value: unknown, at: At): void {
  assert.ok(may !== undefined, `${ask} succeeded: ${JSON.stringify(value)?.slice(0, 300)}`);
  const entries: readonly RemoteEntry[] =
    ask === 'stat' ? [value as RemoteEntry] : ask === 'list' ? (value as RemoteListing).members : [];
  for (const { resource, listing } of entries) {
    const isFree = listing.reported && listing.locks.length === 0;
    assert.ok(!isFree || may === 'be free', `${resource} is said to be free`);
    for (const { holder } of listing.locks) checkShown(holder.name ?? '');
    if (ask !== 'list') continue;
    assert.equal(parentOf(resource), at, 'a member lies in its folder');
    const name = nameOf(resource);
    assert.doesNotMatch(name, /[/\0-\x1f]|^\.{0,2}$|\]\((?:command|file|https?):/);
    checkShown(name);
  }
}

function checkFailure({ kinds }: HostileCase, error: unknown): void {
  assert.ok(error instanceof RemoteFailure, `not a failure: ${String(error)} ${(error as Error)?.stack}`);
  if (kinds) assert.ok(kinds.includes(error.kind), `${error.kind} ${error.facts.code ?? ''}`);
  const { serverText = '', refusal, signIn, condition = '' } = error.facts;
  const texts = [serverText, refusal?.reason, refusal?.holder?.name, signIn?.realm, condition, error.message];
  for (const text of [...texts, ...(signIn?.methods ?? []), ...(refusal?.codes ?? [])])
    checkShown(text ?? '');
  for (const { uri } of refusal?.holder?.contacts ?? [])
    assert.match(uri, /^(?:mailto|tel|sips?|xmpp|im|https?|msteams|slack|skype):/i);
  const all = JSON.stringify({ ...error.facts, cause: undefined });
  assert.equal(all.includes(password), false, 'the password is in the failure');
}

/** What people see of a foreign text. */
function checkShown(text: string): void {
  const shown = plain(text);
  assert.doesNotMatch(shown, /\]\(|\$\([\w-]+\)|[\0-\x1f\u202a-\u202e\u2066-\u2069]/);
  assert.ok(shown.length <= 200);
}

/** A whole answer with a body, whose length is told. */
export function ok(
  body: string | Uint8Array,
  type = 'application/xml; charset=utf-8',
  status = '200 OK',
): string {
  const bytes = Buffer.from(body);
  return `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes.toString('latin1')}`;
}

export function multistatus(body: string, headers = ''): string {
  const bytes = Buffer.from(body);
  return `HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml; charset=utf-8\r\n${headers}Content-Length: ${bytes.length}\r\n\r\n${bytes.toString('latin1')}`;
}

export function status(line: string, headers = '', body = ''): string {
  const bytes = Buffer.from(body);
  return `HTTP/1.1 ${line}\r\n${headers}Content-Length: ${bytes.length}\r\n\r\n${bytes.toString('latin1')}`;
}

/** A listing of one resource. */
export function response(href: string, props: string, propstat = 'HTTP/1.1 200 OK'): string {
  return (
    `<D:response><D:href>${href}</D:href><D:propstat><D:prop>${props}</D:prop>` +
    `<D:status>${propstat}</D:status></D:propstat></D:response>`
  );
}

export function listing(...responses: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?><D:multistatus xmlns:D="DAV:">${responses.join('')}</D:multistatus>`;
}

export function activeLock(more = ''): string {
  return (
    '<D:lockdiscovery><D:activelock><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>' +
    `<D:depth>0</D:depth><D:owner>Ann</D:owner><D:timeout>Second-600</D:timeout>${more}` +
    '<D:locktoken><D:href>urn:uuid:other</D:href></D:locktoken></D:activelock></D:lockdiscovery>'
  );
}

export const always =
  (...steps: readonly Step[]): Script =>
  () =>
    steps;
