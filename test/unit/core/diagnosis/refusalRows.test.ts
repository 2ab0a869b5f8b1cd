// Rows 11 to 27 of the table: refusals without a lock, locks past their end, servers that are not in order.
import type { LockId } from '../../../../src/core/lock';
import { resourceId } from '../../../../src/core/resource';
import { at, file, hour, lease, minute, Record, second, told } from './record';
import { tryRows, type Row } from './row';

const folder = resourceId('https://dav.example/docs');
const other = (path: string) => ({ resource: resourceId(`https://dav.example/${path}`) });
const locked = (left: number | 'never', more = {}) => ({ left, ...more });

const rows: readonly Row[] = [
  {
    row: 11,
    shows: '423 without a lock and Retry-After',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, { headers: { 'retry-after': '5' } })
        .look(second)
        .why(),
    is: ['automatic', 'medium'],
    first: 'retry',
  },
  {
    row: 11,
    shows: 'a transaction of the server that cleared within a minute',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423)
        .look(second)
        .answer(20 * second, 'PUT', 204)
        .why(),
    is: ['automatic', 'high'],
  },
  {
    row: 12,
    shows: '423 without a lock for more than ten minutes',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423)
        .answer(11 * minute, 'PUT', 423)
        .look(12 * minute)
        .why(),
    is: ['expiredEnforced', 'medium'],
    first: 'contactAdmin',
  },
  {
    row: 13,
    shows: 'a counted deadline that has passed while the lock stands',
    made: () =>
      new Record()
        .look(0, locked(2 * minute))
        .look(minute, locked(minute))
        .look(4 * minute, locked(-2 * minute))
        .answer(4 * minute, 'PUT', 423)
        .why(),
    is: ['expiredEnforced', 'high'],
    first: 'breakLock',
  },
  {
    row: 14,
    shows: 'a lock that is listed with no time left, twice',
    made: () =>
      new Record()
        .look(0, locked(0))
        .look(15 * second, locked(0))
        .answer(16 * second, 'PUT', 423)
        .why(),
    is: ['expiredEnforced', 'high'],
  },
  {
    row: '13, static',
    shows: 'the same time left for longer than that time',
    made: () => {
      const record = new Record();
      for (let look = 0; look <= 15; look++) record.look(look * minute, locked(10 * minute));
      return record.answer(15 * minute, 'PUT', 423).why();
    },
    is: ['expiredEnforced', 'low'],
  },
  {
    row: 15,
    shows: 'an old lock of ours that could not be refreshed',
    made: () =>
      new Record({ formerIds: new Set(['lock-1' as LockId]) })
        .look(0, locked(minute))
        .answer(second, 'PUT', 423)
        .why(),
    is: ['expiredEnforced', 'high'],
  },
  {
    row: 16,
    shows: '423 without a lock, and without the right to write',
    made: () => new Record({ rights: { write: false } }).answer(0, 'PUT', 423).look(second).why(),
    is: ['access', 'high'],
    first: 'contactAdmin',
  },
  {
    row: 17,
    shows: 'words of rights instead of a lock',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, told({ reason: 'This site is archived and read-only.' }))
        .look(second)
        .why(),
    is: ['access', 'medium'],
  },
  {
    row: 17,
    shows: 'all of the folder refused, LOCK as well',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, other('docs/a.md'))
        .answer(second, 'PUT', 423, other('docs/b.md'))
        .answer(2 * second, 'LOCK', 403)
        .answer(3 * second, 'PUT', 423)
        .look(4 * second)
        .why(),
    is: ['access', 'medium'],
  },
  {
    row: 18,
    shows: 'a server that wants a check-out first',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, told({ shape: 'office', codes: ['589941'] }))
        .look(second)
        .why(),
    is: ['access', 'medium'],
    first: 'lockFirst',
  },
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
    row: 21,
    shows: 'a server that claims locks and cannot lock',
    made: () =>
      new Record({ habit: 'unproven', rights: { claimsLocks: true } })
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
  },
  {
    row: 22,
    shows: 'a refusal by a firewall, reading included',
    made: () =>
      new Record()
        .answer(0, 'GET', 423)
        .answer(second, 'PUT', 423, told({ shape: 'html', from: 'gateway' }))
        .why(),
    is: ['serverFault', 'medium'],
  },
  {
    row: 23,
    shows: 'a server that never lists locks',
    made: () => new Record({ habit: 'unproven' }).answer(0, 'PUT', 423).silence(second).why(),
    is: ['undetermined', 'low'],
    first: 'retry',
  },
  {
    row: 24,
    shows: 'the same, cleared soon',
    made: () =>
      new Record({ habit: 'unproven' })
        .answer(0, 'PUT', 423)
        .answer(minute, 'PUT', 204)
        .why(minute + second, { state: { kind: 'unknown', why: 'notListed', at: at(minute) } }),
    is: ['automatic', 'low'],
  },
  {
    row: 25,
    shows: 'the same, cleared late',
    made: () =>
      new Record({ habit: 'unproven' })
        .answer(0, 'PUT', 423)
        .answer(hour, 'PUT', 204)
        .why(hour + second, { state: { kind: 'unknown', why: 'notListed', at: at(hour) } }),
    is: ['editedByOther', 'low'],
  },
  {
    row: 26,
    shows: 'the same for more than a day',
    made: () =>
      new Record({ habit: 'unproven' })
        .answer(0, 'PUT', 423)
        .answer(24.5 * hour, 'PUT', 423)
        .silence(24.5 * hour)
        .why(),
    is: ['expiredEnforced', 'low'],
    first: 'contactAdmin',
  },
  {
    row: 27,
    shows: 'a 207 with a 423 inside',
    made: () =>
      new Record()
        .look(0, locked(10 * minute))
        .answer(
          second,
          'PUT',
          207,
          told({
            members: [
              { resource: folder, status: 424 },
              { resource: file, status: 423 },
            ],
          }),
        )
        .why(),
    is: ['editedByOther', 'medium'],
  },
  {
    row: 'none',
    shows: 'a free file',
    made: () => new Record().look(0).why(),
    is: ['notLocked', 'high'],
  },
];

describe('The table of causes, without locks', () => tryRows(rows));
