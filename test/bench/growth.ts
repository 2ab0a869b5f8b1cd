// What grows with what is known, and what must not.
import { interleaved, ratio, table } from './measure';
import { type Section, withWorker, type Workshop } from './report';

export async function growth(shop: Workshop): Promise<Section> {
  const job = (name: 'oneAnswer' | 'listedLocked' | 'listedUnlocked') => () =>
    withWorker(shop, (worker) => worker.do({ do: name, url: '', account: shop.account }));
  const { one, locked, unlocked } = await interleaved({
    one: job('oneAnswer'),
    locked: job('listedLocked'),
    unlocked: job('listedUnlocked'),
  });
  if (!one || !locked || !unlocked) throw new Error('Nothing was measured');
  const answers = `${one.shown('missingMs', 3)} · ${one.shown('evidenceMs', 3)}`;
  return {
    title: '100,000 files known',
    text: table(
      ['listed again', 'ms', 'longest turn, ms'],
      [
        ['no lock', unlocked.shown('againMs', 0), unlocked.shown('turnMs', 0)],
        [
          'a lock on the folder, shown on every member',
          locked.shown('againMs', 0),
          locked.shown('turnMs', 0),
        ],
      ],
    ),
    rows: [
      {
        what: 'one 404 · one lock seen, with 100,000 files known, ms',
        goal: '≤ 0.2 · ≤ 0.2',
        measured: answers,
      },
      {
        what: '100,000 files under a lock on their folder ÷ without it · longest turn, ms',
        goal: '≤ 1.5 · ≤ 20',
        measured: `${ratio(locked, unlocked, 'againMs')} · ${locked.shown('turnMs', 0)}`,
      },
    ],
  };
}
