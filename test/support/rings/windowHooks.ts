import type Mocha from 'mocha';
import { openWindows, type PersonWindow } from '../hosts/personWindow';
import { lookBeforeClose } from '../hosts/windowUnderTest';

/** The test that runs, or whose hooks do. */
let current: Mocha.Test | undefined;

async function showFailure(window: PersonWindow): Promise<void> {
  if (current?.state !== 'failed') return;
  console.log(`      the window: ${await window.screenshot(`failed-${current.fullTitle()}`)}`);
}

/** Shows what a failed test saw, and leaves no window behind. */
export const windowHooks: Mocha.RootHookObject = {
  beforeAll() {
    // A test may close its windows itself, before the hook below has its turn.
    lookBeforeClose(showFailure);
  },
  beforeEach(this: Mocha.Context) {
    current = this.currentTest;
  },
  async afterEach() {
    for (const window of openWindows) await showFailure(window);
    current = undefined;
  },
  async afterAll() {
    for (const window of [...openWindows]) await window.close();
  },
};
