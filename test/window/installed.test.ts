// What a person finds who has just installed the extension. That the walkthrough's links lead somewhere, the
// manifest's own tests prove.
import assert from 'node:assert/strict';
import type { PersonWindow } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { openStep, openWalkthrough } from '../support/hosts/walkthrough';
import { openWindow } from '../support/hosts/windowUnderTest';

describe('The installed extension', () => {
  let window: PersonWindow;

  before(async () => {
    window = await openWindow({});
  });

  after(() => window.close());

  it('offers its commands in the palette', async () => {
    const commands = await window.quickInput.commands('Locks');
    await window.screenshot('palette');
    assert.ok(commands.includes('Locks: Open Remote Folder…'), commands.join('\n'));
    await window.quickInput.dismiss();
  });

  describe('has a walkthrough that', () => {
    it('has five steps, each with its picture', async () => {
      assert.equal(await openWalkthrough(window), 5);
      for (let at = 0; at < 5; at++) await openStep(window, at);
    });

    it('begins with the address of a folder', async () => {
      await window.page.locator(selectors.walkthroughStep).first().click();
      await window.page.locator(selectors.walkthroughButton).getByText('Open Remote Folder…').click();
      const { title } = await window.prompt();
      assert.equal(title, 'Open Remote Folder');
      await window.quickInput.dismiss();
    });
  });
});
