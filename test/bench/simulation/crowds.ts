// A thousand people on one server, on a clock that nobody has to wait for.
import { file } from '../../support/core/files';
import { num, table } from '../measure';
import type { Section } from '../report';
import { Crowd, middle, nothing } from './crowd';

const people = 1_000;
const few = 40;
/** How long a lock is held at most. What a wait asks does not depend on how long it has lasted. */
const longMinutes = 60;
const shortMinutes = 12;
const queues = 30;
const minute = 60_000;
/** What the server takes for a request. */
const serviceMs = 2;

export async function crowds(): Promise<Section> {
  const day = await everyday();
  const outage = await afterOutage();
  const listed = await ownLocks({ count: few, seeds: [1, 2], isListed: true, minutes: longMinutes });
  const unlisted = await ownLocks({ count: few, seeds: [1], isListed: false, minutes: longMinutes });
  const freed = await ownLocks({ count: people, seeds: [1], isListed: true, minutes: shortMinutes });
  const popular = await onePopularLock();
  const turns = await fairness();
  const saved = inSeconds(freed);
  return {
    title: `${num(people)} editors on one server (simulated)`,
    text: [
      'The real core of each editor on a common fake clock; the server takes 2 ms for each request, one after the other,',
      'and 20 ms lie between it and everybody. The refresh interval is 30 s, as it is by default.',
      '',
      table(
        ['', 'requests/s, mean', 'busiest second', 'what else'],
        [
          [
            'everybody looks at a file and two folders',
            num(day.mean),
            num(day.peak, 0),
            'per editor and minute: ' + num((day.mean * 60) / people),
          ],
          ['nobody looks', num(day.idle), '0', ''],
          [
            '10 minutes out of reach',
            num(outage.during.mean),
            num(outage.during.peak, 0),
            'requests that find nobody',
          ],
          [
            'the 5 minutes after that',
            num(outage.after.mean),
            num(outage.after.peak, 0),
            `everybody knows again after ${num(outage.knownMs / 1_000)} s (95 %)`,
          ],
          [
            `1,000 wait, each for another lock, freed at any time within ${shortMinutes} minutes`,
            num(freed.mean),
            num(freed.peak, 0),
            `freed → saved: median ${saved}`,
          ],
          ['the same while all of them wait', num(freed.full), '', ''],
          [
            `${few} wait so, within ${longMinutes} minutes`,
            num(listed.mean),
            num(listed.peak, 0),
            `freed → saved: median ${inSeconds(listed)}`,
          ],
          [
            `${few} wait so where no lock is ever listed`,
            num(unlisted.mean),
            num(unlisted.peak, 0),
            `freed → saved: median ${inSeconds(unlisted)}`,
          ],
          ['1,000 wait for one lock', num(popular.before.mean), num(popular.before.peak, 0), ''],
          [
            'the 2 minutes after it is freed',
            num(popular.after.mean),
            num(popular.after.peak, 0),
            `first saved after ${num(popular.firstMs / 1_000)} s; ${popular.locks} LOCKs in all`,
          ],
        ],
      ),
      '',
      `Of 20 who wait for one lock, begun at any time in the ${shortMinutes} minutes before it is freed, the one who saves first stands at ${num(turns, 2)} of`,
      'the queue in the mean (0: always who has waited longest, 0.5: pure chance, 1: always who came last).',
    ].join('\n'),
    rows: [
      {
        what: 'in the core: lock freed → newest text saved, 40 waits (simulated): median · 95 %, s',
        goal: '≤ 3 · ≤ 6',
        measured: `${num(listed.median / 1_000)} · ${num(listed.p95 / 1_000)}`,
      },
      {
        what: 'in the core: 1,000 waits (simulated): share of the server’s time until all are over (while all wait) · freed → saved',
        goal: '≤ 25 % · –',
        measured: `${share(freed.mean)} (${share(freed.full)}) · median ${saved}`,
      },
      {
        what: `the same with ${few} waits where no lock is ever listed (simulated)`,
        goal: 'median ≤ 12 s',
        measured: `median ${inSeconds(unlisted)}`,
      },
      { what: 'asked while nothing is looked at, requests', goal: '0', measured: num(day.idle) },
    ],
  };
}

function share(requests: number): string {
  return `${num(requests * serviceMs * 0.1)} %`;
}

function inSeconds({ median, p95 }: { readonly median: number; readonly p95: number }): string {
  return `${num(median / 1_000)} s, 95 %: ${num(p95 / 1_000)} s`;
}

/** 200 files in 20 folders. */
function fill(crowd: Crowd) {
  const folders = Array.from({ length: 20 }, (_, at) => file(`folder${at}`));
  const files = folders.flatMap((_, at) =>
    Array.from({ length: 10 }, (_, index) => file(`folder${at}/${index}`)),
  );
  for (const id of files) crowd.server.put(id, 'text');
  return { folders, files };
}

async function looking(crowd: Crowd): Promise<void> {
  const { folders, files } = fill(crowd);
  crowd.add(people);
  await crowd.eachWithin(minute, (member) => {
    member.interests = { files: [crowd.any(files)], folders: [crowd.any(folders), crowd.any(folders)] };
    member.scheduler.start();
    member.scheduler.pollSoon();
  });
}

async function everyday() {
  const crowd = new Crowd();
  await looking(crowd);
  const since = crowd.now;
  await crowd.clock.pass(15 * minute);
  const load = crowd.load(since);
  for (const member of crowd.members) member.interests = nothing;
  await crowd.clock.pass(minute);
  const idleSince = crowd.now;
  await crowd.clock.pass(15 * minute);
  const idle = crowd.load(idleSince).count;
  crowd.end();
  return { ...load, idle };
}

async function afterOutage() {
  const crowd = new Crowd();
  await looking(crowd);
  await crowd.clock.pass(2 * minute);
  let since = crowd.now;
  crowd.offline = true;
  await crowd.clock.pass(10 * minute);
  const during = crowd.load(since);
  since = crowd.now;
  crowd.offline = false;
  const known = new Map<string, number>();
  for (const { person, interests } of crowd.members) {
    const { store } = person;
    store.onDidChange(() => {
      const state = store.stateOf(interests.files[0] ?? file(''));
      const answered = state.kind !== 'unknown' || state.why !== 'unreachable';
      if (answered && !known.has(person.name)) known.set(person.name, crowd.now - since);
    });
  }
  await crowd.clock.pass(5 * minute);
  const after = crowd.load(since);
  crowd.end();
  return { during, after, knownMs: middle([...known.values()]).p95 };
}

interface OwnLocks {
  readonly count: number;
  readonly seeds: readonly number[];
  readonly isListed: boolean;
  readonly minutes: number;
}

/** Everybody waits for a lock of their own, which is freed after two minutes or later; requests per second. */
async function ownLocks({ seeds, ...options }: OwnLocks) {
  const runs: Awaited<ReturnType<typeof ownLocksOnce>>[] = [];
  for (const seed of seeds) runs.push(await ownLocksOnce(seed, options));
  const meanOf = (of: (run: (typeof runs)[number]) => number) =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    ...middle(runs.flatMap(({ delays }) => delays)),
    mean: meanOf(({ all }) => all.mean),
    full: meanOf(({ full }) => full.mean),
    peak: Math.max(...runs.map(({ all }) => all.peak)),
  };
}

async function ownLocksOnce(seed: number, { count, isListed, minutes }: Omit<OwnLocks, 'seeds'>) {
  const crowd = new Crowd(seed, { lists: isListed });
  crowd.add(count);
  const freed = new Map<string, number>();
  const delays: number[] = [];
  for (const [index, { person }] of crowd.members.entries()) {
    const id = file(`own/${index}`);
    crowd.server.put(id, 'base');
    crowd.server.lockFor('bob', id, 4 * 3_600);
    if (isListed) person.learnsToList(id);
    person.waits.onDidEnd(({ end }) => {
      if (end === 'saved') delays.push(crowd.now - (freed.get(id) ?? NaN));
    });
  }
  const since = crowd.now;
  await crowd.eachWithin(minute, ({ person }, index) => {
    const id = file(`own/${index}`);
    void person.open(id).then(() => {
      person.type(id, 'mine');
      person.waits.arm(id);
    });
    crowd.clock.after((2 + (minutes - 2) * crowd.clock.random()) * minute, () => {
      crowd.server.break(id);
      freed.set(id, crowd.now);
    });
  });
  const allSince = crowd.now;
  await crowd.clock.pass(minute);
  const full = crowd.load(allSince);
  await crowd.clock.pass(minutes * minute);
  const all = crowd.load(since);
  if (delays.length !== count) throw new Error(`Only ${delays.length} were saved`);
  crowd.end();
  return { delays, all, full };
}

/** Everybody waits for the same lock; the first save changes the file, so that the others have to decide. */
async function onePopularLock() {
  const crowd = new Crowd();
  const id = await queue(crowd, people, 2 * minute);
  let since = crowd.now;
  await crowd.clock.pass(minute);
  const before = crowd.load(since);
  since = crowd.now;
  crowd.server.break(id);
  const writes = crowd.server.writes.length;
  let firstMs = NaN;
  for (let at = 0; at < 1_200; at++) {
    await crowd.clock.pass(100);
    if (Number.isNaN(firstMs) && crowd.server.writes.length > writes) firstMs = crowd.now - since;
  }
  const after = crowd.load(since);
  const locks = crowd.members.reduce((sum, { person }) => sum + person.client.count('lock'), 0);
  crowd.end();
  return { before, after, firstMs, locks };
}

async function queue(crowd: Crowd, count: number, withinMs: number) {
  const id = file('popular/file');
  crowd.server.put(id, 'base');
  crowd.server.lockFor('bob', id, 4 * 3_600);
  crowd.add(count);
  await crowd.eachWithin(withinMs, ({ person }) => {
    person.learnsToList(id);
    void person.open(id).then(() => {
      person.type(id, person.name);
      person.waits.arm(id);
    });
  });
  return id;
}

/** Where in the queue the first to save stood, in the mean of many queues. */
async function fairness(): Promise<number> {
  const places: number[] = [];
  for (let seed = 1; seed <= queues; seed++) {
    const crowd = new Crowd(seed);
    const id = await queue(crowd, 20, shortMinutes * minute);
    const order = crowd.members
      .map(({ person }) => person)
      .sort((one, other) => (one.waits.of(id)?.since.mono ?? 0) - (other.waits.of(id)?.since.mono ?? 0));
    crowd.server.break(id);
    await crowd.clock.pass(2 * minute);
    const winner = crowd.server.text(id);
    places.push(order.findIndex(({ name }) => name === winner) / (order.length - 1));
    crowd.end();
  }
  return places.reduce((sum, place) => sum + place, 0) / places.length;
}
