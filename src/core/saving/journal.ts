import { Disposables } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { Serial } from '../../base/singleFlight';
import type { BlockedSave, BlockedSaves, EndedText } from './blockedSaves';
import { RemoteFailure } from '../model/failure';
import { planQuota, outdated, type JournalLimits } from './journalQuota';
import type { JournalStore, KeptContent, KeptText } from './keptText';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';
import { sameBytes, type BaseVersions } from './baseVersions';

/** A text that could not be kept on the disk: it is in the editor alone. */
export interface JournalProblem {
  readonly resource: ResourceId;
  readonly why: 'tooLarge' | 'full' | 'unwritable';
  readonly error?: unknown;
}

export interface JournalDeps {
  readonly disk: JournalStore;
  readonly blockedSaves: BlockedSaves;
  readonly baseVersions: BaseVersions;
  readonly clock: Clock;
  readonly limits: JournalLimits;
  /** Tells this workspace's texts from those of others, and this window's from those of other windows. */
  readonly workspaceKey: string;
  readonly window: string;
  /** Whether a window is gone, so that the next one may take up what it left. */
  readonly isGone: (window: string) => boolean;
  readonly newId: () => string;
}

/**
 * Keeps every refused text, with what it was made from, until it lands: over a crash, a reload and a server that is gone.
 * What was thrown away stays for some days.
 *
 * A text leaves the disk only when it is on the server: its own bytes, or newer ones of the window that kept it. What an
 * earlier run left is touched by nothing that happens to its file until it is in an editor again.
 */
export class Journal {
  private readonly owned = new Disposables();
  /** The entry of each file's text that an editor of this window shows. */
  private readonly current = new Map<ResourceId, KeptText>();
  /** What earlier runs of this workspace left, newest first. */
  private left: readonly KeptText[] = [];
  /** The newest refused text of each file: older ones need not be written any more. */
  private readonly newest = new Map<ResourceId, BlockedSave>();
  private readonly onDisk = new WeakSet<Uint8Array>();
  private readonly queue = new Serial<ResourceId>();
  private readonly pending = new Set<Promise<void>>();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly failed = this.owned.add(new Emitter<JournalProblem>());

  /** What is kept changed. */
  readonly onDidChange = this.changed.event;
  readonly onDidFail = this.failed.event;

  constructor(private readonly deps: JournalDeps) {
    this.owned.add(deps.blockedSaves.onDidKeep((save) => this.keep(save)));
    this.owned.add(deps.blockedSaves.onDidEnd((ended) => this.end(ended)));
  }

  /**
   * Finds what windows of this workspace left that are gone, and clears away what is too old. Rejects with what the disk
   * says.
   */
  async start(): Promise<void> {
    const { disk, clock, limits, workspaceKey, window, isGone } = this.deps;
    const texts = await disk.list();
    for (const text of outdated(texts, clock.now().wall, limits)) await disk.remove(text);
    const isLeft = (text: KeptText) =>
      text.workspaceKey === workspaceKey && !text.end && !this.isCurrent(text);
    this.left = texts
      .filter((text) => isLeft(text) && text.window !== window && isGone(text.window))
      .sort(byAge);
    this.changed.fire();
  }

  /**
   * A document came back with unsaved text: its save counts as blocked again, and a later save is checked against what
   * the text was made from.
   */
  async resume(resource: ResourceId): Promise<void> {
    const { blockedSaves, disk, clock } = this.deps;
    const text = this.left.find((left) => left.resource === resource);
    if (!text || this.current.has(resource) || blockedSaves.of(resource)) return;
    const content = await disk.read(text);
    // A newer refusal came in while the disk was read, or the text was restored or deleted.
    const isFree = this.left.includes(text) && !this.current.has(resource) && !blockedSaves.of(resource);
    if (!content || !isFree) return;
    this.show(text);
    this.recallBase(text, content);
    this.onDisk.add(content.bytes);
    const now = clock.now();
    const base = text.base && { ...text.base, ...(content.base && { bytes: content.base }) };
    const facts = { resource, ...(text.status !== undefined && { status: text.status }) };
    const failure = new RemoteFailure(text.why, facts);
    const since = { wall: text.since, mono: now.mono - Math.max(0, now.wall - text.since) };
    blockedSaves.keep({ resource, bytes: content.bytes, base, failure, since });
  }

  /** Newest first, of all workspaces. Rejects with what the disk says. */
  async all(): Promise<readonly KeptText[]> {
    await this.settled();
    return [...(await this.deps.disk.list())].sort(byAge);
  }

  /** Texts of this workspace that nobody has saved, thrown away or restored. */
  waiting(): readonly KeptText[] {
    return [...this.current.values(), ...this.left];
  }

  /** Whether the text is that of its document in this window: it was refused here, came back by itself or was restored. */
  isCurrent({ resource, id }: KeptText): boolean {
    return this.current.get(resource)?.id === id;
  }

  read(text: KeptText): Promise<KeptContent | undefined> {
    return this.deps.disk.read(text);
  }

  /**
   * The text is in an editor again. `document`: in its own file, so it is this window's text from now on and is judged
   * by the base that it was made from, not by what was read to open the file.
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
      this.show(text);
    });
  }

  /** For good. */
  remove(text: KeptText): Promise<void> {
    return this.run(text.resource, async () => {
      await this.deps.disk.remove(text);
      this.forget(text);
    });
  }

  /** Everything that was refused so far is on the disk, or was told to be not. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private recallBase({ resource, base }: KeptText, content: KeptContent): void {
    if (!base) return;
    const known = this.deps.baseVersions.of(resource);
    if (!known?.bytes)
      this.deps.baseVersions.saw(resource, { ...base, ...(content.base && { bytes: content.base }) });
  }

  private show(text: KeptText): void {
    this.leave(text);
    this.current.set(text.resource, text);
  }

  private leave({ id }: KeptText): void {
    this.left = this.left.filter((text) => text.id !== id);
  }

  private forget(text: KeptText): void {
    this.leave(text);
    if (this.isCurrent(text)) this.current.delete(text.resource);
  }

  private keep(save: BlockedSave): void {
    this.newest.set(save.resource, save);
    if (this.onDisk.has(save.bytes)) return;
    this.later(save.resource, async () => {
      if (this.newest.get(save.resource) === save) await this.write(save);
    });
  }

  private async write(save: BlockedSave): Promise<void> {
    const { disk, clock, workspaceKey, window, newId, limits } = this.deps;
    const { resource, bytes, base, failure } = save;
    const room = bytes.length + (base?.bytes?.length ?? 0);
    const withBase = room <= limits.entryBytes;
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
      storedBytes: withBase ? room : bytes.length,
      ...(base && { base: { version: base.version, certain: base.certain } }),
      baseKept: withBase && base?.bytes !== undefined,
    };
    try {
      const plan = planQuota(await disk.list(), text, limits);
      if (plan.refused) return this.fail({ resource, why: plan.refused });
      for (const old of plan.remove) await disk.remove(old);
      await disk.write(text, { bytes, ...(withBase && base?.bytes && { base: base.bytes }) });
      this.current.set(resource, text);
      this.onDisk.add(bytes);
      // Written elsewhere: what the editor showed of it, and for how long, nobody can say.
      if (before && !isOwn) await disk.mark(before, { how: 'restored', at: clock.now().wall });
    } catch (error) {
      // The text is still in the editor; what matters is that somebody hears of it.
      this.fail({ resource, why: 'unwritable', error });
    }
  }

  private end(ended: EndedText): void {
    const { resource } = ended;
    const isKept = this.current.has(resource) || this.newest.has(resource);
    if (!isKept && !(ended.how === 'landed' && this.left.some((text) => text.resource === resource))) return;
    this.later(resource, async () => {
      const { disk, clock, window } = this.deps;
      const text = this.current.get(resource);
      this.newest.delete(resource);
      if (ended.how === 'landed') await this.clearSame(resource, ended.bytes);
      if (!text) return;
      this.current.delete(resource);
      const isSaved =
        ended.how === 'landed' && (text.window === window || (await this.holds(text, ended.bytes)));
      const how = ended.how === 'landed' ? 'restored' : ended.how;
      await (isSaved ? disk.remove(text) : disk.mark(text, { how, at: clock.now().wall }));
    });
  }

  /** A text that nobody has looked at since is saved all the same when its very bytes are. */
  private async clearSame(resource: ResourceId, bytes: Uint8Array): Promise<void> {
    for (const text of this.left.filter((left) => left.resource === resource)) {
      if (!(await this.holds(text, bytes))) continue;
      await this.deps.disk.remove(text);
      this.leave(text);
    }
  }

  private async holds(text: KeptText, bytes: Uint8Array): Promise<boolean> {
    const content = await this.deps.disk.read(text);
    return content !== undefined && sameBytes(content.bytes, bytes);
  }

  /** In turn with what else happens to the file's text; what fails is told and not thrown. */
  private later(resource: ResourceId, task: () => Promise<void>): void {
    const tell = (error: unknown) => this.fail({ resource, why: 'unwritable', error });
    void this.run(resource, task).catch(tell);
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
