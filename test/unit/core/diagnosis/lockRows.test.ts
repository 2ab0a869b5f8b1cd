// Rows 8 to 10 of the table: locks of people and programs.
import { resourceId } from '../../../../src/core/model/resource';
import { hour, minute, Record, second, start, refusal } from './record';
import { tryRows, type Row } from './row';

const folder = resourceId('https://dav.example/docs');
const silent = { listingSupport: 'unproven' } as const;
const byHand = { byHand: true, id: '', holder: { assertedBy: 'server' } } as const;
const desk = { holder: { name: 'Ann Lee (Service Desk)' } };
const reportedAnn = { name: 'Ann Lee', contacts: [], assertedBy: 'server' } as const;
const locked = (left: number | 'never', more = {}) => ({ left, ...more });

const rows: readonly Row[] = [
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
    row: 8,
    shows: 'a refreshed lock of somebody at a service desk',
    made: () =>
      new Record()
        .look(0, locked(10 * minute, desk))
        .look(minute, locked(9 * minute, desk))
        .look(5 * minute, locked(10 * minute, desk))
        .why(),
    is: ['editedByOther', 'high'],
  },
  {
    row: 8,
    shows: 'a refreshed lock that sounds like a program',
    made: () => {
      const job = { holder: { name: 'backup-service' } };
      return new Record()
        .look(0, locked(10 * minute, job))
        .look(minute, locked(9 * minute, job))
        .look(5 * minute, locked(10 * minute, job))
        .why();
    },
    is: ['automatic', 'medium'],
  },
  {
    row: 8,
    shows: 'a lock that a server which ends its locks still lists',
    made: () => {
      const record = new Record({ enforcesFullTimeout: true });
      for (let look = 0; look <= 40; look++) record.look(look * minute, locked(30 * minute));
      return record.why();
    },
    is: ['editedByOther', 'high'],
    because: ['holderClaimed', 'outlived'],
  },
  {
    row: 8,
    shows: 'a holder told by the refusal, and no lock in the list',
    made: () =>
      new Record()
        .answer(0, 'PUT', 423, refusal({ holder: reportedAnn, until: start + 10 * minute, since: start }))
        .look(second)
        .why(),
    is: ['editedByOther', 'low'],
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
      new Record(silent)
        .answer(second, 'PUT', 409, refusal({ shape: 'gitLfs', holder: reportedAnn, until: 'never' }))
        .why(),
    is: ['lockedByHand', 'high'],
  },
  {
    row: 9,
    shows: 'an item that is locked in Box',
    made: () =>
      new Record(silent)
        .answer(0, 'PUT', 403, refusal({ shape: 'json', codes: ['access_denied_item_locked'] }))
        .why(),
    is: ['lockedByHand', 'high'],
  },
  {
    row: 9,
    shows: 'a lock that somebody took by hand in Nextcloud, without an end',
    made: () => new Record().look(0, locked('never', byHand)).why(),
    is: ['lockedByHand', 'high'],
  },
  {
    row: 9,
    shows: 'the same with an end that is far',
    made: () => new Record().look(0, locked(5 * hour, { ...byHand, since: -hour })).why(),
    is: ['lockedByHand', 'high'],
  },
  {
    row: '9, 403',
    shows: 'an object that somebody edits in SAP',
    made: () =>
      new Record(silent)
        .answer(
          0,
          'PUT',
          403,
          refusal({ shape: 'adt', holder: reportedAnn, reason: 'User ANN is currently editing Z' }),
        )
        .why(),
    is: ['editedByOther', 'low'],
  },
  {
    row: 10,
    shows: 'a state that Terraform has locked',
    made: () =>
      new Record(silent)
        .answer(
          0,
          'LOCK',
          409,
          refusal({ shape: 'terraform', codes: ['OperationTypeApply'], holder: reportedAnn }),
        )
        .why(),
    is: ['automatic', 'medium'],
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
    shows: 'an old lock on the folder by a person, shown on many files',
    made: () =>
      new Record({ sameLockCount: 12 }).look(0, { left: hour, root: folder, since: -5 * hour }).why(),
    is: ['editedByOther', 'low'],
  },
  {
    row: 10,
    shows: 'an old lock on the folder by a person',
    made: () => new Record().look(0, { left: hour, root: folder, since: -5 * hour }).why(),
    is: ['editedByOther', 'low'],
  },
];

describe('The table of causes, locks of others', () => tryRows(rows));
