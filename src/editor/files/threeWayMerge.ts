import { diff3Merge, diffIndices } from 'node-diff3';

export interface MergeLabels {
  readonly mine: string;
  readonly theirs: string;
}

export interface MergedText {
  readonly text: string;
  /** How many places both sides changed differently: conflict markers are in the text there. */
  readonly conflicts: number;
}

const markBegin = '<<<<<<< ';
const markEnd = '>>>>>>> ';

/** The lines that begin and end an overlap. */
export function marksOf({ mine, theirs }: MergeLabels): readonly string[] {
  return [markBegin + mine, markEnd + theirs];
}

/**
 * Merges two texts by lines, as `diff3 -m` does: a change of one side is taken, the same change of both is taken once, and
 * overlapping changes stand between conflict markers. Without the common base every difference is a conflict: nothing
 * tells an added line from a deleted one. All texts with `\n` line ends.
 */
export function mergeTexts(
  base: string | undefined,
  mine: string,
  theirs: string,
  labels: MergeLabels,
): MergedText {
  const merged = new MergedLines(labels);
  if (base === undefined) mergeWithoutBase(merged, mine.split('\n'), theirs.split('\n'));
  else
    for (const { ok, conflict } of diff3Merge(mine.split('\n'), base.split('\n'), theirs.split('\n'))) {
      if (ok) merged.take(ok);
      if (conflict) merged.conflict(conflict.a, conflict.b);
    }
  return merged.result();
}

function mergeWithoutBase(merged: MergedLines, mine: string[], theirs: string[]): void {
  let at = 0;
  for (const { buffer1, buffer2Content, buffer1Content } of diffIndices(mine, theirs)) {
    const [start, length] = buffer1;
    merged.take(mine.slice(at, start));
    merged.conflict(buffer1Content, buffer2Content);
    at = start + length;
  }
  merged.take(mine.slice(at));
}

class MergedLines {
  private readonly lines: string[] = [];
  private conflicts = 0;

  constructor(private readonly labels: MergeLabels) {}

  take(lines: readonly string[]): void {
    for (const line of lines) this.lines.push(line);
  }

  conflict(mine: readonly string[], theirs: readonly string[]): void {
    this.conflicts += 1;
    this.take([markBegin + this.labels.mine, ...mine, '=======', ...theirs, markEnd + this.labels.theirs]);
  }

  result(): MergedText {
    return { text: this.lines.join('\n'), conflicts: this.conflicts };
  }
}
