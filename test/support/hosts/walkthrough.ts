import { drawings, linesIn } from '../drawings';
import type { PersonWindow } from './personWindow';
import { selectors } from './selectors';

/** Opens the extension's walkthrough, and gives the number of its steps. */
export async function openWalkthrough(window: PersonWindow): Promise<number> {
  await window.runCommand('Welcome: Open Walkthrough...');
  await window.pick('Get Started with Lock Status');
  const steps = window.page.locator(selectors.walkthroughStep);
  await steps.first().waitFor();
  return steps.count();
}

/** Opens a step, from 0, and waits until its picture is there. */
export async function openStep(window: PersonWindow, at: number): Promise<void> {
  const { page } = window;
  // VS Code opens the first step by itself, and a click would close it.
  if (at > 0) await page.locator(selectors.walkthroughStep).nth(at).click();
  const picture = page
    .frameLocator(selectors.walkthroughPicture)
    .frameLocator('#active-frame')
    .locator('svg');
  for (const line of linesIn(drawings[at]?.drawn ?? ''))
    await picture.getByText(line, { exact: true }).waitFor();
}
