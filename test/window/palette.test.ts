import assert from 'node:assert/strict';
import { openWindow } from '../support/hosts/windowUnderTest';

describe('The installed extension', () => {
  it('offers its commands in the palette', async () => {
    const window = await openWindow({});
    const commands = await window.quickInput.commands('Locks');
    await window.screenshot('palette');
    assert.ok(commands.includes('Locks: Open Remote Folder…'), commands.join('\n'));
    await window.quickInput.dismiss();
    await window.close();
  });
});
