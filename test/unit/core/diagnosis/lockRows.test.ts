// Rows 1 to 10 of the table: refusals by right or condition, our own locks, locks of people and programs.
import { resourceId } from '../../../../src/core/resource';
import { hour, lease, minute, Record, second, told } from './record';
import { tryRows, type Row } from './row';

const folder = resourceId('https://dav.example/docs');
const locked = (left: number | 'never', more = {}) => ({ left, ...more });

const rows: readonly Row[] = [
  {
    row: 1,
    shows: '401 although nothing was read',
    made: () => new Record().answer(0, 'PUT', 401).why(),
    is: ['access', 'high'],
    first: 'signIn',
  },
  {
    row: 1,
    shows: '401 on writing with a password that reads',
    made: () => new Record().answer(0, 'PROPFIND', 207).answer(second, 'PUT', 401).why(),
    is: ['access', 'high'],
    first: 'contactAdmin',
  },
  {
    row: 1,
    shows: '403 with need-privileges',
    made: () => new Record().answer(0, 'PUT', 403, told({ codes: ['need-privileges'] })).why(),
    is: ['access', 'high'],
  },
  {
    row: 2,
    shows: '412, our lock stands, the content differs',
    made: () =>
      new Record({ leases: [lease()], content: 'changed' })
        .look(0, { left: minute, holder: { self: 'thisWindow' } })
        .answer(second, 'PUT', 412, { sent: ['if', 'if-match'] })
        .why(),
    is: ['contentChanged', 'high'],
    first: 'compare',
  },
  {
    row: 3,
    shows: '412, our lock stands, the content is the same',
    made: () =>
      new Record({ leases: [lease()], content: 'same' })
        .look(0, { left: minute, holder: { self: 'thisWindow' } })
        .answer(second, 'PUT', 412, { sent: ['if', 'if-match'] })
        .why(),
    is: ['serverFault', 'medium'],
    first: 'retry',
  },
  {
    row: 4,
    shows: '412, and our lock is not listed any more',
    made: () =>
      new Record({ leases: [lease('ours')] })
        .answer(0, 'PUT', 412, { sent: ['if'] })
        .look(second)
        .why(),
    is: ['leaseLost', 'high'],
  },
  {
    row: 5,
    shows: '423 to a request without our listed lock',
    made: () =>
      new Record({ leases: [lease()] })
        .look(0, { left: minute, holder: { self: 'thisWindow' } })
        .answer(second, 'PUT', 423)
        .why(),
    is: ['ownLock', 'high'],
    first: 'retry',
  },
  {
    row: 6,
    shows: 'the same person from another machine',
    made: () =>
      new Record()
        .look(0, { left: minute, holder: { self: 'elsewhere', host: 'LAPTOP-7' } })
        .answer(second, 'PUT', 423)
        .why(),
    is: ['ownLock', 'high'],
    first: 'breakLock',
  },
  {
    row: 7,
    shows: '423 although our listed lock went along, twice',
    made: () =>
      new Record({ leases: [lease()] })
        .look(0, { left: minute, holder: { self: 'thisWindow' } })
        .answer(second, 'PUT', 423, { sent: ['if'] })
        .answer(2 * second, 'PUT', 423, { sent: ['if'] })
        .why(),
    is: ['serverFault', 'high'],
    first: 'copyReport',
  },
  {
    row: 8,
    shows: 'a lock that was seen to be refreshed',
    made: () =>
      new Record()
        .look(0, locked(10 * minute))
        .look(minute, locked(9 * minute))
        .look(5 * minute, locked(10 * minute))
        .why(),
    is: ['editedByOther', 'high'],
    first: 'wait',
  },
  {
    row: 8,
    shows: 'a young lock with its end ahead',
    made: () =>
      new Record()
        .look(0, locked(10 * minute))
        .answer(second, 'PUT', 423)
        .why(),
    is: ['editedByOther', 'medium'],
  },
  {
    row: 9,
    shows: 'a lock without an end',
    made: () => new Record().look(0, locked('never')).look(minute, locked('never')).why(),
    is: ['lockedByHand', 'medium'],
    first: 'contactHolder',
  },
  {
    row: 9,
    shows: 'a lock of Git LFS',
    made: () =>
      new Record()
        .look(0, locked('never'))
        .answer(second, 'PUT', 409, told({ shape: 'gitLfs' }))
        .why(),
    is: ['lockedByHand', 'high'],
  },
  {
    row: 10,
    shows: 'a folder locked by a backup service',
    made: () =>
      new Record().look(0, { left: 'never', root: folder, holder: { name: 'backup-service' } }).why(),
    is: ['automatic', 'high'],
    first: 'wait',
  },
  {
    row: 10,
    shows: 'a holder that sounds like a program',
    made: () => new Record().look(0, { left: minute, holder: { name: 'BackupService' } }).why(),
    is: ['automatic', 'medium'],
  },
  {
    row: 10,
    shows: 'an old lock on the folder by a person',
    made: () => new Record().look(0, { left: hour, root: folder, since: -5 * hour }).why(),
    is: ['automatic', 'medium'],
  },
];

describe('The table of causes, with locks', () => tryRows(rows));
