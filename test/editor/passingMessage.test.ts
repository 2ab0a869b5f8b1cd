import assert from 'node:assert/strict';
import { commands, window } from 'vscode';
import { PassingMessage } from '../../src/editor/messages/passingMessage';
import { FakeClock } from '../support/core/fakeClock';

describe('A message that may be withdrawn', () => {
  it('takes the messages from the screen once, and only while it can be there itself', async () => {
    assert.equal(await hidden(11_000), 1);
    assert.equal(await hidden(13_000), 0);
  });

  it('takes nothing away when it has been answered', async () => {
    assert.equal(await hidden(1_000, 'Recover…'), 0);
  });
});

/** How often all messages were hidden by withdrawing twice, that long after a message. */
async function hidden(afterMs: number, answer?: string): Promise<number> {
  const { executeCommand } = commands;
  const { showInformationMessage } = window;
  const clock = new FakeClock();
  const message = new PassingMessage(clock);
  let count = 0;
  try {
    Object.assign(commands, {
      executeCommand: (id: string) => Promise.resolve((count += Number(id === 'notifications.hideToasts'))),
    });
    const isOpen = new Promise(() => undefined);
    Object.assign(window, {
      showInformationMessage: () => (answer === undefined ? isOpen : Promise.resolve(answer)),
    });
    const shown = message.show('Text is kept.', 'Recover…');
    if (answer !== undefined) await shown;
    await clock.pass(afterMs);
    await message.withdraw();
    await message.withdraw();
  } finally {
    Object.assign(commands, { executeCommand });
    Object.assign(window, { showInformationMessage });
  }
  return count;
}
