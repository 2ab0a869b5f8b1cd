// How the verdicts on a set of states compare with what a careful colleague would say.
import type { Cause, Confidence, Diagnosis } from '../../../src/core/diagnosis/diagnosis';
import { play } from './play';
import type { NamedState, State } from './state';

export interface Judged {
  readonly name: string;
  readonly state: State;
  readonly diagnosis: Diagnosis;
  readonly isRight: boolean;
  /** The true cause is the verdict or among its alternatives. */
  readonly isNamed: boolean;
  /** What is wrong apart from the cause. */
  readonly faults: readonly string[];
}

export async function judge(states: readonly NamedState[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const { name, state } of states) {
    const { diagnosis } = await play(state);
    const accepted = [state.is.cause, ...(state.is.orAlso ?? [])];
    const said = [diagnosis.cause, ...(diagnosis.alternatives ?? [])];
    judged.push({
      name,
      state,
      diagnosis,
      isRight: accepted.includes(diagnosis.cause),
      isNamed: said.some((cause) => accepted.includes(cause)),
      faults: faultsOf(state, diagnosis),
    });
  }
  return judged;
}

function faultsOf({ is, advice, holder }: State, diagnosis: Diagnosis): string[] {
  const told = [diagnosis.cause, diagnosis.also?.cause];
  const missing = (is.also ?? []).filter((cause) => !told.includes(cause));
  const one = advice?.one ?? [];
  const never = (advice?.never ?? []).filter((one) => diagnosis.advice.includes(one));
  // A role or a number after the name is part of what the lock says.
  const said = diagnosis.holder?.name ?? null;
  const name = holder && said?.replace(/(?:,| \().*$/, '') === holder ? holder : said;
  return [
    ...missing.map((cause) => `does not tell ${cause}`),
    ...(one.length > 0 && !one.some((some) => diagnosis.advice.includes(some))
      ? [`offers none of ${one.join(', ')}`]
      : []),
    ...never.map((some) => `offers ${some}`),
    ...(holder !== undefined && name !== holder
      ? [`names ${name ?? 'nobody'}, not ${holder ?? 'nobody'}`]
      : []),
    ...(diagnosis.confidence === is.sure ? [] : [`is ${diagnosis.confidence}, not ${is.sure}`]),
  ];
}

/** Per confidence: how many verdicts are right, of a low one how many name the true cause at all. */
export function calibrationOf(judged: readonly Judged[]) {
  const of = (confidence: Confidence) => {
    const all = judged.filter(({ diagnosis }) => diagnosis.confidence === confidence);
    const good = all.filter(({ isRight, isNamed }) => (confidence === 'low' ? isNamed : isRight)).length;
    return { all: all.length, good, share: all.length === 0 ? 1 : good / all.length };
  };
  return { high: of('high'), medium: of('medium'), low: of('low') };
}

/** Lines of a table: what it is, and how often which verdict was given. */
export function confusionOf(judged: readonly Judged[]): string[] {
  const causes = [...new Set(judged.map(({ state }) => state.is.cause))].sort();
  return causes.map((cause) => {
    const counts = new Map<Cause, number>();
    for (const { state, diagnosis, isRight } of judged) {
      if (state.is.cause !== cause) continue;
      const said = isRight ? cause : diagnosis.cause;
      counts.set(said, (counts.get(said) ?? 0) + 1);
    }
    const row = [...counts].sort(([, one], [, other]) => other - one);
    return `${cause.padEnd(16)} ${row.map(([said, count]) => `${said} ${count}`).join(' · ')}`;
  });
}
