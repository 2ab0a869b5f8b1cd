// What a person waits for in the real editor, beside what the editor alone costs.
import { files, keyFiles, onStage, roundTripMs, type Contender, type Stage } from './inEditor/contenders';
import { afterPause, again, locked, openFile, opened, refused, saved } from './inEditor/deeds';
import { interleaved, type Metrics, rounds, Samples, table } from './measure';
import type { Row, Section, Workshop } from './report';

type Measured = Readonly<Record<string, Samples>>;

export async function editor(shop: Workshop): Promise<Section> {
  return onStage(shop, async (stage) => {
    const step = (what: string) => {
      console.error(`  ${what} …`);
    };
    step('opening the folder');
    const open = (one: Contender) => opened(stage, one);
    // The first start of all is the slowest.
    await each(stage, 1, open);
    const starts = await each(stage, rounds, open);
    step('saving');
    for (const { window, folder } of stage.contenders) await window.goTo(folder);
    for (const { window } of stage.contenders) await openFile(window, files.mine);
    const warm = { times: 2 };
    await each(stage, warm.times, saved);
    const saves = await each(stage, 2 * rounds, again(saved));
    const savesAfterPause = await each(stage, rounds, afterPause(saved));
    step('being refused');
    for (const { window } of stage.contenders) await openFile(window, files.theirs);
    await each(stage, warm.times, refused);
    const refusals = await each(stage, 2 * rounds, again(refused));
    const refusalsAfterPause = await each(stage, rounds, afterPause(refused));
    step('first keys');
    const keys = await firstKeys(stage);
    for (const { window, folder } of [stage.ours, stage.floor]) await window.goTo(`${folder}big`);
    const keysInBig = await firstKeys(stage);
    const afterPauses = { saves: savesAfterPause, refusals: refusalsAfterPause };
    return section(stage, { starts, saves, refusals, afterPauses, keys, keysInBig });
  });
}

function each(
  { contenders }: Pick<Stage, 'contenders'>,
  times: number,
  run: (one: Contender) => Promise<Metrics>,
): Promise<Measured> {
  return interleaved(Object.fromEntries(contenders.map((one) => [one.name, () => run(one)])), times);
}

/** Each in a file that nobody has touched. */
async function firstKeys(stage: Stage): Promise<Measured> {
  const next = new Map<Contender, number>();
  const contenders = [stage.ours, stage.floor];
  return each({ contenders }, keyFiles.length, (one) => {
    const at = next.get(one) ?? 0;
    next.set(one, at + 1);
    return locked(stage, one, keyFiles[at] ?? '');
  });
}

interface Results {
  readonly starts: Measured;
  readonly saves: Measured;
  readonly refusals: Measured;
  /** Over a connection that had to be opened. */
  readonly afterPauses: { readonly saves: Measured; readonly refusals: Measured };
  readonly keys: Measured;
  readonly keysInBig: Measured;
}

function section(stage: Stage, results: Results): Section {
  const { starts, saves, refusals, afterPauses, keys, keysInBig } = results;
  const { edition, contenders, absent } = stage;
  const names = contenders.map(({ name }) => name);
  const line = (what: string, of: Measured, metric: string) => [
    what,
    ...names.map((name) => of[name]?.shown(metric, 0) ?? '–'),
  ];
  const text = [
    `VS Code ${edition.vscode} on Apache at a round trip of ${roundTripMs} ms, in ms by the page’s own clock. The floor is an extension with`,
    'its files in memory: VS Code’s own cost. A mount saves to its cache, and of a refused save it says nothing.',
    ...absent,
    '',
    table(
      ['', ...names],
      [
        line('page → first row of the explorer', starts, 'rowMs'),
        line('Ctrl+S → clean tab', saves, 'saveMs'),
        line('the same after a pause, over a new connection', afterPauses.saves, 'saveMs'),
        line('refused Ctrl+S → message (ours: with the holder’s name)', refusals, 'refusedMs'),
        line('the same after a pause, over a new connection', afterPauses.refusals, 'refusedMs'),
        line('first key → LOCK sent (floor: the extension hears of it)', keys, 'keyMs'),
        line('the same in a folder of 10,000 files', keysInBig, 'keyMs'),
        line('requests until the first row', starts, 'requests'),
        line('requests until a second after it', starts, 'allRequests'),
        line('loading the code, by the editor’s own count', starts, 'loadMs'),
        line('`activate()`, by the editor’s own count', starts, 'callMs'),
      ],
    ),
  ].join('\n');
  const pair = (of: Measured): Pair => [of[stage.ours.name], of[stage.floor.name]];
  return { title: 'In the editor', text, rows: rowsOf(pair, results) };
}

type Pair = readonly [ours: Samples | undefined, floor: Samples | undefined];

function rowsOf(pair: (of: Measured) => Pair, results: Results): Row[] {
  const { starts, saves, refusals, afterPauses, keys, keysInBig } = results;
  const [ours] = pair(starts);
  const afterFloor = (of: Measured, metric: string, by: (ms: number, floor: number) => number) =>
    compared(pair(of), metric, by);
  const shown = (metric: string) => ours?.shown(metric, 0) ?? '–';
  const inSave = (ms: number, floor: number) => ms / (floor + roundTripMs);
  const inRoundTrips = (ms: number, floor: number) => (ms - floor) / roundTripMs;
  const both = (one: string, afterPause: string) => `${one} (${afterPause})`;
  return [
    {
      what: `in the editor: Ctrl+S → clean tab ÷ (floor + a round trip of ${roundTripMs} ms) (over a new connection)`,
      goal: '≤ 1.2',
      measured: both(afterFloor(saves, 'saveMs', inSave), afterFloor(afterPauses.saves, 'saveMs', inSave)),
    },
    {
      what: 'in the editor: refused Ctrl+S → message with the holder’s name, round trips more than the floor (over a new connection)',
      goal: '≤ 1.2',
      measured: both(
        afterFloor(refusals, 'refusedMs', inRoundTrips),
        afterFloor(afterPauses.refusals, 'refusedMs', inRoundTrips),
      ),
    },
    {
      what: 'in the editor: opening a folder: requests until the first row · round trips until then',
      goal: '≤ 3 · 1',
      measured: `${shown('requests')} · ${shown('roundTrips')}`,
    },
    {
      what: 'in the editor: page → first row ÷ floor',
      goal: '≤ 1.15',
      measured: afterFloor(starts, 'rowMs', (ms, floor) => ms / floor),
    },
    {
      what: 'in the editor: first key → LOCK sent, ms more than the floor · in a folder of 10,000 files',
      goal: '≤ 20 · ≤ 20',
      measured: [keys, keysInBig].map((of) => afterFloor(of, 'keyMs', (ms, floor) => ms - floor)).join(' · '),
    },
    {
      what: 'in the editor: `activate()`, ms by the editor’s own count (loading the code)',
      goal: '≤ 10',
      measured: `${shown('callMs')} (${shown('loadMs')})`,
    },
  ];
}

/** Round by round, because the machine is not the same in each. */
function compared([ours, floor]: Pair, metric: string, by: (ms: number, floor: number) => number): string {
  const all = new Samples();
  for (const [round, value] of (ours?.of(metric) ?? []).entries())
    all.add({ it: by(value, floor?.of(metric)[round] ?? NaN) });
  return all.shown('it', 2);
}
