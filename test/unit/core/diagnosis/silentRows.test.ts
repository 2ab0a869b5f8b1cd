// Rows 13 to 15 and 23 to 27 of the table: locks past their end, servers that tell nothing, and what is inside a 207.
import { resourceId } from '../../../../src/core/model/resource';
import { at, file, hour, minute, Record, second, refusal } from './record';
import { tryRows, type Row } from './row';

const folder = resourceId('https://dav.example/docs');
const silent = { listingSupport: 'unproven' } as const;
const locked = (left: number | 'never', more = {}) => ({ left, ...more });

const rows: readonly Row[] = [
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
    row: 15,
    shows: 'an old lock of ours that could not be refreshed',
    made: () =>
      new Record()
        .look(-2 * second, { ...locked(minute), holder: { self: 'thisWindow' } })
        .look(-second)
        .look(0, locked(minute))
        .answer(second, 'PUT', 423)
        .why(),
    is: ['expiredEnforced', 'high'],
  },
  {
    row: 23,
    shows: 'a server that never lists locks',
    made: () => new Record({ listingSupport: 'unproven' }).answer(0, 'PUT', 423).silence(second).why(),
    is: ['undetermined', 'low'],
    first: 'retry',
  },
  {
    row: 24,
    shows: 'the same, cleared soon',
    made: () =>
      new Record({ listingSupport: 'unproven' })
        .answer(0, 'PUT', 423)
        .answer(minute, 'PUT', 204)
        .why(minute + second, { state: { kind: 'unknown', why: 'notListed', at: at(minute) } }),
    is: ['notLocked', 'high'],
  },
  {
    row: 25,
    shows: 'the same, cleared late',
    made: () =>
      new Record({ listingSupport: 'unproven' })
        .answer(0, 'PUT', 423)
        .answer(hour, 'PUT', 204)
        .why(hour + second, { state: { kind: 'unknown', why: 'notListed', at: at(hour) } }),
    is: ['notLocked', 'high'],
  },
  {
    row: 26,
    shows: 'the same for more than a day',
    made: () => {
      const record = new Record(silent);
      for (let turn = 0; turn <= 50; turn++) record.answer((turn * hour) / 2, 'PUT', 423);
      return record.silence(25 * hour).why();
    },
    is: ['expiredEnforced', 'low'],
    first: 'contactAdmin',
  },
  {
    row: 26,
    shows: 'a refusal of yesterday and one of today, with nothing known between them',
    made: () =>
      new Record(silent)
        .answer(0, 'PUT', 423)
        .answer(24.5 * hour, 'PUT', 423)
        .silence(24.5 * hour)
        .why(),
    is: ['undetermined', 'low'],
  },
  {
    row: 27,
    shows: 'a 207 with a 423 inside',
    made: () =>
      new Record(silent)
        .answer(
          0,
          'PUT',
          207,
          refusal({
            members: [
              { resource: folder, status: 424 },
              { resource: file, status: 423 },
            ],
          }),
        )
        .why(),
    is: ['undetermined', 'low'],
    because: ['serverSilent', 'refusedOnce'],
  },
  {
    row: 'none',
    shows: 'a free file',
    made: () => new Record().look(0).why(),
    is: ['notLocked', 'high'],
  },
];

describe('The table of causes, ends and silence', () => tryRows(rows));
