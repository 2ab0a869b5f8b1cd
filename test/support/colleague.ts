// The other account: a second client, written without the code under test and as plainly as it can be.
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Account } from './servers/server';

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface LockWish {
  /** Plain text (escaped here), raw XML, or none at all. */
  readonly owner?: string | { readonly xml: string } | null;
  /** As it goes into the header: "Second-600", "Infinite"; null sends no Timeout. */
  readonly timeout?: string | null;
  readonly depth?: '0' | 'infinity';
  readonly scope?: 'exclusive' | 'shared';
}

/** The server said no; what it said is in `answer`. */
export class Refused extends Error {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly answer: Answer,
  ) {
    super(`${method} ${path}: ${answer.status} ${answer.reason} ${answer.text.slice(0, 300)}`);
  }
}

const ANSWER_WITHIN = 15_000;
const XML = 'application/xml; charset=utf-8';

export class Colleague {
  /** The tokens of the locks that this colleague holds, by path. */
  readonly held = new Map<string, string>();
  private readonly base: URL;
  private digest: { realm: string; nonce: string; count: number } | undefined;

  constructor(
    url: string,
    readonly account: Account,
    /** A client certificate. */
    private readonly certificate?: { readonly cert: string; readonly key: string },
  ) {
    this.base = new URL(url);
  }

  /** The absolute URL of a path below the root, each name percent-encoded. */
  urlOf(path: string): string {
    return new URL(path.replace(/^\//, '').split('/').map(encodeURIComponent).join('/'), this.base).href;
  }

  async lock(path: string, lockRequest: LockWish = {}): Promise<string> {
    const {
      owner = this.account.user,
      timeout = 'Second-600',
      depth = '0',
      scope = 'exclusive',
    } = lockRequest;
    const ownerXml = owner === null ? '' : typeof owner === 'string' ? escapeXml(owner) : owner.xml;
    const body =
      '<?xml version="1.0" encoding="utf-8"?><D:lockinfo xmlns:D="DAV:">' +
      `<D:lockscope><D:${scope}/></D:lockscope><D:locktype><D:write/></D:locktype>` +
      (owner === null ? '' : `<D:owner>${ownerXml}</D:owner>`) +
      '</D:lockinfo>';
    const answer = await this.expect2xx('LOCK', path, {
      headers: { Depth: depth, 'Content-Type': XML, ...(timeout === null ? {} : { Timeout: timeout }) },
      body,
    });
    const token = /<(.+)>/.exec(String(answer.headers['lock-token'] ?? ''))?.[1] ?? tokensIn(answer.text)[0];
    if (token === undefined) throw new Refused('LOCK', path, answer);
    this.held.set(path, token);
    return token;
  }

  async refresh(path: string, timeout = 'Second-600', token = this.held.get(path)): Promise<Answer> {
    return this.expect2xx('LOCK', path, { headers: { If: `(<${token}>)`, Timeout: timeout } });
  }

  /** Gives a lock back, or breaks another's when told its token. */
  async unlock(path: string, token = this.held.get(path)): Promise<void> {
    await this.expect2xx('UNLOCK', path, { headers: { 'Lock-Token': `<${token}>` } });
    if (this.held.get(path) === token) this.held.delete(path);
  }

  /** Saves, under this colleague's own lock if there is one. */
  async put(path: string, content: string | Uint8Array): Promise<Answer> {
    const token = this.held.get(path);
    // Untagged: nginx compares a tag undecoded and so knows no name with a space, lighttpd none with parentheses.
    const headers = token === undefined ? {} : { If: `(<${token}>)` };
    return this.expect2xx('PUT', path, { headers, body: content });
  }

  async get(path: string): Promise<string> {
    return (await this.expect2xx('GET', path)).text;
  }

  async del(path: string): Promise<void> {
    const token = this.held.get(path);
    if (token === undefined) return void (await this.expect2xx('DELETE', path));
    // Tagged: Apache answers 424 to a DELETE with an untagged condition. Untagged where the tag is not understood.
    const tagged = await this.send('DELETE', path, { headers: { If: `<${this.urlOf(path)}> (<${token}>)` } });
    if (tagged.status !== 204) await this.expect2xx('DELETE', path, { headers: { If: `(<${token}>)` } });
    this.held.delete(path);
  }

  async mkcol(path: string): Promise<void> {
    await this.expect2xx('MKCOL', path);
  }

  /** The raw text of a PROPFIND that names the lock properties. */
  async propfind(path: string, depth: '0' | '1' = '0'): Promise<string> {
    const body =
      '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop>' +
      '<D:lockdiscovery/><D:supportedlock/><D:getetag/><D:resourcetype/></D:prop></D:propfind>';
    return (await this.expect2xx('PROPFIND', path, { headers: { Depth: depth, 'Content-Type': XML }, body }))
      .text;
  }

  /** The tokens of the locks that the server shows on a path, whosoever they are. */
  async locksOn(path: string): Promise<string[]> {
    return tokensIn(await this.propfind(path));
  }

  /** One request as given, with this account's credentials; any status is an answer. */
  async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const answer = await this.exchange(method, path, sent);
    const asked = answer.status === 401 ? String(answer.headers['www-authenticate'] ?? '') : '';
    if (!/^digest /i.test(asked)) return answer;
    this.digest = { realm: quoted(asked, 'realm'), nonce: quoted(asked, 'nonce'), count: 0 };
    return this.exchange(method, path, sent);
  }

  private async expect2xx(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const answer = await this.send(method, path, sent);
    if (answer.status < 200 || answer.status > 299) throw new Refused(method, path, answer);
    return answer;
  }

  private exchange(method: string, path: string, sent: Sent): Promise<Answer> {
    const url = new URL(this.urlOf(path));
    const body = sent.body === undefined ? undefined : Buffer.from(sent.body);
    const headers: Record<string, string> = {
      Authorization: this.authorization(method, url),
      ...(body === undefined ? {} : { 'Content-Length': String(body.length) }),
      ...sent.headers,
    };
    const { request } = url.protocol === 'https:' ? https : http;
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    return new Promise((resolve, reject) => {
      // One connection per request: nothing is kept that a restarted server could have closed.
      const call = request(
        url,
        { method, headers, signal, agent: false, rejectUnauthorized: false, ...this.certificate },
        (got) => {
          const parts: Buffer[] = [];
          got.on('data', (part: Buffer) => parts.push(part));
          got.on('error', reject);
          got.on('end', () => {
            const all = Buffer.concat(parts);
            resolve({
              status: got.statusCode ?? 0,
              reason: got.statusMessage ?? '',
              headers: got.headers,
              body: all,
              text: all.toString('utf8'),
            });
          });
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }

  private authorization(method: string, url: URL): string {
    const { user, password } = this.account;
    if (this.digest === undefined) return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const { realm, nonce } = this.digest;
    const nc = (++this.digest.count).toString(16).padStart(8, '0');
    const cnonce = randomBytes(8).toString('hex');
    const secret = md5(`${user}:${realm}:${password}`);
    const response = md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${url.pathname}`)}`);
    return (
      `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${url.pathname}", ` +
      `qop=auth, nc=${nc}, cnonce="${cnonce}", response="${response}", algorithm=MD5`
    );
  }
}

export function tokensIn(xml: string): string[] {
  const found = xml.matchAll(
    /<(?:[\w.-]+:)?locktoken\b[^>]*>\s*<(?:[\w.-]+:)?href\b[^>]*>\s*([^<]+?)\s*<\/(?:[\w.-]+:)?href>/gi,
  );
  return [...found].map((match) => match[1] ?? '');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function quoted(header: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(header)?.[1] ?? '';
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
