import { sameBytes, type BaseVersion } from '../../core/saving/baseVersions';
import type { ServerChange } from '../../core/saving/serverChange';

/** A text that undo and redo can bring back, and the server's version that it has the changes of. */
export interface MergeStep {
  readonly text: string;
  readonly base: BaseVersion;
}

/** What merges have put into a document that is not saved yet, and whether that is still the server's version. */
export class PendingMerge {
  /** Before and after each merge, oldest first. */
  private readonly steps: MergeStep[] = [];
  private current: MergeStep;
  private hasConflicts = false;
  /** `changed`: the server has another version than the merged one; `refused`: a save failed for another reason. */
  private since: 'changed' | 'refused' | undefined;

  /** @param marks the lines that begin and end an overlap */
  constructor(
    private readonly marks: readonly string[],
    before: MergeStep,
    after: MergeStep,
  ) {
    this.current = this.add(before, after);
  }

  /** The version that the text was made from: a save may replace it, and a merge begins with it. */
  get base(): BaseVersion {
    return this.current.base;
  }

  /** Another merge, which the one before it is a part of. */
  add(before: MergeStep, after: MergeStep): MergeStep {
    this.steps.push(before, after);
    this.since = undefined;
    this.show(after.text);
    return this.current;
  }

  /** The document has this text now. Returns the version to save over if undo or redo has brought a known text back. */
  show(text: string): BaseVersion | undefined {
    this.hasConflicts = text.split('\n').some((line) => this.marks.includes(line));
    // A merge that added nothing left the same text: what it added to the version holds.
    const known = this.steps.findLast((step) => step.text === text);
    if (known) this.current = known;
    return known?.base;
  }

  /** A save was refused. What is refused after an undo says nothing of the merged text. */
  refuse(isChanged: boolean): void {
    if (!this.isUndone()) this.since = isChanged ? 'changed' : 'refused';
  }

  /** The server was asked again. */
  compare(bytes: Uint8Array): void {
    const merged = this.steps.at(-1)?.base.bytes;
    if (!merged || !sameBytes(merged, bytes)) this.since = 'changed';
    else if (this.since === 'changed') this.since = undefined;
  }

  /** Undefined where the reason of the last refusal comes first. */
  next(): ServerChange | undefined {
    if (this.isUndone() || this.since === 'changed') return 'review';
    if (this.since === 'refused') return undefined;
    return this.hasConflicts ? 'resolve' : 'save';
  }

  private isUndone(): boolean {
    return this.current !== this.steps.at(-1);
  }
}
