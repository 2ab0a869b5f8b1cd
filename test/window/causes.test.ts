// Every cause as a person sees it: in every kind of theme, in a narrow column, by keyboard alone, and with a server that means harm.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Frame, FrameLocator, Locator } from 'playwright-core';
import type { PersonWindow, Theme } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { patience } from '../support/hosts/until';
import { folderOf, openWindow } from '../support/hosts/windowUnderTest';
import { startScriptedServer, type ScriptedFile, type ScriptedServer } from '../support/servers/scripted';

const minute = 60_000;
const ann = 'Ann Lee <mailto:ann.lee@example.com>';
const hostile =
  '<img src=x onerror=document.title=1><script>document.title=1</script> [x](command:workbench.action.quit) \u202Etxt.exe ';

interface Scene extends ScriptedFile {
  readonly says: string;
  /** What a person does before they ask why. */
  readonly first?: 'save' | 'lock';
}

const scenes: Record<string, Scene> = {
  'edited.md': {
    text: '',
    lock: { owner: ann, timeout: Date.now() + 5 * minute, token: 'urn:uuid:edited' },
    first: 'save',
    says: 'Ann Lee (unverified) is editing this file.',
  },
  'by-hand.md': {
    text: '',
    lock: { owner: ann, timeout: 'Infinite', token: 'urn:uuid:hand' },
    says: 'Ann Lee (unverified) locked this file by hand. It stays locked until they release the lock.',
  },
  'program.md': {
    text: '',
    lock: { owner: 'backup-service', timeout: Date.now() + 5 * minute, token: 'urn:uuid:program' },
    says: 'A program, not a person, has locked this file.',
  },
  'fault.md': {
    text: '',
    refuses: { status: 500, body: '<html><h1>Internal Server Error</h1></html>' },
    first: 'save',
    says: 'Something is wrong with the server or the connection to it.',
  },
  'access.md': {
    text: '',
    refuses: { status: 403, body: '<html><h1>Forbidden</h1></html>' },
    first: 'save',
    says: 'Not a lock: you don’t have write permission.',
  },
  'expired.md': {
    text: '',
    lock: { owner: ann, timeout: 'Second-0', token: 'urn:uuid:expired' },
    says: 'The lock has expired, but the server still enforces it.',
  },
  'own.md': { text: '', first: 'lock', says: 'The lock is your own.' },
  'unexplained.md': {
    text: '',
    refuses: { status: 400, body: 'No.' },
    first: 'save',
    says: 'The server doesn’t say why.',
  },
  'hostile.md': {
    text: '',
    lock: { owner: hostile, timeout: 'Infinite', token: 'urn:uuid:hostile' },
    refuses: { status: 423, body: `Locked. ${hostile}` },
    first: 'save',
    says: '(unverified) locked this file by hand. It stays locked until they release the lock.',
  },
};

/** How the editor tells a page which theme it is in. */
const marks: Readonly<Record<Theme, string>> = {
  dark: 'body.vscode-dark',
  light: 'body.vscode-light',
  highContrast: 'body.vscode-high-contrast:not(.vscode-high-contrast-light)',
  highContrastLight: 'body.vscode-high-contrast-light',
};

describe('The explanation of each cause', () => {
  const names = Object.keys(scenes);
  let server: ScriptedServer;
  let window: PersonWindow;

  before(async () => {
    server = await startScriptedServer(Object.fromEntries(Object.entries(scenes)));
    window = await openWindow({
      folder: folderOf(server.url),
      settings: {
        'lockStatus.refreshInterval': 2,
        'lockStatus.lockOn': 'manual',
        'workbench.editor.enablePreview': false,
        'workbench.editor.splitSizing': 'distribute',
      },
    });
    // All pages stand side by side, each in a column of its own, and one picture shows them all.
    await columnsOf(310);
    await window.explorerRow('unexplained.md');
    for (const name of names) await prepare(name);
    for (const name of names) await explain(name);
  });

  after(async () => {
    await window?.close();
    await server?.stop();
  });

  const columnsOf = (width: number) =>
    window.page.setViewportSize({ width: 350 + (names.length + 1) * width, height: 950 });

  const page = (name: string): FrameLocator =>
    window.page.frameLocator('iframe.webview').nth(names.indexOf(name)).frameLocator('iframe');

  const heading = (name: string, text = scenes[name]?.says): Locator =>
    page(name).getByRole('heading', { level: 1, name: text ?? '' });

  async function prepare(name: string): Promise<void> {
    const first = scenes[name]?.first;
    if (!first) return;
    await window.openFile(name);
    if (first === 'lock') {
      await window.runCommand('Locks: Lock File');
      await window.statusBarItem(/You/);
      return;
    }
    await window.type('x');
    await window.save();
    await window.toast(/Failed to save/);
    await window.runCommand('Notifications: Clear All Notifications');
  }

  async function explain(name: string): Promise<void> {
    // By the menu of its row, so that what is in front stays in front.
    await window.page
      .locator(selectors.explorerRow)
      .and(window.page.getByLabel(name, { exact: true }))
      .click({ button: 'right' });
    // A menu takes no click just after it has opened.
    await window.page.locator(selectors.menuItem).getByText('Explain Lock', { exact: true }).hover();
    await window.press('Enter');
    await heading(name).waitFor();
  }

  async function frame(name: string): Promise<Frame> {
    const found = await (await page(name).locator('main').elementHandle())?.ownerFrame();
    assert.ok(found);
    return found;
  }

  /** Waits for it without the evaluation of texts, which the page's policy forbids. */
  const come = (inside: Frame, what: string): Promise<unknown> =>
    inside.evaluate(
      `new Promise((come, fail) => {
        const giveUp = performance.now() + ${patience};
        const look = () => {
          if (${what}) come();
          else if (performance.now() > giveUp) fail(new Error(${JSON.stringify(`It never came that ${what}`)}));
          else requestAnimationFrame(look);
        };
        look();
      })`,
    );

  /** The keyboard goes into the column of the page, where Tab moves it on. */
  async function enter(name: string): Promise<() => Promise<string>> {
    await window.press(`Control+${names.indexOf(name) + 2}`);
    const inside = await frame(name);
    await come(inside, 'document.hasFocus()');
    return () =>
      inside.evaluate<string>(
        '[document.activeElement.tagName, document.activeElement.textContent.slice(0, 40)].join(" ").trim()',
      );
  }

  /** Tab (or Shift+Tab), and nothing else, until the keyboard is on it. */
  async function tabTo(wanted: string, focused: () => Promise<string>, key = 'Tab'): Promise<void> {
    const seen: string[] = [];
    while (seen.length < 30) {
      await window.press(key);
      seen.push(await focused());
      if (seen.at(-1) === wanted) return;
    }
    assert.fail(`Tab never came to ${wanted}, but to ${seen.join(', ')}`);
  }

  /** What axe-core finds wrong with a page. */
  async function barriers(name: string): Promise<string[]> {
    const inside = await frame(name);
    await inside.evaluate(axe.source);
    return inside.evaluate<string[]>(
      `axe.run().then(({ violations }) =>
        violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)].join(' ')))`,
    );
  }

  it('shows what a hostile server says as text', async () => {
    const text = await page('hostile.md').locator('main').innerText();
    assert.match(text, /document\.title=1 \[x\]\u200B?\(command:workbench\.action\.quit\)/);
    const found = await (
      await frame('hostile.md')
    ).evaluate<unknown>(
      '[document.title, document.querySelectorAll("main :is(a, img, script, style, iframe)").length]',
    );
    assert.deepEqual(found, ['Lock Status', 0]);
    assert.doesNotMatch(text, /\u202E/);
    assert.ok(text.length < 10_000, `${text.length} characters`);
  });

  for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const)
    it(`is to be read in the theme ${theme}`, async () => {
      await window.press('Control+1');
      await window.setTheme(theme);
      for (const name of names) await page(name).locator(marks[theme]).waitFor();
      await window.screenshot(`causes-${theme}`);
      assert.deepEqual(await barriers('edited.md'), []);
    });

  it('has nothing that keeps a screen reader out, whatever the cause', async () => {
    for (const name of names) assert.deepEqual(await barriers(name), [], name);
  });

  it('fits into a narrow column', async () => {
    await columnsOf(230);
    // What is narrower all in all need not be so in each column.
    await window.runCommand('View: Reset Editor Group Sizes');
    for (const name of names) {
      const inside = await frame(name);
      await come(inside, 'innerWidth < 250');
      const over = await inside.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
    }
    await window.screenshot('causes-narrow');
    await columnsOf(310);
  });

  it('leaves the keyboard, a mark and what is unfolded where they are while it changes', async () => {
    const focused = await enter('edited.md');
    await tabTo('SUMMARY Lock details', focused);
    await window.press('Enter');
    const inside = await frame('edited.md');
    await page('edited.md').locator('details[open] li').first().waitFor();
    await inside.evaluate(`
      document.querySelectorAll('main *').forEach((node) => { node.before = true; });
      getSelection().selectAllChildren(document.querySelector('main section:not(.verdict) li'));
    `);
    const marked = await inside.evaluate<string>('String(getSelection())');
    assert.match(marked, /Ann Lee/);
    // Somebody refreshes the lock: the picture, the reasons and what is unfolded change.
    const { lock } = server.files['edited.md'] as ScriptedFile;
    assert.ok(lock);
    lock.timeout = Date.now() + 30 * minute;
    await page('edited.md').locator('figure .refresh').first().waitFor();
    await page('edited.md')
      .getByText(/being refreshed/)
      .waitFor();
    assert.equal(await focused(), 'SUMMARY Lock details');
    assert.equal(await inside.evaluate('String(getSelection())'), marked);
    assert.ok(
      await inside.evaluate(
        'document.activeElement.before && document.querySelector("[role=status] h1").before',
      ),
    );
    assert.ok(await page('edited.md').locator('details[open]').isVisible());
    await window.screenshot('causes-refreshed');
  });

  it('tells a change in the place that is read aloud, and keeps the keyboard when a button goes', async () => {
    const focused = await enter('edited.md');
    const inside = await frame('edited.md');
    await inside.evaluate(`
      window.told = [];
      const status = document.querySelector('[role=status]');
      new MutationObserver(() => window.told.push(status.innerText)).observe(status, { childList: true, subtree: true, characterData: true });
    `);
    await tabTo('BUTTON Ask Ann Lee…', focused, 'Shift+Tab');
    delete (server.files['edited.md'] as ScriptedFile).lock;
    await heading('edited.md', 'The file isn’t locked.').waitFor();
    assert.match(await focused(), /^MAIN/);
    const told = await inside.evaluate<string[]>('window.told');
    assert.match(told.at(-1) ?? '', /^The file isn’t locked/);
    // From here the next key goes on within the page.
    await tabTo('SUMMARY Requests', focused);
  });

  it('can be used by keyboard alone', async () => {
    await tabTo('BUTTON Release', await enter('own.md'));
    await window.press('Enter');
    await heading('own.md', 'The file isn’t locked.').waitFor();
    assert.equal(server.files['own.md']?.lock, undefined);
  });
});
