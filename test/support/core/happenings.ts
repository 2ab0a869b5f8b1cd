// Everything that two people at one file, their windows, the network and the server may do, in any order.
import fc from 'fast-check';
import type { Mishap, Operation } from './mishaps';

/** So many bytes of a text arrive that is cut off. */
export const cutAt = 3;

/** Something that a person does. */
export interface Act {
  readonly do:
    | 'open'
    | 'type'
    | 'save'
    | 'wait'
    | 'stopWaiting'
    | 'close'
    | 'revert'
    | 'lock'
    | 'release'
    | 'look'
    /** Under another name and back. */
    | 'rename'
    | 'remove';
  readonly who: number;
}

/** One thing that happens. `who` is 0 or 1. */
export type Step = { readonly do: 'pass' | 'sleep'; readonly ms: number } | Happening;

export type Happening =
  | Act
  | { readonly do: 'break' | 'restart' }
  | { readonly do: 'program'; readonly change: keyof typeof changes }
  /** The window is gone without a word; `back`: the editor brings its unsaved text back. */
  | { readonly do: 'crash'; readonly who: number; readonly back: boolean }
  | { readonly do: 'offline'; readonly who: number; readonly on: boolean }
  /** A program changes the file at the last moment before that person's next write, or the one after it, is done. */
  | { readonly do: 'ambush'; readonly who: number; readonly nth: number }
  | {
      readonly do: 'mishap';
      readonly who: number;
      readonly operation: Operation;
      /** The server did it all the same; or, of a write, it got only the beginning. */
      readonly how: 'refused' | 'lost' | 'cut';
      readonly kind: 'interrupted' | 'timeout' | 'serverFault';
    };

const who = fc.integer({ min: 0, max: 1 });
const plainly: fc.Arbitrary<Act['do']> = fc.constantFrom(
  'open',
  'save',
  'save',
  'wait',
  'stopWaiting',
  'close',
  'revert',
  'lock',
  'release',
  'type',
  'type',
  'look',
  'rename',
  'remove',
);
const operation = fc.constantFrom<Operation>('write', 'lock', 'refresh', 'unlock', 'stat', 'read');

/** What a program makes of the file. */
export const changes = {
  /** The same content again, so that only its tag is another one. */
  touch: (text: string) => text,
  /** Another content of the same length, which a tag of whole seconds may not show. */
  swap: (text: string) => text.replace(/.$/, (last) => (last === '!' ? '?' : '!')),
  shorten: (text: string) => text.slice(0, -3),
  empty: () => '',
};
const change = fc.constantFrom<keyof typeof changes>('touch', 'swap', 'swap', 'shorten', 'empty');

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: plainly, who }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        ms: fc.constantFrom(1, 50, 400, 5_000, 31_000, 330_000),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.constantFrom(20_000, 700_000) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('break' as const, 'restart' as const) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('program' as const), change }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), who, back: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('offline' as const), who, on: fc.boolean() }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('ambush' as const), who, nth: fc.integer({ min: 1, max: 2 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('mishap' as const),
        who,
        operation,
        how: fc.constantFrom('refused' as const, 'lost' as const, 'cut' as const),
        kind: fc.constantFrom(
          'interrupted' as const,
          'interrupted' as const,
          'timeout' as const,
          'serverFault' as const,
        ),
      }),
    },
  ),
  { minLength: 4, maxLength: 24 },
);

/** What becomes of the request. */
export function outcomeOf({ how, operation }: Extract<Happening, { do: 'mishap' }>): Omit<Mishap, 'kind'> {
  if (how === 'refused') return {};
  return how === 'cut' && operation === 'write' ? { cutAt } : { lost: true };
}
