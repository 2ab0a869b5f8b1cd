// Rows 11, 12 and 16 to 18 of the table: refusals without a lock.
import { resourceId } from '../../../../src/core/model/resource';
import { hour, minute, Record, second, refusal } from './record';
import { tryRows, type Row } from './row';

const silent = { listingSupport: 'unproven' } as const;
const other = (path: string) => ({ resource: resourceId(`https://dav.example/${path}`) });
const fileLocked = refusal({ shape: 'sabre', codes: ['FileLocked'], reason: '"report.md" is locked' });
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
    shows: 'words of a transaction, where no lock is listed',
    made: () => new Record().answer(0, 'PUT', 423, fileLocked).look(second).look(minute).why(),
    is: ['automatic', 'medium'],
    because: ['transactionText'],
  },
  {
    row: 11,
    shows: 'words of a transaction, where locks are never listed',
    made: () => new Record(silent).answer(0, 'PUT', 423, fileLocked).silence(second).why(),
    is: ['automatic', 'low'],
    because: ['transactionText', 'serverSilent'],
  },
  {
    row: 11,
    shows: 'Retry-After where locks are never listed',
    made: () =>
      new Record(silent)
        .answer(0, 'PUT', 423, { headers: { 'retry-after': '5' } })
        .silence(second)
        .why(),
    is: ['automatic', 'low'],
  },
  {
    row: 11,
    shows: 'a refusal of this morning after one of yesterday',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423)
        .look(second)
        .answer(15 * hour, 'PUT', 423, fileLocked)
        .look(15 * hour + second)
        .why(),
    is: ['automatic', 'medium'],
  },
  {
    row: 11,
    shows: 'two short transactions that saves have ridden out',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423)
        .answer(200, 'PUT', 204)
        .answer(minute, 'PUT', 423)
        .answer(minute + 200, 'PUT', 204)
        .look(minute + second)
        .why(),
    is: ['notLocked', 'high'],
    because: ['lockCleared'],
  },
  {
    row: 11,
    shows: 'a transaction after yesterday’s lock of a colleague',
    made: () =>
      new Record()
        .look(0, locked(minute))
        .look(2 * minute)
        .answer(10 * hour, 'PUT', 423)
        .look(10 * hour + second)
        .answer(10 * hour + 20 * second, 'PUT', 204)
        .why(),
    is: ['notLocked', 'high'],
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
    is: ['notLocked', 'high'],
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
    row: 12,
    shows: 'the same, with a look after each refusal',
    made: () => {
      const record = new Record();
      for (let turn = 0; turn < 4; turn++)
        record.answer(turn * 4 * minute, 'PUT', 423).look(turn * 4 * minute + second);
      return record.look(13 * minute).why();
    },
    is: ['expiredEnforced', 'medium'],
  },
  {
    row: 12,
    shows: 'one refusal, hours ago, and nothing since',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423)
        .look(second)
        .look(3 * hour)
        .why(),
    is: ['undetermined', 'low'],
  },
  {
    row: 12,
    shows: 'a refusal after ten minutes of another kind',
    made: () =>
      new Record()
        .answer(0, 'PUT', 500)
        .answer(12 * minute, 'PUT', 423)
        .look(12 * minute + second)
        .why(),
    is: ['automatic', 'low'],
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
    shows: 'words of rights where locks are never listed',
    made: () =>
      new Record(silent)
        .answer(0, 'PUT', 423, refusal({ reason: 'This site is archived and read-only.' }))
        .silence(second)
        .why(),
    is: ['access', 'low'],
  },
  {
    row: 17,
    shows: 'words of rights instead of a lock',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, refusal({ reason: 'This site is archived and read-only.' }))
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
        .answer(0, 'PUT', 423, refusal({ shape: 'office', codes: ['589941'] }))
        .look(second)
        .why(),
    is: ['access', 'medium'],
    first: 'lockFirst',
  },
];

describe('The table of causes, without a lock', () => tryRows(rows));
