import type { ResourceId } from '../core/model/resource';
import type { BaseVersion } from '../core/saving/baseVersions';
import { digestOf } from './digest';
import type { KeyValueStore } from './keyValueStore';
import { keptBase, restoredBase, type KeptBase } from './memory';

/** A text that undo and redo can bring back, and the server's version that it has the changes of. */
export interface MergeStep<Base = BaseVersion> {
  /** Of the text. */
  readonly digest: string;
  readonly base: Base;
}

/** What is known of a merge that is not saved yet, beside the text. */
export interface MergeFacts<Base = BaseVersion> {
  /** The lines that begin and end an overlap. */
  readonly marks: readonly string[];
  /** Before and after each merge, oldest first. */
  readonly steps: readonly [MergeStep<Base>, ...MergeStep<Base>[]];
  /** `changed`: the server has another version than the merged one; `refused`: a save failed for another reason. */
  readonly since?: 'changed' | 'refused';
}

interface KeptMerge {
  readonly facts: MergeFacts<KeptBase>;
  /** Digests of texts that have all merges, newest first. */
  readonly texts: readonly string[];
}

/** A merge that an earlier window left unsaved. */
export interface LeftMerge {
  readonly facts: MergeFacts;
  /** Whether it is known what of the merges is in the text. An editor that crashed may bring back one from before. */
  readonly isKnown: boolean;
}

const key = 'unsavedMerges';

/** By so many texts may the copy of an unsaved text be behind that the editor keeps. */
const textsKept = 20;

/** Keeps across restarts which unsaved texts have the server's changes already. */
export class KeptMerges {
  private readonly merges: Map<ResourceId, KeptMerge>;

  constructor(private readonly memento: KeyValueStore) {
    this.merges = new Map(memento.get<readonly (readonly [ResourceId, KeptMerge])[]>(key, []));
  }

  has(resource: ResourceId): boolean {
    return this.merges.has(resource);
  }

  /** @param text has all merges; undefined while undo has taken one out. */
  keep(resource: ResourceId, facts: MergeFacts, text: string | undefined): void {
    const known = this.merges.get(resource)?.texts ?? [];
    const texts = text === undefined ? known : [...new Set([digestOf(text), ...known])].slice(0, textsKept);
    this.merges.set(resource, { facts: withBases(facts, keptBase), texts });
    this.write();
  }

  /** What was kept, for the text that an editor has brought back. */
  of(resource: ResourceId, text: string): LeftMerge | undefined {
    const kept = this.merges.get(resource);
    if (!kept) return undefined;
    const digest = digestOf(text);
    const isKnown = kept.texts.includes(digest) || kept.facts.steps.some((step) => step.digest === digest);
    return { facts: withBases(kept.facts, restoredBase), isKnown };
  }

  forget(resource: ResourceId): void {
    if (this.merges.delete(resource)) this.write();
  }

  private write(): void {
    void this.memento.update(key, [...this.merges]);
  }
}

function withBases<From, To>({ steps, ...facts }: MergeFacts<From>, to: (base: From) => To): MergeFacts<To> {
  const [first, ...others] = steps;
  const changed = ({ digest, base }: MergeStep<From>): MergeStep<To> => ({ digest, base: to(base) });
  return { ...facts, steps: [changed(first), ...others.map(changed)] };
}
