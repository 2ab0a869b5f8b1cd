// Every reader of foreign text in the protocols, each as a function of one text: for tests that feed them all.
import { parseOwnerText } from '../../../src/core/model/ownerText';
import { plainLine } from '../../../src/core/model/plainLine';
import { redacted } from '../../../src/core/model/redaction';
import { resolveHref, resourceId } from '../../../src/core/model/resource';
import { parseEtag } from '../../../src/core/model/version';
import { excerptOf } from '../../../src/protocol/refusals/excerpt';
import { readRefusal } from '../../../src/protocol/refusals/read';
import { parseBody } from '../../../src/protocol/refusals/parsedRefusal';
import { parseHolder, parseMoment, safeLine } from '../../../src/protocol/refusals/values';
import { pageText } from '../../../src/protocol/refusals/pageText';
import { readSentence } from '../../../src/protocol/refusals/words';
import { Authentication } from '../../../src/protocol/transport/authentication/authentication';
import { methodsIn, parseChallenges } from '../../../src/protocol/transport/authentication/challenges';
import { Cookies } from '../../../src/protocol/transport/authentication/cookies';
import { digestChallenge } from '../../../src/protocol/transport/authentication/digest';
import { tellingHeaders } from '../../../src/protocol/transport/record';
import { redirectOf } from '../../../src/protocol/transport/redirects';
import { requestIdOf } from '../../../src/protocol/transport/requestId';
import { retryAfterMs } from '../../../src/protocol/transport/failures/retryAfter';
import { MultistatusReader } from '../../../src/protocol/webdav/reading/multistatusReader';
import { dateOf } from '../../../src/protocol/webdav/reading/entry';
import { davClasses, parseLockToken } from '../../../src/protocol/webdav/headers';
import { HrefReader } from '../../../src/protocol/webdav/reading/href';
import { isShowable } from '../../../src/core/model/memberName';
import { readOwner } from '../../../src/protocol/webdav/reading/owner';
import { parseTimeout } from '../../../src/protocol/webdav/reading/timeout';
import { parseXmlText, XmlError } from '../../../src/protocol/xml/xml';
import { XmlScanner } from '../../../src/protocol/xml/scanner';
import { parseTree } from '../../../src/protocol/xml/xmlTree';

const resource = resourceId('https://dav.example.org/docs/report.md');
const answer = (headers: Record<string, string>, status = 302) => ({ status, headers }) as never;

function davRead(text: string): number | string {
  let count = 0;
  try {
    parseXmlText(text, new MultistatusReader(() => (count += 1)));
  } catch (error) {
    if (error instanceof XmlError) return 'XmlError';
    throw error;
  }
  return count;
}

function scanned(text: string): number | string {
  let count = 0;
  try {
    const scanner = new XmlScanner(new MultistatusReader(() => (count += 1)));
    scanner.write(text);
    scanner.end();
  } catch (error) {
    if (error instanceof XmlError) return 'XmlError';
    throw error;
  }
  return count;
}

const listing = (inner: string) =>
  `<D:multistatus xmlns:D="DAV:"><D:response><D:href>/docs/report.md</D:href><D:propstat><D:prop>${inner}</D:prop>` +
  '<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>';

const refused = (headers: Record<string, string>, body: string, status = 423) => ({
  method: 'PUT',
  resource,
  status,
  headers,
  body,
});

/** A reader of one text. What it makes of the text is its result; it never throws. */
export type Reader = (text: string) => unknown;

export const readers: Readonly<Record<string, Reader>> = {
  challenges: (text) => parseChallenges(text).map(digestChallenge),
  'challenge parameters': (text) => parseChallenges(`Digest realm="${text}`),
  'challenge token68': (text) => parseChallenges(`Negotiate ${text}`),
  methods: (text) => methodsIn(parseChallenges(text)),
  'next nonce': (text) => {
    const authentication = new Authentication({
      credentials: () => Promise.resolve(undefined),
      isPrivate: true,
    });
    authentication.accepted(answer({ 'authentication-info': text }, 200), undefined);
  },
  'logged headers': (text) => tellingHeaders({ 'www-authenticate': text, server: text }),
  cookies: (text) => {
    const cookies = new Cookies(new URL('https://dav.example.org'), () => 0);
    cookies.take(text, '/docs/', text);
    cookies.take(`a=b; ${text}`, '/docs/', text);
    return cookies.headerFor('/docs/a');
  },
  'Retry-After': (text) => retryAfterMs({ 'retry-after': text, date: text }),
  'request id': (text) => requestIdOf({ 'x-request-id': text }),
  Location: (text) => redirectOf(answer({ location: text }), { method: 'GET' } as never, new URL(resource)),
  Timeout: parseTimeout,
  'Timeout seconds': (text) => parseTimeout(`Second-${text}`),
  'Lock-Token': parseLockToken,
  DAV: davClasses,
  ETag: parseEtag,
  date: dateOf,
  moment: parseMoment,
  href: (text) => [resolveHref(resource, text), resolveHref(resource, `/${text}`)],
  'href of a listing': (text) => new HrefReader(resource).resolve(`/docs/${text}`),
  name: (text) => {
    const member = resolveHref(resource, `/${text}`);
    return member && isShowable(member, 'linux');
  },
  // The listing's reader keeps no more of an owner.
  owner: (text) => {
    const kept = text.slice(0, 4096);
    return [readOwner({ text: kept, hrefs: [] }), readOwner({ text: '', hrefs: [kept] })];
  },
  'owner of a listing': (text) =>
    scanned(
      listing(`<D:lockdiscovery><D:activelock><D:owner>${text}</D:owner></D:activelock></D:lockdiscovery>`),
    ),
  'owner in our form': parseOwnerText,
  multistatus: davRead,
  'multistatus by the scanner': scanned,
  'property of a listing': (text) => [davRead(listing(text)), scanned(listing(text))],
  'text of a listing': (text) => scanned(listing(`<D:getetag>${text}</D:getetag>`)),
  'open tag of a listing': (text) => [davRead(`<a ${text}`), scanned(`<a ${text}`)],
  tree: parseTree,
  'body of a refusal': (text) => parseBody(text),
  'refusal that is not well-formed': (text) => readRefusal(refused({}, `<D:error>${text}`)),
  'refusal after its beginning': (text) => readRefusal(refused({}, `<html>${text}`)),
  refusal: (text) => readRefusal(refused({}, text)),
  'refusal in JSON': (text) => readRefusal(refused({}, `{"message":${JSON.stringify(text)}}`)),
  'refusal as a page': (text) => readRefusal(refused({ 'content-type': 'text/html' }, `<html><body>${text}`)),
  'refusal with headers': (text) =>
    readRefusal(
      refused({ 'x-msdavext_error': `1; ${text}`, server: text, date: text, 'x-ms-error-code': text }, ''),
    ),
  'refusal of members': (text) => readRefusal(refused({}, `<D:multistatus xmlns:D="DAV:">${text}`, 207)),
  excerpt: (text) => excerptOf(parseBody(text)),
  'page text': pageText,
  sentence: readSentence,
  'plain line': (text) => plainLine(text, 300),
  'line of a refusal': (text) => safeLine(text),
  holder: (text) => parseHolder(text, 'server', text),
  // What is washed is cut to this before.
  redaction: (text) => redacted(text.slice(0, 8192)),
};
