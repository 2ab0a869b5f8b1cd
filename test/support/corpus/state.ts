// States put to the diagnosis, one JSON file each: test/corpus/README.md tells what is in them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Advice, Cause, Confidence } from '../../../src/core/diagnosis/diagnosis';
import type { LossReason } from '../../../src/core/model/evidence';
import type { ListingSupport } from '../../../src/core/locks/stateFromAnswer';

export interface ExchangeStep {
  readonly at: number;
  readonly do: string;
  readonly path: string;
  readonly depth?: 0 | 1;
  readonly sent?: readonly string[];
  readonly signed?: boolean;
  readonly status?: number;
  readonly failure?: 'unreachable' | 'timeout' | 'connectionReset' | 'certificate';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type EventStep =
  | { readonly at: number; readonly event: 'ourLockLost'; readonly path: string; readonly why: LossReason }
  | { readonly at: number; readonly event: 'reload' };

export type Step = ExchangeStep | EventStep;

export interface State {
  readonly behavior: string;
  readonly source: string;
  readonly listsLocks: ListingSupport | 'none';
  readonly account?: string;
  readonly owner?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly askedAt: number;
  readonly is: {
    readonly cause: Cause;
    readonly orAlso?: readonly Cause[];
    readonly also?: readonly Cause[];
    readonly sure: Confidence;
  };
  readonly advice?: { readonly one?: readonly Advice[]; readonly never?: readonly Advice[] };
  readonly holder?: string | null;
  /** Why this judgment was corrected after the file was written. */
  readonly note?: string;
}

/** A state and the name of its file. */
export interface NamedState {
  readonly name: string;
  readonly state: State;
}

export function statesIn(folder: string): NamedState[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      state: JSON.parse(readFileSync(join(folder, file), 'utf8')) as State,
    }));
}
