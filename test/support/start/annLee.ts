// Ann Lee, who works on the same files: takes a lock, holds it, sometimes writes, gives it back, and again.
import { setTimeout as pause } from 'node:timers/promises';
import { type Colleague, Refused } from '../colleague';

export interface Habit {
  readonly file: string;
  /** Seconds. */
  readonly holds: number;
  readonly rests: number;
  /** Writes a line before every nth release; never without it. */
  readonly writesEvery?: number;
  /** Waits so long before the first time. */
  readonly begins?: number;
}

export const habits: readonly Habit[] = [
  { file: 'report.md', holds: 40, rests: 20, writesEvery: 2 },
  { file: 'notes/meeting.md', holds: 25, rests: 50, writesEvery: 1, begins: 15 },
  { file: 'prices.csv', holds: 3 * 3600, rests: 60 },
];

const OWNER = 'Ann Lee <mailto:ann.lee@example.com>';

/** Follows one habit until told to stop, and leaves no lock behind. */
export async function follow(
  listingSupport: Habit,
  ann: Colleague,
  say: (sentence: string) => void,
  stop: AbortSignal,
): Promise<void> {
  const seconds = (count: number): Promise<void> => pause(count * 1000, undefined, { signal: stop });
  try {
    await seconds(listingSupport.begins ?? 0);
    for (let turn = 1; ; turn++) {
      try {
        await workOnce(listingSupport, turn, { ann, say, seconds });
      } catch (error) {
        if (stop.aborted) return;
        // The server may be restarted or have a bad moment; Ann Lee has patience.
        say(`Ann Lee could not work on ${listingSupport.file}: ${sentenceOf(error)}`);
      }
      await seconds(listingSupport.rests);
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    if (ann.held.has(listingSupport.file))
      await ann.unlock(listingSupport.file).catch(() => ann.held.delete(listingSupport.file));
  }
}

interface Day {
  readonly ann: Colleague;
  readonly say: (sentence: string) => void;
  readonly seconds: (count: number) => Promise<void>;
}

async function workOnce(listingSupport: Habit, turn: number, { ann, say, seconds }: Day): Promise<void> {
  const { file } = listingSupport;
  try {
    // A little more than she means to stay, so that it is she who ends the lock and not the clock.
    await ann.lock(file, { owner: OWNER, timeout: `Second-${listingSupport.holds + 10}` });
  } catch (error) {
    if (!(error instanceof Refused) || error.answer.status !== 423) throw error;
    return say(`Ann Lee wanted ${file}, but it is locked. She comes back in ${span(listingSupport.rests)}.`);
  }
  say(`Ann Lee locked ${file} until ${clock(listingSupport.holds)}.`);
  await seconds(listingSupport.holds);
  const writes = listingSupport.writesEvery !== undefined && turn % listingSupport.writesEvery === 0;
  try {
    if (writes) await ann.put(file, `${await ann.get(file)}- ${clock(0)}, Ann: looked at this again.\n`);
    await ann.unlock(file);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    ann.held.delete(file);
    return say(`Ann Lee lost her lock on ${file}: somebody broke it.`);
  }
  say(
    `Ann Lee ${writes ? 'changed and released' : 'released'} ${file}. It is free for ${span(listingSupport.rests)}.`,
  );
}

function clock(inSeconds: number): string {
  const then = new Date(Date.now() + inSeconds * 1000);
  return then.toTimeString().slice(0, inSeconds > 0 && inSeconds < 300 ? 8 : 5);
}

function span(seconds: number): string {
  return `${seconds} seconds`;
}

function sentenceOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 120);
}
