import assert from 'node:assert/strict';
import { programWords } from '../../../../src/core/diagnosis/programWords';

describe('A holder that sounds like a program', () => {
  for (const name of [
    'backup-service',
    'BackupService',
    'svc_scan',
    'ci',
    'ci@build.example.org',
    'mailto:deploy-bot@example.org',
    'SYSTEM',
    'System Account',
    'Nightly Backup',
    'sync job',
  ])
    it(`is ${name}`, () => assert.equal(programWords({ name }), name));

  for (const name of [
    'Ann Lee',
    'Ann Lee (Service Desk)',
    'Ann Lee <ann@backup.example.org>',
    'ann.lee@service.gov.uk',
    'j.doe@ci.seattle.wa.us',
    'Steve Job',
    'steve.job@example.org',
    'Index Müller',
    'Abbott',
    'Marci',
  ])
    it(`is not ${name}`, () => assert.equal(programWords({ name }), undefined));

  it('is found at once, however long the text', () => {
    // The test’s own limit is reached where each letter is a new beginning.
    assert.equal(programWords({ name: 'x'.repeat(1_000_000) }), undefined);
  });

  it('is one whose program does, whoever is named', () => {
    assert.equal(programWords({ name: 'Ann Lee', app: 'Backup Agent' }), 'Backup Agent');
  });
});
