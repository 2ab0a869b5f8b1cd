// Refusals that repeat what nobody else may have, in every form in which servers and their debug pages do that.
import type { RecordedExchange } from '../../src/core/locks/exchanges';
import { resourceId } from '../../src/core/model/resource';
import { readRefusal } from '../../src/protocol/refusals/read';
import { toRecordedExchange } from '../../src/protocol/refusals/recordedExchange';

/** What none of them may let through. */
export const secret = /secret|YWxpY2U6|1795336479/i;

const lines: readonly string[] = [
  'opaquelocktoken:{E5B2-SECRET}20200101T00',
  'The resource is locked by token urn:uuid:SECRET',
  'Lock token 1795336479 does not match',
  'files_lock/0b1c2d3e-SECRET',
  'Lock-Token: <SECRET>',
  'Lock-Token: <1795336479>',
  'If: (<1795336479>)',
  'If: <https://dav.example/a.md> (<SECRET> ["x"])',
  'if (<1795336479>)',
  'Authorization: Basic YWxpY2U6c2VjcmV0',
  'Proxy-Authorization: Basic YWxpY2U6c2VjcmV0',
  'Request: Authorization: Negotiate YIISECRET',
  'Authorization: NTLM TlRMTVNTUAADSECRET',
  'Authorization: AWS4-HMAC-SHA256 Credential=AK/2020, SignedHeaders=host, Signature=SECRETSIG',
  'Authorization: Digest username="ann", realm="x", nonce="n", response="SECRETRESPONSE"',
  'sent Basic YWxpY2U6c2VjcmV0 and was refused',
  'sent Bearer eyJSECRET.x.y and was refused',
  'sent Negotiate YIISECRET== and was refused',
  'sent Digest username="ann", response="SECRET"',
  'Cookie: a=1; MSISAuth=SECRETCOOKIE',
  'Set-Cookie: a=1; Path=/, b=SECRETCOOKIE',
  'Cookie a=1; b=SECRETCOOKIE',
  'See https://ann:SECRETPW@dav.example/x for details',
  'See https://x.blob/x?sv=1&sig=SECRETSIG&se=2',
  'See /x?sv=1&amp;sig=SECRETSIG',
  'at https://cloud.example/public.php/dav/files/SECRETshare/docs/a.md',
  'at https://cloud.example/s/SECRETshare',
  'password: "my SECRET pass"',
  'password: my SECRET pass',
  '"password":"a SECRET c"',
  '\\"password\\":\\"a SECRET c\\"',
  '"password":"hun \\"SECRETREST"',
  'pwd=SECRETPWD; auth=SECRETAUTH',
  'passphrase=SECRET',
  'access_token=SECRET',
  'PHPSESSID=SECRET',
  'LOCK_HANDLE=SECRETHANDLE',
  'lockHandle: SECRETHANDLE',
  'leaseId: "SECRETLEASE"',
  'x-api-key: SECRET',
];

const escaped = (text: string) =>
  text
    .replace(/&(?!amp;)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

/** The lines in every dress, and the forms that only a page, JSON or XML has. */
export const secretBodies: readonly string[] = [
  ...lines,
  ...lines.map((line) => `Locked.\r\nHost: x\r\n${line}\r\nAccept: */*`),
  ...lines.map((line) => `<html><body><h1>423 Locked</h1><pre>${escaped(line)}</pre></body></html>`),
  ...lines.map((line) => JSON.stringify({ message: `Locked. ${line}` })),
  ...lines.map((line) => JSON.stringify({ title: 'Locked', detail: line, trace: `GET /\n${line}\nHost: x` })),
  ...lines.map((line) => JSON.stringify([{ message: line }])),
  ...lines.map((line) => JSON.stringify({ error: { code: line, message: line } })),
  ...lines.map((line) => `{"message": "cut off, ${line}`),
  ...lines.map(
    (line) =>
      `<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Locked</s:exception><s:message>${escaped(line)}</s:message></d:error>`,
  ),
  ...lines.map((line) => `<D:error xmlns:D="DAV:"><x>${escaped(line)}</x>`),
  '<d:prop xmlns:d="DAV:" xmlns:nc="http://nextcloud.org/ns"><nc:lock>1</nc:lock><nc:lock-owner>ann</nc:lock-owner><nc:lock-owner-type>2</nc:lock-owner-type><nc:lock-token>files_lock/SECRET</nc:lock-token></d:prop>',
  '<d:prop xmlns:d="DAV:" xmlns:nc="http://nextcloud.org/ns"><nc:lock>1</nc:lock><nc:lock-token>SECRET',
  '<D:error xmlns:D="DAV:"><D:no-conflicting-lock><D:href>/docs/a.md</D:href></D:no-conflicting-lock><D:lockdiscovery><D:activelock><D:locktoken><D:href>1795336479</D:href></D:locktoken></D:activelock></D:lockdiscovery></D:error>',
  '<D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock><D:locktoken><D:href>some-id-SECRET</D:href></D:locktoken></D:activelock></D:lockdiscovery></D:prop>',
  '<D:prop><D:lockdiscovery><D:activelock><D:locktoken><D:href>some-id-SECRET</D:href></D:locktoken></D:activelock></D:lockdiscovery></D:prop>',
  '<x><entry key="LOCK_HANDLE">SECRET</entry><leaseId>SECRET</leaseId><ID>SECRET</ID><password>a SECRET c</password></x>',
  '<x><name>Authorization</name><value>Custom SECRET</value></x>',
  '<html><table><tr><td>Authorization</td><td>Basic YWxpY2U6c2VjcmV0</td></tr><tr><td>Cookie</td><td>SID=SECRETCOOKIE</td></tr></table></html>',
  '<html><table>\n<tr>\n<th>Authorization</th>\n<td>Custom SECRET</td>\n</tr></table></html>',
  '<html><dl><dt>Lock-Token</dt><dd>&lt;SECRET&gt;</dd><dt>If</dt><dd>(&lt;1795336479&gt;)</dd></dl></html>',
  '{"request":{"headers":{"authorization":["Basic YWxpY2U6c2VjcmV0"],"cookie":["a=1; sid=SECRET"],"lock-token":"<SECRET>","if":"(<SECRET>)"}}}',
  '{"headers":["Authorization","Custom SECRET","Cookie","sid=SECRET"]}',
  '{"headers":[{"name":"Cookie","value":"sid=SECRET"}]}',
  '{"message":"locked","LOCK_HANDLE":"SECRET","lockHandle":"SECRET","password":"a SECRET c","pwd":"SECRET","session":{"a":"SECRET"}}',
  '{"error":{"code":"LeaseIdMissing","message":"m","leaseId":"SECRETLEASE"}}',
  '{"ID":"SECRET-ID","Who":"ann@host","Operation":"OperationTypeApply","Created":"2026-11-22T12:00:00Z","Info":""}',
  '{"message":"no","request":"{\\"password\\":\\"a SECRET c\\",\\"token\\":[\\"SECRET\\"]}"}',
  '[{"message":"no","token":"SECRET"}]',
];

export const secretAddress = resourceId('https://cloud.example/public.php/dav/files/SECRETshare/docs/a.md');

/** A refusal with that body, as it is kept. */
export function refusedWith(body: string): RecordedExchange {
  const { info, excerpt } = readRefusal({
    resource: secretAddress,
    headers: {},
    body,
  });
  const exchange = { method: 'PUT', resource: secretAddress, status: 423, ms: 5, startedAt: 50, sent: [] };
  const said = { refusal: info, ...(excerpt !== undefined && { excerpt }) };
  return toRecordedExchange({ ...exchange, headers: {}, ...said }, { mono: 100, wall: 1_000 });
}

/** The words of it that a message quotes. */
export function quotedFrom(body: string): string | undefined {
  return refusedWith(body).refusal?.reason;
}
