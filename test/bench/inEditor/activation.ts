// What the editor itself says of a start, in its own report.
import type { PersonWindow } from '../../support/hosts/personWindow';
import type { Metrics } from '../measure';

/**
 * Milliseconds that it took to load our code, and to run `activate()`. The report is closed: a page that is opened
 * after it would restore it before its own rows.
 */
export async function activation(window: PersonWindow): Promise<Metrics> {
  await window.runCommand('Developer: Startup Performance');
  const report = await window.until({
    what: 'report with our activation',
    read: async () => {
      await window.press('Control+a');
      await window.press('Control+c');
      return window.clipboard();
    },
    accept: (text) => row.test(text),
  });
  await window.runCommand('View: Close All Editors');
  await window.until({
    what: 'end of the report',
    read: () => window.tabs(),
    accept: (tabs) => tabs.length === 0,
  });
  const [, loadMs, callMs] = row.exec(report) ?? [];
  return { loadMs: Number(loadMs), callMs: Number(callMs) };
}

/** | Extension | Eager | Load Code | Call Activate | Finish Activate | Event | By | */
const row = /\|\s*lock-status\.lock-status\s*\|[^|]*\|\s*(\d+)\s*\|\s*(\d+)\s*\|/i;
