// A file that another has locked: what can be done with it without a mouse, whom one can reach, and that size is no matter.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';
import { clockTime } from '../support/hosts/clockTime';

const always = ['Refresh', 'Show Log'];
const forLocked = ['Refresh', 'Break…', 'Copy Report', 'Show Log'];
const line = 'Every line of this file says the same as the one before it, and there are very many.\n';
const large = line.repeat(Math.ceil((5 * 1024 * 1024) / line.length));

describe('A locked file', () => {
  let server: LockServer;
  let window: PersonWindow;
  let ann: Colleague;

  before(async () => {
    server = await startServer('apache');
    const small = ['asked.md', 'free.md', 'keys.md', 'report.md', 'silent.md'];
    server.seed({ ...Object.fromEntries(small.map((name) => [name, 'Text.\n'])), 'large.md': large });
    ann = new Colleague(server.url, accounts.bob);
    const owner = 'Ann Lee <mailto:ann.lee@example.com?bcc=thief@example.com&body=x>';
    await ann.lock('asked.md', { owner });
    for (const path of ['keys.md', 'report.md']) await ann.lock(path, { owner: 'Ann Lee' });
    await ann.lock('silent.md', { owner: null });
    const settings = { 'lockStatus.refreshInterval': 1, 'lockStatus.owner': { name: 'Al Ice' } };
    window = await openSignedIn(server, { settings });
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  const actions = async () => {
    await window.runCommand('Locks: Lock Actions…');
    const labels = (await window.quickPickItems()).map(({ label }) => label);
    const { title } = await window.prompt();
    await window.quickInput.dismiss();
    return [title.replace(new RegExp(clockTime), 'TIME'), ...labels];
  };

  const comparison = () =>
    window.until({
      what: 'a comparison in front',
      read: () => window.tabs(),
      accept: (tabs) => tabs.filter(({ name }) => name === 'free.md').length === 2,
    });

  async function replace(): Promise<void> {
    await window.runCommand('Locks: Lock Actions…');
    await window.pick('Overwrite…');
    const { message } = await window.dialog();
    assert.equal(message, 'Overwrite the server’s version of free.md with yours?');
    await window.answerDialog('Overwrite');
  }

  const offered = async () =>
    (await window.quickPickItems()).map(({ label, description, detail }) =>
      [label, description, detail.split(' · ')[0] ?? ''].join(' | '),
    );

  const copy = 'Copy Message |  | To paste where you can reach them';

  const mails = async (count: number) => {
    const links = await window.until({
      what: `${count} mails`,
      read: () => Promise.resolve([...window.externalLinks]),
      accept: (all) => all.length === count,
    });
    const mail = new URL(links.at(-1) ?? '');
    return { to: mail.pathname, ...Object.fromEntries(mail.searchParams) };
  };

  describe('has actions that', () => {
    it("are what one can do about another's lock", async () => {
      await window.openFile('report.md');
      await window.statusBarItem(/Ann Lee/);
      const title = 'report.md: Ann Lee (unverified) · until TIME';
      assert.deepEqual(await actions(), [title, 'Ask Ann Lee…', 'Explain', 'Open Read-Only', ...forLocked]);
      await window.type('x');
      await window.save();
      await window.toast(/Failed to save/);
      const edited = ['Ask Ann Lee…', 'Explain', 'Compare', 'Save a Copy…'];
      assert.deepEqual(await actions(), [title, 'Save When Free', ...edited, ...forLocked]);
      await window.screenshot('actions');
      await window.runCommand('Locks: Save When Free');
      await window.statusBarItem(/Waiting/);
      assert.deepEqual(await actions(), [title, 'Stop Waiting', ...edited, ...forLocked]);
      await window.runCommand('Locks: Stop Waiting');
      await window.statusBarItem(/^Stopped waiting/);
    });

    it('are what one can do with a free file and with an own lock', async () => {
      await window.openFile('free.md');
      await window.statusBarItem(/Free/);
      assert.deepEqual(await actions(), ['free.md: Free', 'Lock', ...always]);
      await window.type('x');
      await window.statusBarItem(/You/);
      assert.deepEqual(await actions(), [
        'free.md: You · until TIME',
        'Release',
        'Compare',
        'Save a Copy…',
        ...always,
      ]);
      await window.runCommand('Locks: Release Lock');
      await window.statusBarItem(/Free/);
      assert.deepEqual(await ann.locksOn('free.md'), []);
    });

    it('replace exactly the version that was compared', async () => {
      await ann.put('free.md', 'By Ann.\n');
      await window.save();
      await window.toast(/Changed on the server/);
      assert.deepEqual((await actions()).slice(1, 5), ['Merge', 'Compare', 'Save a Copy…', 'Lock']);
      await window.runCommand('Locks: Compare with Server');
      await comparison();
      const titleActions = ['Merge with Server Version', 'Overwrite Server Version…', 'Discard Mine…'];
      await window.until({
        what: 'the actions in the title of the comparison',
        read: () => window.titleActions(),
        accept: (labels) => titleActions.every((action) => labels.some((label) => label.startsWith(action))),
      });
      await window.screenshot('comparison');
      await ann.put('free.md', 'By Ann again.\n');
      await window.runCommand('Notifications: Clear All Notifications');
      await replace();
      await window.toast(/Changed on the server/);
      assert.equal(await window.tabIsDirty('free.md'), true);
      assert.equal(await ann.get('free.md'), 'By Ann again.\n');

      await window.runCommand('Locks: Compare with Server');
      await window.until({
        what: 'the newest version of the server in the comparison',
        read: () => window.editorText(),
        accept: (text) => text.includes('By Ann again.'),
      });
      await replace();
      await window.untilDirty('free.md', false);
      assert.equal(await ann.get('free.md'), 'xText.\n');
    });
  });

  it('is handled by its own keys, from the lock to the save', async () => {
    const chord = async (key: string) => {
      for (const part of ['Control+k', 'l', key]) await window.press(part);
    };
    // A view that was never unfolded takes the keyboard only once it has rows.
    await window.viewRows('Locks', (rows) => rows.length > 1);
    await window.openFile('keys.md');
    await window.type('x');
    await window.untilDirty('keys.md', true);
    await chord('m');
    await window.quickPickItems();
    await window.quickInput.dismiss();
    await window.untilActive('keys.md');
    await chord('w');
    await window.statusBarItem(/^Waiting/);
    await ann.unlock('keys.md');
    await window.untilDirty('keys.md', false);
    // What each key says when it is done: the wait's own lock comes and goes beside them.
    await chord('l');
    await window.statusBarItem(/keys\.md is locked for you/);
    await chord('r');
    await window.statusBarItem(/Released the lock on keys\.md/);
    await window.statusBarItem(/^Free$/);
    assert.deepEqual(await ann.locksOn('keys.md'), []);
    await chord('v');
    const header = window.page.locator(selectors.sideBarPaneHeader, { hasText: 'Locks' });
    const view = window.page.locator(selectors.sideBarPane).filter({ has: header });
    await view.locator(selectors.focusedView).waitFor();
  });

  it('is reached in the Locks view with the keyboard', async () => {
    await window.runCommand('Explorer: Focus on Locks View');
    await window.viewRows('Locks', (rows) => rows.some(({ name }) => name === 'silent.md'));
    await window.focusView('Locks');
    await window.press('End');
    await window.focusedViewRow('silent.md');
    await window.press('Enter');
    await window.untilActive('silent.md');
  });

  describe('leads to its holder and', () => {
    it('opens the mail program with the message, and nothing that the lock has slipped in', async () => {
      await window.openFile('asked.md');
      await window.type('x');
      await window.save();
      await window.toast(/Failed to save/);
      await window.clickLink('Ask Ann Lee…');
      assert.deepEqual(await offered(), [
        'Email Ann Lee | ann.lee@example.com | From the lock (unverified)',
        copy,
      ]);
      await window.pick('Email Ann Lee');
      const { to, subject, body, ...more } = (await mails(1)) as Record<string, string>;
      assert.deepEqual([to, subject, more], ['ann.lee@example.com', 'Your lock on asked.md', {}]);
      const lines = body?.split('\n') ?? [];
      assert.deepEqual(
        [lines[0], lines[4], lines.at(-1)],
        ['Hello Ann Lee,', `${server.url}asked.md`, 'Al Ice'],
      );
    });

    it('puts the own settings first and the administrator last, who is told another thing', async () => {
      await window.setSettings({
        'lockStatus.contacts': { 'ann lee': 'mailto:ann@work.example' },
        'lockStatus.administrator': 'mailto:admin@example.com',
      });
      await window.openFile('asked.md');
      await window.runCommand('Locks: Ask Lock Holder…');
      assert.deepEqual(await offered(), [
        'Email Ann Lee | ann@work.example | From the setting "lockStatus.contacts"',
        'Email Ann Lee | ann.lee@example.com | From the lock (unverified)',
        'Email the administrator | admin@example.com | From the setting "lockStatus.administrator"',
        copy,
      ]);
      await window.screenshot('contact');
      await window.pick('Email the administrator');
      const { to, subject, body } = (await mails(2)) as Record<string, string>;
      assert.deepEqual([to, subject], ['admin@example.com', 'A lock on asked.md']);
      assert.match(body ?? '', /^Hello,\n\nI can’t save asked\.md\. .*Ann Lee \(unverified\) is editing/);
    });

    it('copies the message', async () => {
      await window.runCommand('Locks: Ask Lock Holder…');
      await window.pick('Copy Message');
      await window.statusBarItem(/^Copied the message/);
      assert.match(await window.clipboard(), /^Hello Ann Lee,\n\nyou hold the lock on asked\.md/);
    });

    it('is not asked where nobody is known', async () => {
      await window.openFile('silent.md');
      await window.statusBarItem(/Someone/);
      assert.ok(!(await actions()).some((label) => label.startsWith('Ask')));
      const offers = await window.quickInput.commands('Locks');
      await window.quickInput.dismiss();
      assert.ok(offers.includes('Locks: Explain Lock') && !offers.includes('Locks: Ask Lock Holder…'));
    });
  });

  describe('of 5 MB', () => {
    it('is saved whole', async () => {
      await window.openFile('large.md');
      await window.type('Mine: ');
      await window.explorerRow('large.md', ({ badge }) => badge === 'Me');
      await window.save();
      await window.untilDirty('large.md', false);
      assert.equal(await ann.get('large.md'), `Mine: ${large}`);
    });

    it('is refused, kept, and saved whole when it is free', async () => {
      await window.runCommand('Notifications: Clear All Notifications');
      await window.runCommand('Locks: Release Lock');
      await window.statusBarItem(/Free/);
      await ann.lock('large.md', { owner: 'Ann Lee' });
      await window.runCommand('Locks: Refresh Locks');
      await window.explorerRow('large.md', ({ tooltip }) => tooltip.includes('Ann Lee'));
      await window.type('late ');
      await window.save();
      await window.toast(/Failed to save 'large.md'/);
      assert.equal((await window.toasts()).length, 1);
      await window.screenshot('large-refused');
      await window.clickLink('Save When Free');
      await window.statusBarItem(/Waiting/);
      await ann.unlock('large.md');
      await window.untilDirty('large.md', false);
      assert.equal(await ann.get('large.md'), `Mine: late ${large}`);
    });
  });
});
