// What a person does, and how long it is until they see that it is done.
import { setTimeout as pause } from 'node:timers/promises';
import type { PersonWindow } from '../../support/hosts/personWindow';
import type { Metrics } from '../measure';
import { files, roundTripMs, type Contender, type Stage } from './contenders';
import { activation } from './activation';
import { firstRowMs, hasToast, isClean, msAfter } from './stopwatch';

/** So long after a deed nothing of it is under way any more. */
const calmMs = 1_000;

/**
 * A page behind others gets a frame about once a second, and the editor shows its rows and messages only in a frame:
 * whoever measures there measures when the next one comes.
 */
async function toFront({ page }: PersonWindow): Promise<void> {
  await page.bringToFront();
}

/** A window that was just emptied still ends what it had begun, and a start leaves much to do behind it. */
const settleMs = 5_000;

/** Opens the folder in a new page. Those of the others are empty meanwhile: an editor that has started still has much to do. */
export async function opened(stage: Stage, { window, folder, name }: Contender): Promise<Metrics> {
  for (const other of stage.contenders) await other.window.page.goto('about:blank');
  await toFront(window);
  await pause(settleMs);
  const sent: { readonly line: string; readonly at: number }[] = [];
  stage.listen((line) => sent.push({ line, at: performance.now() }));
  await window.goTo(folder);
  const rowMs = await firstRowMs(window.page);
  if (name !== stage.ours.name) return { rowMs };
  const requests = sent.length;
  await pause(calmMs);
  const counted = { requests, roundTrips: inSequence(sent.slice(0, requests)), allRequests: sent.length };
  return { rowMs, ...counted, ...(await activation(window)) };
}

/** A request that is sent a round trip or more after the first of a group may have waited for its answer. */
function inSequence(sent: readonly { readonly at: number }[]): number {
  let groups = 0;
  let since = -Infinity;
  for (const { at } of sent) {
    if (at - since < roundTripMs) continue;
    groups += 1;
    since = at;
  }
  return groups;
}

/** Opens a file and waits until whatever that sets off is over. */
export async function openFile(window: PersonWindow, name: string): Promise<void> {
  await window.openFile(name);
  await pause(calmMs);
}

/** Longer than Apache keeps a connection on which nothing is asked. */
const idleMs = 6_000;

type Deed = (one: Contender) => Promise<Metrics>;

/** Twice: the second time over the connection of the first. */
export function again(deed: Deed): Deed {
  return async (one) => {
    await deed(one);
    return deed(one);
  };
}

/** When the connections were closed, because nothing was asked. */
export function afterPause(deed: Deed): Deed {
  return async (one) => {
    await pause(idleMs);
    return deed(one);
  };
}

/** A key, and once nothing of it is under way any more, Ctrl+S until the tab is clean. */
export async function saved({ window }: Contender): Promise<Metrics> {
  await toFront(window);
  await window.press('x');
  await window.untilDirty(files.mine, true);
  await pause(calmMs);
  return { saveMs: await msAfter(window.page, 'Control+s', isClean(files.mine)) };
}

/** Ctrl+S until a message names who holds the lock. */
export async function refused({ window, refusal }: Contender): Promise<Metrics> {
  if (refusal === undefined) return {};
  await toFront(window);
  await window.press('x');
  await window.untilDirty(files.theirs, true);
  // Of four messages within a moment the editor shows three.
  await pause(calmMs);
  const refusedMs = await msAfter(window.page, 'Control+s', hasToast(refusal));
  await window.press('Escape');
  await window.untilNoToast(refusal);
  return { refusedMs };
}

/** The first key in a file until its LOCK is sent, or until the floor's extension hears of it. */
export async function locked(stage: Stage, { window }: Contender, file: string): Promise<Metrics> {
  await toFront(window);
  await openFile(window, file);
  const start = performance.now();
  const sent = new Promise<number>((hear) => {
    stage.listen((line) => {
      if (line === 'changed' || line.startsWith('LOCK')) hear(performance.now() - start);
    });
  });
  await window.press('x');
  return { keyMs: await sent };
}
