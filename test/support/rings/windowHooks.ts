import type Mocha from 'mocha';
import { openWindows } from '../hosts/personWindow';
import { closePlaces } from '../hosts/places';

/** Shows what a failed test saw, and leaves no window behind. */
export const windowHooks: Mocha.RootHookObject = {
  async afterEach(this: Mocha.Context) {
    if (this.currentTest?.state !== 'failed') return;
    for (const window of openWindows) {
      console.log(`      the window: ${await window.screenshot(`failed-${this.currentTest.fullTitle()}`)}`);
    }
  },
  async afterAll() {
    for (const window of [...openWindows]) await window.close();
    await closePlaces();
  },
};
