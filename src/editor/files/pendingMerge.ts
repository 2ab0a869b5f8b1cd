import { isContentOf, type BaseVersion } from '../../core/saving/baseVersions';
import type { ServerChange } from '../../core/saving/serverChange';
import { digestOf } from '../../storage/digest';
import type { MergeFacts, MergeStep } from '../../storage/keptMerges';

/** A text that undo and redo can bring back, and the server's version that it has the changes of. */
interface MergeText {
  readonly text: string;
  readonly base: BaseVersion;
}

/** What merges have put into a document that is not saved yet, and whether that is still the server's version. */
export class PendingMerge {
  private readonly steps: [MergeStep, ...MergeStep[]];
  private current: MergeStep;
  private left = 0;
  private since: MergeFacts['since'];

  /** @param text is known to have the last merge, or to be one that undo has brought back */
  constructor(
    private readonly marks: readonly string[],
    { steps, since }: Pick<MergeFacts, 'steps' | 'since'>,
    text: string,
  ) {
    this.steps = [...steps];
    this.since = since;
    this.current = this.last;
    this.show(text);
  }

  /** @param marks the lines that begin and end an overlap */
  static begin(marks: readonly string[], before: MergeText, after: MergeText): PendingMerge {
    return new PendingMerge(marks, { steps: [stepOf(before), stepOf(after)] }, after.text);
  }

  /** For the next window. */
  get facts(): MergeFacts {
    const { marks, steps, since } = this;
    return { marks, steps, ...(since && { since }) };
  }

  /** The version that the text was made from: a save may replace it, and a merge begins with it. */
  get base(): BaseVersion {
    return this.current.base;
  }

  /** The version that the text was made from before any merge. */
  get first(): BaseVersion {
    return this.steps[0].base;
  }

  /** Whether undo has taken the last merge out of the text. */
  get isUndone(): boolean {
    return this.current !== this.last;
  }

  /** The overlaps whose marks are in the text, of this merge and of those before. */
  get conflicts(): number {
    return this.left;
  }

  /** Another merge, which the one before it is a part of. */
  add(before: MergeText, after: MergeText): void {
    this.steps.push(stepOf(before), stepOf(after));
    this.since = undefined;
    this.show(after.text);
  }

  /** The document has this text now. Returns the version to save over if undo or redo has brought a known text back. */
  show(text: string): BaseVersion | undefined {
    const lines = text.split('\n');
    // One mark alone is an overlap that somebody has begun to resolve.
    this.left = Math.max(...this.marks.map((mark) => lines.filter((line) => line === mark).length));
    const digest = digestOf(text);
    // A merge that added nothing left the same text: what it added to the version holds.
    const known = this.steps.findLast((step) => step.digest === digest);
    if (known) this.current = known;
    return known?.base;
  }

  /** A save of a text that was made from `base` was refused. That of another version says nothing of the merged text. */
  refuse(base: BaseVersion | undefined, isChanged: boolean): void {
    const merged = this.last.base;
    const isMerged = base === merged || (base?.bytes !== undefined && isContentOf(merged, base.bytes));
    if (isMerged && !this.isUndone) this.since = isChanged ? 'changed' : 'refused';
  }

  /** The server was asked again. */
  compare(bytes: Uint8Array): void {
    if (!isContentOf(this.last.base, bytes)) this.since = 'changed';
    else if (this.since === 'changed') this.since = undefined;
  }

  /** Undefined where the reason of the last refusal comes first. */
  next(): ServerChange | undefined {
    if (this.isUndone || this.since === 'changed') return 'review';
    if (this.since === 'refused') return undefined;
    return this.left > 0 ? 'resolve' : 'save';
  }

  private get last(): MergeStep {
    return this.steps.at(-1) ?? this.steps[0];
  }
}

function stepOf({ text, base }: MergeText): MergeStep {
  return { digest: digestOf(text), base };
}
