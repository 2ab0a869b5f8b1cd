import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { Serial } from '../../base/singleFlight';
import type { BlockedSave, BlockedSaves, EndedText } from './blockedSaves';
import { RemoteFailure } from '../model/failure';
import { planQuota, outdated, type JournalLimits } from './journalQuota';
import type { JournalStore, KeptContent, KeptText } from './journalStore';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';
import { compareVersions } from '../model/version';
import { madeFromOf, sameBytes, type BaseVersions } from './baseVersions';

/** A text that could not be stored on disk: only the editor has it. */
export interface JournalProblem {
  readonly resource: ResourceId;
  readonly why: 'tooLarge' | 'full' | 'unwritable';
  readonly error?: unknown;
}

export interface JournalDeps {
  readonly disk: JournalStore;
  readonly blockedSaves: BlockedSaves;
  readonly baseVersions: BaseVersions;
  /** Whether the document's text is these bytes; never rejects. */
  readonly holds: (resource: ResourceId, bytes: Uint8Array) => Promise<boolean>;
  readonly clock: Clock;
  readonly limits: JournalLimits;
  /** Distinguishes this workspace's texts from those of others, and this window's from those of other windows. */
  readonly workspaceKey: string;
  readonly window: string;
  /** Whether a window has closed, so that the next one may take over its texts. */
  readonly isClosed: (window: string) => boolean;
  readonly newId: () => string;
}

/**
 * Keeps every refused text and its base version on disk until it is saved, over a crash, a reload and an
 * unreachable server; reverted texts stay for some days. A text leaves the disk only when its own bytes, or newer
 * ones of the window that kept it, are on the server; what an earlier run left is not touched until an editor
 * shows it again.
 */
export class Journal extends Owner {
  /** The entry of each file's text that an editor of this window shows. */
  private readonly current = new Map<ResourceId, KeptText>();
  /** Texts that earlier runs of this workspace left, newest first. */
  private leftovers: readonly KeptText[] = [];
  /** The newest refused text of each file: older ones need not be written any more. */
  private readonly newest = new Map<ResourceId, BlockedSave>();
  private readonly onDisk = new WeakSet<Uint8Array>();
  /** Texts that an editor of this window has certainly shown: refused here, or found in the document. */
  private readonly shown = new Set<KeptText['id']>();
  private readonly queue = new Serial<ResourceId>();
  private readonly pending = new Set<Promise<void>>();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly failed = this.owned.add(new Emitter<JournalProblem>());

  /** The set of kept texts changed. */
  readonly onDidChange = this.changed.event;
  readonly onDidFail = this.failed.event;

  constructor(private readonly deps: JournalDeps) {
    super();
    this.owned.add(deps.blockedSaves.onDidRefuse((save) => this.keep(save)));
    this.owned.add(deps.blockedSaves.onDidEnd((ended) => this.end(ended)));
  }

  /** Finds what closed windows of this workspace left, and removes outdated texts. Rejects with the disk error. */
  async start(): Promise<void> {
    const { disk, clock, limits, workspaceKey, window, isClosed } = this.deps;
    const texts = await disk.list();
    for (const text of outdated(texts, clock.now().wall, limits)) await disk.remove(text);
    const isLeftover = (text: KeptText) =>
      text.workspaceKey === workspaceKey && !text.end && !this.isCurrent(text);
    this.leftovers = texts
      .filter((text) => isLeftover(text) && text.window !== window && isClosed(text.window))
      .sort(byAge);
    this.changed.fire();
  }

  /**
   * A document was restored with unsaved text: its save is blocked again, and a later save is checked against the
   * stored base version.
   */
  async resume(resource: ResourceId): Promise<void> {
    const { baseVersions, blockedSaves, disk, clock } = this.deps;
    // What was read in this window is the base of what is typed now: this is not the restored text.
    if (baseVersions.shownOf(resource)?.bytes) return;
    const text = this.leftovers.find((left) => left.resource === resource);
    if (!text || this.current.has(resource) || blockedSaves.of(resource)) return;
    const content = await disk.read(text);
    // A newer refusal came in while the disk was read, or the text was restored or deleted.
    const isStillLeft =
      this.leftovers.includes(text) && !this.current.has(resource) && !blockedSaves.of(resource);
    if (!content || !isStillLeft) return;
    this.setCurrent(text);
    this.recallBase(text, content);
    this.onDisk.add(content.bytes);
    const now = clock.now();
    void this.recognize(text, content);
    const base = text.base && { ...text.base, ...(content.base && { bytes: content.base }) };
    const facts = { resource, ...(text.status !== undefined && { status: text.status }) };
    const failure = new RemoteFailure(text.why, facts);
    const since = { wall: text.since, mono: now.mono - Math.max(0, now.wall - text.since) };
    blockedSaves.keep({ resource, bytes: content.bytes, base, failure, since });
  }

  /** Newest first, of all workspaces. Rejects with the disk error. */
  async all(): Promise<readonly KeptText[]> {
    await this.settled();
    return [...(await this.deps.disk.list())].sort(byAge);
  }

  /** Texts of this workspace that nobody has saved, reverted or restored. */
  waiting(): readonly KeptText[] {
    return [...this.current.values(), ...this.leftovers];
  }

  /** Whether this is the text of its document in this window: refused here, restored by VS Code, or by the user. */
  isCurrent({ resource, id }: KeptText): boolean {
    return this.current.get(resource)?.id === id;
  }

  read(text: KeptText): Promise<KeptContent | undefined> {
    return this.deps.disk.read(text);
  }

  /**
   * The text is in an editor again. `document`: in its own file, so it becomes this window's text, with the base
   * version that it was made from, not the one read to open the file.
   */
  restored(text: KeptText, content: KeptContent, into: 'document' | 'untitled'): Promise<void> {
    const { baseVersions, disk, clock } = this.deps;
    const { resource } = text;
    return this.run(resource, async () => {
      if (into === 'untitled') {
        await disk.mark(text, { how: 'restored', at: clock.now().wall });
        this.forget(text);
        return;
      }
      baseVersions.forget(resource);
      this.recallBase(text, content);
      this.setCurrent(text);
      this.shown.add(text.id);
    });
  }

  /** Removes the text permanently. */
  remove(text: KeptText): Promise<void> {
    return this.run(text.resource, async () => {
      await this.deps.disk.remove(text);
      this.forget(text);
    });
  }

  /** Resolves when every text refused so far is on disk or reported as failed. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending);
  }

  private recallBase({ resource, base }: KeptText, content: KeptContent): void {
    if (!base) return;
    const { baseVersions } = this.deps;
    const shown = baseVersions.shownOf(resource);
    const known = madeFromOf(shown);
    // What the person saw last may be newer than what the text was refused with, and may recognize its content.
    if (known && (known.bytes || !content.base || compareVersions(known.version, base.version) !== 'same'))
      return;
    const recalled = { ...base, ...known, ...(content.base && { bytes: content.base }) };
    baseVersions.setShown(resource, shown?.madeFrom ? { ...shown, madeFrom: recalled } : recalled);
  }

  /** Another window may have left a document of the same file with another text. */
  private async recognize({ id, resource }: KeptText, { bytes }: KeptContent): Promise<void> {
    if (await this.deps.holds(resource, bytes)) this.shown.add(id);
  }

  private setCurrent(text: KeptText): void {
    this.removeLeftover(text);
    this.current.set(text.resource, text);
  }

  private removeLeftover({ id }: KeptText): void {
    this.leftovers = this.leftovers.filter((text) => text.id !== id);
  }

  private forget(text: KeptText): void {
    this.removeLeftover(text);
    if (this.isCurrent(text)) this.current.delete(text.resource);
  }

  private keep(save: BlockedSave): void {
    this.newest.set(save.resource, save);
    if (this.onDisk.has(save.bytes)) return;
    this.enqueue(save.resource, async () => {
      if (this.newest.get(save.resource) === save) await this.write(save);
    });
  }

  private async write(save: BlockedSave): Promise<void> {
    const { disk, clock, workspaceKey, window, newId, limits } = this.deps;
    const { resource, bytes, base, failure } = save;
    const bytesWithBase = bytes.length + (base?.bytes?.length ?? 0);
    const withBase = bytesWithBase <= limits.entryBytes;
    const before = this.current.get(resource);
    const isOwn = before?.window === window;
    const id = isOwn ? before.id : newId();
    const text: KeptText = {
      id,
      resource,
      workspaceKey,
      window,
      since: clock.now().wall,
      why: failure.kind,
      ...(failure.status !== undefined && { status: failure.status }),
      size: bytes.length,
      storedBytes: withBase ? bytesWithBase : bytes.length,
      ...(base && { base: { version: base.version, certain: base.certain } }),
      baseKept: withBase && base?.bytes !== undefined,
    };
    try {
      const plan = planQuota(await disk.list(), text, limits);
      if (plan.refused) return this.fail({ resource, why: plan.refused });
      for (const old of plan.remove) await disk.remove(old);
      await disk.write(text, { bytes, ...(withBase && base?.bytes && { base: base.bytes }) });
      this.current.set(resource, text);
      this.shown.add(id);
      this.onDisk.add(bytes);
      // Another window wrote it: nobody knows how much of it the editor showed, or for how long.
      if (before && !isOwn) await disk.mark(before, { how: 'restored', at: clock.now().wall });
    } catch (error) {
      // The text is still in the editor, so report the failure and do not throw.
      this.fail({ resource, why: 'unwritable', error });
    }
  }

  private end(ended: EndedText): void {
    const { resource } = ended;
    const isKept = this.current.has(resource) || this.newest.has(resource);
    if (!isKept && !(ended.how === 'landed' && this.leftovers.some((text) => text.resource === resource)))
      return;
    this.enqueue(resource, async () => {
      const { disk, clock, window } = this.deps;
      const text = this.current.get(resource);
      this.newest.delete(resource);
      if (ended.how === 'landed') await this.clearSame(resource, ended.bytes);
      if (!text) return;
      this.current.delete(resource);
      // Nobody can have thrown away what no editor has shown.
      if (ended.how !== 'landed' && !this.shown.has(text.id)) {
        this.leftovers = [text, ...this.leftovers].sort(byAge);
        return;
      }
      const isSaved =
        ended.how === 'landed' && (text.window === window || (await this.holds(text, ended.bytes)));
      const how = ended.how === 'landed' ? 'restored' : ended.how;
      await (isSaved ? disk.remove(text) : disk.mark(text, { how, at: clock.now().wall }));
    });
  }

  /** A text not shown since counts as saved when exactly its bytes are. */
  private async clearSame(resource: ResourceId, bytes: Uint8Array): Promise<void> {
    for (const text of this.leftovers.filter((left) => left.resource === resource)) {
      if (!(await this.holds(text, bytes))) continue;
      await this.deps.disk.remove(text);
      this.removeLeftover(text);
    }
  }

  private async holds(text: KeptText, bytes: Uint8Array): Promise<boolean> {
    const content = await this.deps.disk.read(text);
    return content !== undefined && sameBytes(content.bytes, bytes);
  }

  /** Runs in sequence with the file's other tasks; reports failures instead of throwing. */
  private enqueue(resource: ResourceId, task: () => Promise<void>): void {
    const report = (error: unknown) => this.fail({ resource, why: 'unwritable', error });
    void this.run(resource, task).catch(report);
  }

  private async run(resource: ResourceId, task: () => Promise<void>): Promise<void> {
    const running = this.queue.run(resource, task);
    this.pending.add(running);
    try {
      await running;
    } finally {
      this.pending.delete(running);
      this.changed.fire();
    }
  }

  private fail(problem: JournalProblem): void {
    this.failed.fire(problem);
  }
}

function byAge(one: KeptText, other: KeptText): number {
  return other.since - one.since;
}
