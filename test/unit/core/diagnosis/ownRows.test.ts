// Rows 1 to 7 of the table: refusals by right or condition, and our own locks.
import { lease, minute, Record, second, refusal } from './record';
import { tryRows, type Row } from './row';

const silent = { listingSupport: 'unproven' } as const;
const reportedAnn = { name: 'Ann Lee', contacts: [], assertedBy: 'server' } as const;
const wrongHandle = refusal({ shape: 'adt', codes: ['ExceptionResourceInvalidLockHandle'] });

const rows: readonly Row[] = [
  {
    row: 1,
    shows: '401 although nothing was read',
    made: () => new Record().answer(0, 'PUT', 401).why(),
    is: ['signIn', 'high'],
    first: 'signIn',
  },
  {
    row: 1,
    shows: '401 on writing with a password that reads what nobody else may',
    made: () =>
      new Record()
        .answer(-second, 'PROPFIND', 401)
        .silence(0)
        .answer(second, 'PUT', 401, { signed: true })
        .why(),
    is: ['access', 'high'],
    first: 'contactAdmin',
  },
  {
    row: 1,
    shows: '401 on writing where everybody may read',
    made: () => new Record().answer(0, 'PROPFIND', 207).answer(second, 'PUT', 401, { signed: true }).why(),
    is: ['signIn', 'high'],
    first: 'signIn',
  },
  {
    row: 1,
    shows: '403 with need-privileges',
    made: () => new Record().answer(0, 'PUT', 403, refusal({ codes: ['need-privileges'] })).why(),
    is: ['access', 'high'],
  },
  {
    row: '1, 403',
    shows: 'a missing right whose body names the account',
    made: () =>
      new Record(silent)
        .answer(
          0,
          'PUT',
          403,
          refusal({ shape: 'json', holder: reportedAnn, reason: 'You may not write here.' }),
        )
        .why(),
    is: ['access', 'medium'],
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
    row: 4,
    shows: 'a lock of ours that was listed and is gone',
    made: () =>
      new Record({ leases: [lease('ours')] })
        .answer(0, 'LOCK', 200)
        .look(second, { id: 'ours', left: 10 * minute, holder: { self: 'thisWindow' } })
        .look(minute)
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
    row: 5,
    shows: 'our own lock, and nothing refused',
    made: () => new Record({ leases: [lease()] }).answer(0, 'LOCK', 200).why(),
    is: ['ownLock', 'high'],
    because: ['ownHeld'],
  },
  {
    row: 6,
    shows: 'the same installation from another window',
    made: () =>
      new Record()
        .look(0, { left: minute, holder: { self: 'elsewhere', matchedBy: 'installation' } })
        .answer(second, 'PUT', 423)
        .why(),
    is: ['ownLock', 'high'],
    first: 'breakLock',
  },
  {
    row: 6,
    shows: 'the same account by the server’s word',
    made: () =>
      new Record()
        .look(0, { left: minute, holder: { self: 'elsewhere', assertedBy: 'server' } })
        .answer(second, 'PUT', 423)
        .why(),
    is: ['ownLock', 'high'],
  },
  {
    row: 6,
    shows: 'a machine and an account that only the lock’s text tells',
    made: () =>
      new Record()
        .look(0, { left: minute, holder: { self: 'elsewhere', host: 'BOB-PC', matchedBy: 'account' } })
        .answer(second, 'PUT', 423)
        .why(),
    is: ['ownLock', 'low'],
    first: 'wait',
  },
  {
    row: 6,
    shows: 'another program that wrote our account into its lock',
    made: () =>
      new Record()
        .look(0, { left: minute, holder: { name: 'alice', matchedBy: 'account' } })
        .answer(second, 'PUT', 423)
        .why(),
    is: ['ownLock', 'low'],
  },
  {
    row: 7,
    shows: 'a lock handle that SAP does not take',
    made: () => new Record(silent).answer(0, 'PUT', 423, { ...wrongHandle, sent: ['if'] }).why(),
    is: ['leaseLost', 'medium'],
    first: 'lockFirst',
  },
  {
    row: 7,
    shows: 'the same where no lock was sent',
    made: () => new Record(silent).answer(0, 'PUT', 423, wrongHandle).why(),
    is: ['access', 'medium'],
    first: 'lockFirst',
  },
  {
    row: 7,
    shows: 'a lock owner that Graph does not take',
    made: () =>
      new Record(silent)
        .answer(0, 'PUT', 409, { ...refusal({ shape: 'odata', codes: ['lockOwnerMismatch'] }), sent: ['if'] })
        .why(),
    is: ['leaseLost', 'medium'],
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
];

describe('The table of causes, rights and our own locks', () => tryRows(rows));
