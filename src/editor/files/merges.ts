import { EndOfLine, l10n, Range, window, workspace, type TextDocument, type TextEditor } from 'vscode';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { Timer, type TimeSource } from '../../base/timer';
import type { RemoteContent } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import {
  isContentOf,
  noBase,
  sameBytes,
  type BaseVersion,
  type BaseVersions,
} from '../../core/saving/baseVersions';
import type { BlockedSaves } from '../../core/saving/blockedSaves';
import type { ServerChange } from '../../core/saving/serverChange';
import type { KeptMerges } from '../../storage/keptMerges';
import { HumanError } from '../messages/humanError';
import { stepOn } from '../messages/nextStep';
import { displayNameOf } from '../words/plainText';
import { normalized, type Documents } from './documents';
import { PendingMerge } from './pendingMerge';
import type { ServerCopies } from './serverCopies';
import { marksOf, mergeTexts } from './threeWayMerge';

export interface MergesDeps {
  readonly baseVersions: BaseVersions;
  readonly documents: Pick<Documents, 'find' | 'onDidEdit' | 'onDidClean' | 'onDidClose'>;
  readonly blockedSaves: Pick<BlockedSaves, 'onDidRefuse'>;
  readonly copies: Pick<ServerCopies, 'of' | 'onDidCompare'>;
  readonly keptMerges: KeptMerges;
  readonly clock: TimeSource;
}

/** VS Code keeps a copy of an unsaved text for the next window a second after the last key: by then it is known. */
const settledMs = 500;

/**
 * Puts a three-way merge with the server's version into the document as one edit. From then on a save is bound to exactly
 * the version that was merged; undoing the merge takes that back, because the text then lacks the server's changes.
 */
export class Merges extends Owner {
  private readonly pending = new Map<ResourceId, PendingMerge>();
  private readonly changed = this.owned.add(new Emitter<readonly ResourceId[]>());
  private readonly settling: Timer;

  /** What is next for a merged text is something else. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: MergesDeps) {
    super();
    const { documents, blockedSaves, copies } = deps;
    this.settling = this.owned.add(new Timer(deps.clock));
    this.owned.add(
      documents.onDidEdit((resource) => {
        this.restore(resource);
        this.update(resource, () => this.followUndo(resource));
      }),
    );
    this.owned.add(documents.onDidClean((resource) => this.forget(resource)));
    this.owned.add(documents.onDidClose((resource) => this.forget(resource)));
    this.owned.add(
      blockedSaves.onDidRefuse(({ resource, base, failure }) =>
        this.update(resource, (merge) => merge.refuse(base, failure.kind === 'contentChanged')),
      ),
    );
    this.owned.add(
      copies.onDidCompare((resource) =>
        this.update(resource, (merge) => {
          const copy = copies.of(resource);
          if (copy) merge.compare(copy.bytes);
        }),
      ),
    );
  }

  /** What the person does next about a merge that is in the document; undefined without one. */
  of(resource: ResourceId): ServerChange | undefined {
    return this.pending.get(resource)?.next();
  }

  /** How many overlaps are left to resolve in the document, also those of earlier merges. */
  conflictsIn(resource: ResourceId): number {
    return this.pending.get(resource)?.conflicts ?? 0;
  }

  /** The version that a merged text was made from; undefined without a merge. */
  baseOf(resource: ResourceId): BaseVersion | undefined {
    const base = this.pending.get(resource)?.base;
    if (!base || base.bytes) return base;
    // Another part of the window may have read what a restart has left the digest of.
    const shown = this.deps.baseVersions.shownOf(resource);
    return shown?.bytes && isContentOf(base, shown.bytes) ? shown : base;
  }

  /** The version from before any merge, which is the one that VS Code itself has loaded; undefined without a merge. */
  loadedOf(resource: ResourceId): BaseVersion | undefined {
    return this.pending.get(resource)?.first;
  }

  /** Rejects with a sentence if the versions cannot be merged as text; nothing is changed then. */
  async merge(resource: ResourceId, theirs: RemoteContent, base: BaseVersion | undefined): Promise<void> {
    const document = this.deps.documents.find(resource);
    if (!document) throw new HumanError(l10n.t('Open {0} first.', displayNameOf(resource)));
    const [theirText, baseText] = await Promise.all([
      textOf(document, theirs.bytes),
      base?.bytes && textOf(document, base.bytes),
    ]);
    if (theirText === undefined)
      throw new HumanError(
        l10n.t(
          'The server’s version of {0} has another encoding, so it can’t be merged. Compare the two instead.',
          displayNameOf(resource),
        ),
        { next: stepOn(resource, 'compare') },
      );
    const editor = await window.showTextDocument(document, { preview: false });
    const labels = { mine: l10n.t('Yours'), theirs: l10n.t('On the server') };
    for (;;) {
      const before = document.getText();
      const merged = mergeTexts(baseText, normalized(before), theirText, labels);
      // Refused by VS Code if the person typed since `before` was read.
      const isSame = normalized(before) === merged.text;
      if (!isSame && !(await replaceText(editor, merged.text))) continue;
      const afterBase: BaseVersion = { version: theirs.version, bytes: theirs.bytes, certain: true };
      const step = { text: normalized(before), base: base ?? noBase };
      // Where nothing was unsaved, and nothing had to be merged, there is nothing to save.
      if (!isSame || document.isDirty)
        this.keep(resource, marksOf(labels), step, { text: merged.text, base: afterBase });
      return this.deps.baseVersions.setShown(resource, afterBase);
    }
  }

  private keep(resource: ResourceId, ...[marks, before, after]: Parameters<typeof PendingMerge.begin>): void {
    const known = this.pending.get(resource);
    if (known) known.add(before, after);
    else this.pending.set(resource, PendingMerge.begin(marks, before, after));
    this.remember(resource);
    this.changed.fire([resource]);
  }

  /** For the next window. */
  private remember(resource: ResourceId): void {
    const merge = this.pending.get(resource);
    const text = this.deps.documents.find(resource)?.getText();
    if (!merge || text === undefined) return;
    this.deps.keptMerges.keep(resource, merge.facts, merge.isUndone ? undefined : normalized(text));
  }

  /**
   * A text that the editor has brought back. Where it is not known to have the merge, a save is bound to the version from
   * before, which the server has no more.
   */
  private restore(resource: ResourceId): void {
    const { keptMerges, documents, baseVersions } = this.deps;
    if (this.pending.has(resource) || !keptMerges.has(resource)) return;
    const document = documents.find(resource);
    // What was read in this window is the base of what is typed now: this is not the text from before.
    if (!document || baseVersions.shownOf(resource)?.bytes) return keptMerges.forget(resource);
    const text = normalized(document.getText());
    const left = keptMerges.of(resource, text);
    if (!left?.isKnown) {
      keptMerges.forget(resource);
      if (left) baseVersions.setShown(resource, left.facts.steps[0].base);
      return;
    }
    const merge = new PendingMerge(left.facts.marks, left.facts, text);
    this.pending.set(resource, merge);
    baseVersions.setShown(resource, merge.base);
    this.changed.fire([resource]);
  }

  private followUndo(resource: ResourceId): void {
    const document = this.deps.documents.find(resource);
    const base = document && this.pending.get(resource)?.show(normalized(document.getText()));
    if (base) this.deps.baseVersions.setShown(resource, base);
  }

  private update(resource: ResourceId, change: (merge: PendingMerge) => void): void {
    const merge = this.pending.get(resource);
    if (!merge) return;
    const before = merge.next();
    change(merge);
    // Each key of a large text is too often.
    this.settling.set(settledMs, () => {
      for (const each of this.pending.keys()) this.remember(each);
    });
    if (merge.next() !== before) this.changed.fire([resource]);
  }

  private forget(resource: ResourceId): void {
    this.deps.keptMerges.forget(resource);
    if (this.pending.delete(resource)) this.changed.fire([resource]);
  }
}

/** Undefined if the bytes would not survive being saved in the document's encoding. */
async function textOf(document: TextDocument, bytes: Uint8Array): Promise<string | undefined> {
  const { encoding } = document;
  const text = await workspace.decode(bytes, { encoding });
  const again = await workspace.encode(text, { encoding });
  return sameBytes(withoutMark(again), withoutMark(bytes)) ? normalized(text) : undefined;
}

/** VS Code adds or drops the byte order mark by its own settings. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Replaces only what differs, so that the cursor and folded regions stay. False if the document changed meanwhile. */
function replaceText(editor: TextEditor, text: string): Thenable<boolean> {
  const { document } = editor;
  const before = document.getText();
  const after = document.eol === EndOfLine.CRLF ? text.replaceAll('\n', '\r\n') : text;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  while (head > 0 && !isBoundary(before, head)) head--;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  while (tail > 0 && !isBoundary(before, before.length - tail)) tail--;
  const range = new Range(document.positionAt(head), document.positionAt(before.length - tail));
  return editor.edit((edit) => edit.replace(range, after.slice(head, after.length - tail)));
}

/** Whether an edit may begin or end here: not inside of a line break or of a surrogate pair. */
function isBoundary(text: string, at: number): boolean {
  return !/^(?:\r\n|[\ud800-\udbff][\udc00-\udfff])$/.test(text.slice(at - 1, at + 1));
}
