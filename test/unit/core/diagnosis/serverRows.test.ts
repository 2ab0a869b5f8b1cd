// Rows 19 to 22 of the table: servers that are not in order.
import type { LockId } from '../../../../src/core/model/lock';
import { resourceId } from '../../../../src/core/model/resource';
import { ann, at, lease, minute, Record, second, refusal } from './record';
import { tryRows, type Row } from './row';

const silent = { listingSupport: 'unproven' } as const;
const other = (path: string) => ({ resource: resourceId(`https://dav.example/${path}`) });
const fileLocked = refusal({ shape: 'sabre', codes: ['FileLocked'], reason: '"report.md" is locked' });
const marked = { server: 'Apache', 'x-azure-ref': '0abc' };
const byGateway = refusal({ shape: 'html', from: 'gateway', reason: '423 Locked' });
const ours = { id: 'ours', left: 10 * minute, holder: { self: 'thisWindow' } } as const;
const locked = (left: number | 'never', more = {}) => ({ left, ...more });

const rows: readonly Row[] = [
  {
    row: 19,
    shows: 'three folders refused at once',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, other('a/1.md'))
        .answer(second, 'PUT', 423, other('b/2.md'))
        .answer(2 * second, 'PUT', 423)
        .look(3 * second)
        .why(),
    is: ['serverFault', 'medium'],
  },
  {
    row: 19,
    shows: 'three folders with a transaction in each',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, { ...other('a/1.md'), ...fileLocked })
        .answer(second, 'PUT', 423, { ...other('b/2.md'), ...fileLocked })
        .answer(2 * second, 'PUT', 423, fileLocked)
        .look(3 * second)
        .why(),
    is: ['automatic', 'medium'],
  },
  {
    row: 19,
    shows: 'three folders where locks are never listed: colleagues, for all that is known',
    made: () =>
      new Record(silent)
        .answer(0, 'PUT', 423, other('a/1.md'))
        .answer(second, 'PUT', 423, other('b/2.md'))
        .answer(2 * second, 'PUT', 423)
        .silence(3 * second)
        .why(),
    is: ['undetermined', 'low'],
  },
  {
    row: 19,
    shows: 'two colleagues’ locked files, and this one',
    made: () => {
      const record = new Record();
      for (const [index, path] of ['a/1.md', 'b/2.md'].entries()) {
        const { resource } = other(path);
        record.answer(index * second, 'PUT', 423, { resource });
        const id = `l${index}` as LockId;
        const lock = { source: 'listing', id, scope: 'exclusive', depth: 'self', holder: ann } as const;
        const locks = [{ ...lock, expiry: { kind: 'never' } as const }];
        const entries = [{ resource, listing: { locks, reported: true } }];
        record.store.apply({ kind: 'listed', entries, at: at(index * second + 100) });
      }
      return record
        .answer(3 * second, 'PUT', 423)
        .look(4 * second)
        .why();
    },
    is: ['automatic', 'low'],
  },
  {
    row: 19,
    shows: 'the same during maintenance',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, other('a/1.md'))
        .answer(second, 'PUT', 423, { ...other('b/2.md'), excerpt: 'Down for maintenance' })
        .answer(2 * second, 'PUT', 423)
        .look(3 * second)
        .why(),
    is: ['automatic', 'medium'],
  },
  {
    row: 20,
    shows: 'a lock that comes and goes and comes again',
    made: () =>
      new Record()
        .look(0, locked(10 * minute))
        .look(second)
        .look(2 * second, locked(10 * minute))
        .look(3 * second)
        .look(4 * second, locked(10 * minute))
        .why(),
    is: ['serverFault', 'high'],
    first: 'contactAdmin',
  },
  {
    row: 20,
    shows: 'saves that are refused and taken in turn, where locks are never listed',
    made: () => {
      const record = new Record(silent);
      for (let turn = 0; turn < 4; turn++) record.answer(turn * 20 * second, 'PUT', turn % 2 ? 204 : 423);
      return record.why();
    },
    is: ['serverFault', 'medium'],
    because: ['savesAlternate'],
  },
  {
    row: 20,
    shows: 'saves refused under locks that came and went, and for other reasons',
    made: () =>
      new Record()
        .look(0, locked(10 * minute))
        .answer(second, 'PUT', 423)
        .look(20 * second)
        .answer(21 * second, 'PUT', 204)
        .answer(40 * second, 'PUT', 412)
        .answer(60 * second, 'PUT', 204)
        .answer(80 * second, 'PUT', 500)
        .answer(100 * second, 'PUT', 204)
        .look(110 * second, locked(10 * minute, { id: 'lock-2' }))
        .answer(111 * second, 'PUT', 423)
        .why(),
    is: ['editedByOther', 'medium'],
  },
  {
    row: 21,
    shows: 'a server that asks for time',
    made: () =>
      new Record({ rights: { claimsLocks: true } })
        .answer(0, 'LOCK', 503, { headers: { 'retry-after': '30' } })
        .look(second)
        .why(),
    is: ['serverFault', 'medium'],
    first: 'retry',
    because: ['serverErrors', 'retryAfter'],
  },
  {
    row: 21,
    shows: 'a gateway that lost its server',
    made: () => new Record({ rights: { claimsLocks: true } }).answer(0, 'LOCK', 502).look(second).why(),
    is: ['serverFault', 'medium'],
  },
  {
    row: 21,
    shows: 'another file that could not be locked, and a free one',
    made: () =>
      new Record({ rights: { claimsLocks: true } })
        .answer(0, 'LOCK', 500, other('x/y.md'))
        .look(20 * minute)
        .why(),
    is: ['notLocked', 'high'],
  },
  {
    row: 21,
    shows: 'a server that claims locks and cannot lock',
    made: () =>
      new Record({ listingSupport: 'unproven', rights: { claimsLocks: true } })
        .answer(0, 'LOCK', 500)
        .answer(second, 'PUT', 500)
        .why(),
    is: ['serverFault', 'high'],
  },
  {
    row: 21,
    shows: 'a granted lock that is not listed',
    made: () => new Record({ leases: [lease('ours')] }).answer(0, 'LOCK', 200).look(second).why(),
    is: ['serverFault', 'high'],
    because: ['lockUnlisted'],
  },
  {
    row: 21,
    shows: 'the same a minute later, after a refresh',
    made: () =>
      new Record({ leases: [lease('ours')] })
        .answer(0, 'LOCK', 200)
        .look(second)
        .answer(2 * second, 'LOCK', 200, { sent: ['if'] })
        .look(minute)
        .look(2 * minute)
        .why(),
    is: ['serverFault', 'high'],
    because: ['lockUnlisted'],
  },
  {
    row: 21,
    shows: 'a granted lock that one look did not show and the next does',
    made: () =>
      new Record({ leases: [lease('ours')] })
        .answer(0, 'LOCK', 200)
        .look(second)
        .look(20 * second, ours)
        .look(30 * second, ours)
        .why(),
    is: ['ownLock', 'high'],
  },
  {
    row: 4,
    shows: 'a granted lock that nobody looked for until minutes later',
    made: () =>
      new Record({ leases: [lease('ours')] })
        .answer(0, 'LOCK', 200)
        .look(5 * minute)
        .why(),
    is: ['leaseLost', 'high'],
  },
  {
    row: 11,
    shows: 'a 423 mixed with 503, on LOCK as well',
    made: () =>
      new Record({ rights: { claimsLocks: true } })
        .answer(0, 'LOCK', 503)
        .answer(second, 'PUT', 423)
        .look(2 * second)
        .why(),
    is: ['automatic', 'medium'],
  },
  {
    row: 20,
    shows: 'transactions of twenty seconds each, where locks are listed',
    made: () => {
      const record = new Record();
      for (let turn = 0; turn < 4; turn++)
        record.answer(turn * 20 * second, 'PUT', turn % 2 ? 204 : 423).look(turn * 20 * second + second);
      return record.why();
    },
    is: ['notLocked', 'high'],
  },
  {
    row: 20,
    shows: 'short locks that saves have ridden out, where locks are never listed',
    made: () => {
      const record = new Record(silent);
      for (let turn = 0; turn < 3; turn++)
        record.answer(turn * 20 * second, 'PUT', 423).answer(turn * 20 * second + 400, 'PUT', 204);
      return record.why();
    },
    is: ['notLocked', 'high'],
  },
  {
    row: 22,
    shows: 'a refusal by a firewall, reading included',
    made: () =>
      new Record()
        .answer(0, 'GET', 423)
        .answer(second, 'PUT', 423, refusal({ shape: 'html', from: 'gateway' }))
        .why(),
    is: ['serverFault', 'medium'],
  },
  {
    row: 22,
    shows: 'the mark of a gateway that all answers carry, and a transaction',
    made: () =>
      new Record()
        .answer(0, 'GET', 200, { headers: marked })
        .answer(second, 'PUT', 423, { ...byGateway, headers: marked })
        .look(2 * second)
        .why(),
    is: ['automatic', 'low'],
  },
  {
    row: 22,
    shows: 'the mark of a gateway that other answers do not carry',
    made: () =>
      new Record()
        .answer(0, 'GET', 200, { headers: { server: 'Apache' } })
        .answer(second, 'PUT', 423, { ...byGateway, headers: marked })
        .look(2 * second)
        .why(),
    is: ['serverFault', 'medium'],
  },
  {
    row: 22,
    shows: 'the mark of a gateway on the refusal that a listed lock explains',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, { ...byGateway, headers: marked })
        .look(second, locked(5 * minute))
        .why(),
    is: ['editedByOther', 'medium'],
  },
];

describe('The table of causes, the server', () => tryRows(rows));
