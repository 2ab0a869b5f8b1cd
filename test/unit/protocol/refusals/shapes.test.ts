// Refusals as servers write them, and what is read out of each.
import assert from 'node:assert/strict';
import type { RefusalInfo } from '../../../../src/core/model/refusalInfo';
import { resourceId } from '../../../../src/core/model/resource';
import { readRefusal } from '../../../../src/protocol/refusals/read';

const resource = resourceId('https://dav.example/docs/a.md');
const read = (body: string, headers: Record<string, string> = {}) =>
  readRefusal({ resource, headers, body }).info;
const json = (value: unknown, headers = {}) => read(JSON.stringify(value), headers);
const seen = ({ shape, from, holder, until, since, reason, codes }: RefusalInfo) => ({
  shape,
  from,
  ...(holder && { who: holder.name, by: holder.assertedBy }),
  ...(until !== undefined && { until }),
  ...(since !== undefined && { since }),
  ...(reason !== undefined && { reason }),
  ...(codes.length > 0 && { codes }),
});
const noon = Date.parse('2026-11-22T12:00:00Z');

describe('The body of a refusal', () => {
  it('by RFC 4918 names its condition', () => {
    const body =
      '<D:error xmlns:D="DAV:"><D:lock-token-submitted><D:href>/docs/</D:href></D:lock-token-submitted></D:error>';
    assert.deepEqual(seen(read(body)), { shape: 'dav', from: 'server', codes: ['lock-token-submitted'] });
  });

  it('inside a 207 counts per member', () => {
    const member = (href: string, status: string) =>
      `<D:response><D:href>${href}</D:href><D:status>HTTP/1.1 ${status}</D:status></D:response>`;
    const body = `<D:multistatus xmlns:D="DAV:">${member('/docs/', '424 Failed Dependency')}${member('/docs/a.md', '423 Locked')}</D:multistatus>`;
    assert.deepEqual(
      read(body).members?.map(({ status }) => status),
      [424, 423],
    );
  });

  it('of sabre and Nextcloud names its exception', () => {
    const body =
      '<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>OCA\\DAV\\Connector\\Sabre\\Exception\\FileLocked</s:exception><s:message>"a.md" is locked</s:message></d:error>';
    assert.deepEqual(seen(read(body)), {
      shape: 'sabre',
      from: 'server',
      reason: '"a.md" is locked',
      codes: ['FileLocked'],
    });
  });

  it('of files_lock gives the holder that the server vouches for', () => {
    const body =
      '<d:prop xmlns:d="DAV:" xmlns:nc="http://nextcloud.org/ns"><nc:lock>1</nc:lock><nc:lock-owner>ann</nc:lock-owner><nc:lock-owner-displayname>Ann Lee</nc:lock-owner-displayname><nc:lock-owner-type>0</nc:lock-owner-type>' +
      `<nc:lock-time>${noon / 1000}</nc:lock-time><nc:lock-timeout>600</nc:lock-timeout></d:prop>`;
    const told = seen(read(body));
    assert.deepEqual(told, {
      shape: 'nextcloud',
      from: 'server',
      who: 'Ann Lee',
      by: 'server',
      since: noon,
      until: noon + 600_000,
    });
  });

  it('of SharePoint is a header', () => {
    const refusal = read('', {
      'x-msdavext_error': '589838; The%20file%20is%20checked%20out%20by%20Ann%20Lee.',
    });
    assert.deepEqual([refusal.shape, refusal.codes, refusal.holder?.name], ['office', ['589838'], 'Ann Lee']);
  });

  it('as problem details tells holder and end within its sentence', () => {
    const refusal = json(
      {
        type: 'https://kestra.example/problems/resource-leased',
        title: 'Locked',
        detail: "Lease on 'ASSET'.'x' is held until 2026-11-22T12:00:00Z by USER 'ann@example.org'",
      },
      { 'content-type': 'application/problem+json' },
    );
    assert.deepEqual(
      [refusal.shape, refusal.codes, refusal.until, refusal.holder?.name],
      ['problem', ['resource-leased'], noon, 'ann@example.org'],
    );
    assert.equal(refusal.holder?.assertedBy, 'client');
  });

  it('of Graph gives every code of the chain', () => {
    const refusal = json({
      error: { code: 'notAllowed', message: 'Locked.', innerError: { code: 'resourceLocked' } },
    });
    assert.deepEqual([refusal.shape, refusal.codes], ['odata', ['notAllowed', 'resourceLocked']]);
  });

  it('of Git LFS gives the lock', () => {
    const refusal = json({
      message: 'already created lock',
      lock: { id: '1', path: 'a', locked_at: '2026-11-22T12:00:00Z', owner: { name: 'Ann Lee' } },
    });
    assert.deepEqual(seen(refusal), {
      shape: 'gitLfs',
      from: 'server',
      who: 'Ann Lee',
      by: 'server',
      until: 'never',
      since: noon,
      reason: 'already created lock',
    });
  });

  it('of Terraform gives who took it, as they named themselves', () => {
    const refusal = json({
      ID: 'x',
      Operation: 'OperationTypeApply',
      Who: 'ann@host',
      Created: '2026-11-22T12:00:00Z',
      Info: '',
    });
    assert.deepEqual(
      [refusal.shape, refusal.holder?.name, refusal.holder?.assertedBy, refusal.since],
      ['terraform', 'ann@host', 'client', noon],
    );
  });

  it('of SAP ADT gives the type, and Azure its header', () => {
    const adt =
      '<exc:exception xmlns:exc="http://www.sap.com/abapxml/types/communicationframework"><type id="ExceptionResourceInvalidLockHandle"/><message>Resource is not locked</message></exc:exception>';
    assert.deepEqual(read(adt).codes, ['ExceptionResourceInvalidLockHandle']);
    assert.deepEqual(read('', { 'x-ms-error-code': 'LeaseIdMissing' }).codes, ['LeaseIdMissing']);
  });

  it('of Subversion says in words who holds it', () => {
    const body =
      '<?xml version="1.0" encoding="utf-8"?><D:error xmlns:D="DAV:" xmlns:m="http://apache.org/dav/xmlns" xmlns:C="svn:"><C:error/>' +
      "<m:human-readable errcode=\"160035\">Path '/a.md' is already locked by user 'bob' in filesystem '/x'</m:human-readable></D:error>";
    assert.deepEqual(seen(read(body)), {
      shape: 'dav',
      from: 'server',
      who: 'bob',
      by: 'client',
      reason: "Path '/a.md' is already locked by user 'bob' in filesystem '/x'",
      codes: ['error'],
    });
  });

  it('of sabre is read as a sentence too', () => {
    const body =
      '<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\Locked</s:exception><s:message>Resource is locked by ann</s:message></d:error>';
    assert.deepEqual([read(body).holder?.name, read(body).holder?.assertedBy], ['ann', 'client']);
  });

  it('as problem details believes its own members more than its sentence', () => {
    const refusal = json({
      type: 'about:blank',
      title: 'Locked',
      detail: 'The file is locked by bob until 2026-11-22T11:00:00Z',
      lockedBy: 'Ann Lee',
      until: '2026-11-22T12:00:00Z',
    });
    assert.deepEqual(
      [refusal.shape, refusal.holder?.name, refusal.holder?.assertedBy, refusal.until],
      ['problem', 'Ann Lee', 'server', noon],
    );
    assert.equal(refusal.reason, 'The file is locked by bob until 2026-11-22T11:00:00Z');
  });

  for (const key of ['user', 'username'])
    it(`in plain JSON tells by ${key} who asked, unless it is of the lock`, () => {
      assert.equal(json({ message: 'Resource is locked', [key]: 'alice', path: '/a' }).holder, undefined);
      assert.equal(json({ error: { message: 'Locked', [key]: 'alice' } }).holder, undefined);
      assert.equal(json({ lock: { [key]: 'Ann Lee' } }).holder?.name, 'Ann Lee');
      assert.equal(json({ [key]: 'Ann Lee', lockedAt: noon }).holder?.name, 'Ann Lee');
      const nested = json({ data: { lock: { [key]: { name: 'Ann Lee', email: 'ann@example.org' } } } });
      assert.deepEqual(nested.holder?.contacts, [{ kind: 'mail', uri: 'mailto:ann@example.org' }]);
    });

  it('in a list of JSON is read alike', () => {
    const refusal = json([{ errorCode: 'LOCKED', message: 'The file is locked by "Ann Lee"' }]);
    assert.deepEqual([refusal.shape, refusal.codes, refusal.holder?.name], ['json', ['LOCKED'], 'Ann Lee']);
  });

  for (const key of ['lockedBy', 'locked_by', 'LOCK-OWNER', 'holder', 'who', 'owner', 'createdBy'])
    it(`in plain JSON may call the holder ${key}`, () => {
      assert.equal(json({ error: { [key]: 'Ann Lee' } }).holder?.name, 'Ann Lee');
      const nested = json({ data: { lock: { [key]: { name: 'Ann Lee', email: 'ann@example.org' } } } });
      assert.deepEqual(nested.holder?.contacts, [{ kind: 'mail', uri: 'mailto:ann@example.org' }]);
    });

  for (const key of ['expires', 'expires_at', 'lockedUntil', 'until', 'expirationDateTime', 'leaseExpiresAt'])
    it(`in plain JSON may call the end ${key}, as text, seconds or milliseconds`, () => {
      for (const value of ['2026-11-22T12:00:00Z', noon / 1000, noon, String(noon / 1000)])
        assert.equal(json({ [key]: value }).until, noon);
    });

  it('as a page or text is read as a sentence', () => {
    const page =
      '<!DOCTYPE html><html><head><title>423</title></head><body><p>Resource already locked by ann</p></body></html>';
    assert.deepEqual([read(page).shape, read(page).holder?.name], ['html', 'ann']);
    assert.equal(read('The path is locked by "Ann Lee" since noon.').holder?.name, 'Ann Lee');
    for (const nobody of ['another user', 'policy', 'retention policy', 'your session', 'default'])
      assert.equal(read(`Locked by ${nobody}`).holder, undefined, nobody);
  });

  it('that says nothing is none', () => {
    assert.deepEqual(seen(read('')), { shape: 'none', from: 'unknown' });
  });
});

describe('A refusal by something in front of the server', () => {
  const page = '<html><body>Request blocked. Support ID: 123</body></html>';

  it('is told apart by its words, its name and the usual name of the server', () => {
    assert.equal(read(page, { server: 'Apache' }).from, 'gateway');
    assert.equal(read('<html>Locked</html>', { server: 'cloudflare' }).from, 'gateway');
    const other = {
      method: 'PUT',
      resource,
      status: 423,
      headers: { server: 'Apache' },
      body: '<html>Locked</html>',
    };
    assert.equal(readRefusal({ ...other, product: 'SomeDav/1.0' }).info.from, 'gateway');
    assert.equal(readRefusal({ ...other, product: 'Apache/2.4' }).info.from, 'server');
  });

  it('is not seen where the server itself speaks behind a proxy', () => {
    const body = '<D:error xmlns:D="DAV:"><D:lock-token-submitted/></D:error>';
    assert.equal(read(body, { server: 'cloudflare', via: '1.1 edge' }).from, 'server');
  });
});
