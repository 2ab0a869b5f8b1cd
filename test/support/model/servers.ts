// Servers drawn at random, and the people's habits with them.
import fc from 'fast-check';
import type { WireHabits } from './habits';

/** How the server and the people are. */
export interface Ways extends WireHabits {
  readonly lockOn: 'edit' | 'manual';
}

function asked(seconds: number): number {
  return seconds;
}

function aMinute(): number {
  return 60;
}

function forEver(): undefined {
  return undefined;
}

/** All the ways there are; each value is as likely as it is listed often, and the first is the plainest. */
const choices: Choices = {
  lockOn: ['edit', 'edit', 'manual'],
  lists: [true, true, false],
  enforces: [true, true, true, false],
  keepsOwner: [true],
  honorsIfMatch: [true, false],
  tags: ['strong', 'strong', 'young', 'weak', 'none', 'second', 'stays', 'flips'],
  grants: [asked, asked, aMinute, forEver],
  expires: [true, true, true, false],
  tellsTag: [true, false],
  tokens: ['all', 'all', 'own', 'none'],
  owners: ['kept', 'kept', 'escaped', 'empty', 'dropped'],
  reportedDepth: ['0', '0', 'infinity'],
  lockroot: ['path', 'absent', 'relative'],
  timeouts: ['seconds', 'seconds', 'fractions', 'milliseconds', 'constant', 'far beyond', 'none'],
  ifForms: ['both', 'both', 'tagged', 'untagged', 'dies of untagged'],
  lostTokens: ['refused', 'ignored'],
  refusal: [423, 423, 412, 403],
  errors: ['plain', 'plain', 'plain', 'html 200', 'json 200', 'json 200 with a tag'],
  success: ['204', '204', '201', '200', 'html 200', 'json 200'],
  locksOutlive: [false, false, true],
  forgets: [true, false],
  changesLineEnds: [false, false, false, true],
  movesLocked: [true, true, false],
  lockOfMissing: ['file', 'file', 'lock-null', 'refused'],
  checksLockCondition: [true, false],
  refreshOfLost: ['refused', 'refused', 'echoed', 'new lock'],
  unlockOfLost: ['refused', 'accepted'],
  lockByUser: [false, false, true],
  cachesGet: [false, false, false, true],
  foreignTags: [false, false, true],
  tagsTellLocks: [false, false, true],
  name: ['nobody', 'nobody', 'nobody', 'Apache', 'lighttpd', 'nginx', 'nephele', 'rclone'],
};

/** A server without anything odd. */
export const plainServer = Object.fromEntries(
  Object.entries(choices).map(([key, [usual]]) => [key, usual]),
) as unknown as Ways;

/** Any server. */
export const anyServer: fc.Arbitrary<Ways> = drawnFrom(choices);

/** Apart from the rest, so that each history is the one that it was before there was any pipelining. */
export const anyPipelining: fc.Arbitrary<Required<Ways>['pipelined']> = fc.constantFrom(
  ...(['in order', 'in order', 'at once', 'at once', 'half done', 'swapped', 'never'] as const),
);

/** Any server of a family that is known to check what it is asked to. */
export const knownServer: fc.Arbitrary<Ways> = drawnFrom({
  ...choices,
  name: ['sabre'],
  lists: [true],
  enforces: [true],
  honorsIfMatch: [true],
  tags: ['strong', 'strong', 'young'],
  tellsTag: [false],
  expires: [true],
  tokens: ['all'],
  timeouts: ['seconds'],
  ifForms: ['both', 'tagged'],
  lostTokens: ['refused'],
  errors: ['plain'],
  success: ['204'],
  lockByUser: [false],
  checksLockCondition: [true],
  refreshOfLost: ['refused'],
  unlockOfLost: ['refused'],
});

type Choices = { readonly [Key in keyof Required<Omit<Ways, 'pipelined'>>]: readonly Ways[Key][] };

function drawnFrom(from: Choices): fc.Arbitrary<Ways> {
  const record = Object.entries(from).map(([key, values]) => [key, fc.constantFrom(...values)]);
  return fc.record(
    Object.fromEntries(record) as Record<string, fc.Arbitrary<unknown>>,
  ) as unknown as fc.Arbitrary<Ways>;
}

/** The server in one line: in what it differs from a plain one. */
export function describeServer(ways: Ways): string {
  const odd = Object.entries(choices)
    .map(([key, [usual]]) => ({ key, usual, value: ways[key as keyof Ways] }))
    .filter(({ value, usual }) => value !== usual);
  return odd
    .map(({ key, value }) => `${key}: ${typeof value === 'function' ? value.name : String(value)}`)
    .join(', ');
}
