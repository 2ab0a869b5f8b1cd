// One person at one window: the whole core over the model server, with documents that a test types into.
import { Disposables } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import { Serial } from '../../../src/base/singleFlight';
import type { Core } from '../../../src/core/createCore';
import { outlivesWindow } from '../../../src/core/leases/leaseRecovery';
import type { LeaseStorage } from '../../../src/core/leases/leaseStorage';
import type { OpenDocuments } from '../../../src/core/leases/openDocuments';
import { OwnLocks } from '../../../src/core/leases/ownLocks';
import { Exchanges } from '../../../src/core/locks/exchanges';
import type { LockRequest } from '../../../src/core/model/ports';
import { isFailure } from '../../../src/core/model/failure';
import { ownerText } from '../../../src/core/model/ownerText';
import { serverOf as serverIdOf, type ResourceId } from '../../../src/core/model/resource';
import { readBase, sameBytes, type BaseVersion } from '../../../src/core/saving/baseVersions';
import type { DocumentEvents, ShownText } from '../../../src/core/saving/documentLife';
import type { JournalDeps } from '../../../src/core/saving/journal';
import type { LossOutcome } from '../../../src/core/saving/lostLockRecovery';
import type { Server } from '../../../src/protocol/servers';
import { testCore } from './core';
import type { FakeClock } from './fakeClock';
import { bytesOf, textOf } from './files';
import { ModelClient } from './modelClient';
import { type ModelServer, withoutLineEnds } from './modelServer';

let windows = 0;
let marks = 0;

interface Document {
  text: string;
  dirty: boolean;
}

export interface PersonOptions {
  readonly lockOn?: 'edit' | 'open' | 'manual';
  readonly limitMs?: number;
  readonly leaseStorage?: LeaseStorage;
  /** How the server is reached; as one speaks with the model itself, unless told. */
  readonly connect?: (window: WindowOf) => Server;
  /** Where refused texts are kept. */
  readonly kept?: Pick<JournalDeps, 'disk' | 'workspaceKey' | 'isClosed'>;
}

/** What a connection must know of the window that it belongs to. */
export interface WindowOf {
  readonly window: string;
  readonly ownLocks: OwnLocks;
  readonly exchanges: Exchanges;
}

export class Person implements OpenDocuments, DocumentEvents {
  private readonly owned = new Disposables();
  private readonly documents = new Map<ResourceId, Document>();
  private readonly saves = new Serial<ResourceId>();
  private readonly opened = this.owned.add(new Emitter<ResourceId>());
  private readonly edited = this.owned.add(new Emitter<ResourceId>());
  private readonly shown = this.owned.add(new Emitter<ShownText>());
  private readonly cleaned = this.owned.add(new Emitter<ResourceId>());
  private readonly closed = this.owned.add(new Emitter<ResourceId>());
  private readonly hidden = this.owned.add(new Emitter<ResourceId>());
  /** Documents that no tab shows: another extension keeps them open. */
  private readonly tabless = new Set<ResourceId>();
  readonly onDidOpen = this.opened.event;
  readonly onDidEdit = this.edited.event;
  readonly onDidShow = this.shown.event;
  readonly onDidClean = this.cleaned.event;
  readonly onDidClose = this.closed.event;
  readonly onDidHide = this.hidden.event;
  /** In the owner text of this window's locks, and of no other's. */
  readonly window;
  readonly client;
  private readonly reached: Server;
  readonly core: Core;
  readonly losses: LossOutcome[] = [];
  readonly ends: string[] = [];
  /** Contents that this person has had before their eyes, or sent. */
  readonly knows = new Set<string>();
  /** How many writes the server had seen when the save under way began. */
  savingSince = 0;
  /** Texts that were said to be saved, and how many writes the server had seen before and after. */
  readonly saved: { readonly text: string; readonly since: number; readonly until: number }[] = [];
  /** Texts that were refused and not kept. */
  readonly dropped: string[] = [];
  /** Errors that are nobody's fault but the code's. */
  readonly faults: unknown[] = [];
  /** What could not be done in the background, also where a server refused it. */
  readonly problems: unknown[] = [];

  constructor(
    readonly name: string,
    private readonly server: ModelServer,
    private readonly clock: FakeClock,
    { lockOn = 'edit', limitMs = 8 * 3_600_000, leaseStorage, kept, connect }: PersonOptions = {},
  ) {
    this.window = `${name}-${(windows += 1)}`;
    this.client = new ModelClient(server, name);
    const ownLocks = new OwnLocks();
    this.client.owns = (id) => ownLocks.owns(id);
    const exchanges = this.owned.add(new Exchanges());
    this.client.onExchange = (exchange) => exchanges.record(exchange);
    this.reached = connect?.({ window: this.window, ownLocks, exchanges }) ?? {
      files: this.client,
      locks: this.client,
    };
    this.core = this.owned.add(
      testCore({
        clock,
        server: this.reached,
        documents: this,
        ownLocks,
        exchanges,
        lockRequest: () => (connect ? this.lockRequest() : { seconds: 600, owner: this.window }),
        settings: { lockOn: () => lockOn, waitLimitMs: () => limitMs },
        ...(leaseStorage && { leaseStorage }),
        journal: { window: this.window, ...kept },
        onProblem: (_, error) => {
          this.problems.push(error);
          if (!isFailure(error)) this.faults.push(error);
        },
      }),
    );
    this.core.lostLockRecovery.onDidSettle((outcome) => this.losses.push(outcome));
    this.core.waits.onDidEnd(({ resource, end }) => this.ends.push(`${resource} ${end}`));
  }

  /** With a mark of its own in each request, by which its lock is found where the answer is lost. */
  private lockRequest(): LockRequest {
    const mark = `${this.window.replaceAll(' ', '-')}-${(marks += 1)}`;
    return { seconds: 600, owner: ownerText({ name: this.name, contacts: [], app: 'VS Code', mark }), mark };
  }

  get store() {
    return this.core.store;
  }
  get blockedSaves() {
    return this.core.blockedSaves;
  }
  get baseVersions() {
    return this.core.baseVersions;
  }
  get directory() {
    return this.core.directory;
  }
  get leases() {
    return this.core.leases;
  }
  get saver() {
    return this.core.saver;
  }
  get diagnosisService() {
    return this.core.diagnosisService;
  }
  get waits() {
    return this.core.waits;
  }
  get editLocks() {
    return this.core.editLocks;
  }
  get journal() {
    return this.core.journal;
  }

  isOpen(resource: ResourceId): boolean {
    return this.documents.has(resource);
  }

  isShown(resource: ResourceId): boolean {
    return this.isOpen(resource) && !this.tabless.has(resource);
  }

  holds(resource: ResourceId, bytes: Uint8Array): Promise<boolean> {
    return Promise.resolve(this.text(resource) === textOf(bytes));
  }

  isDirty(resource: ResourceId): boolean {
    return this.documents.get(resource)?.dirty ?? false;
  }

  text(resource: ResourceId): string | undefined {
    return this.documents.get(resource)?.text;
  }

  /** Reads the file and looks at it; `between` happens after the read and before the text is shown. */
  async open(resource: ResourceId, between?: () => Promise<void>): Promise<void> {
    await this.load(resource, between);
    this.opened.fire(resource);
  }

  private async load(resource: ResourceId, between?: () => Promise<void>): Promise<void> {
    const leases = this.leases.covering(resource);
    const content = await this.reached.files.read(resource);
    this.baseVersions.read(resource, readBase(content, leases));
    await between?.();
    const text = textOf(content.bytes) ?? '';
    this.knows.add(withoutLineEnds(text));
    this.documents.set(resource, { text, dirty: false });
    this.show(resource);
    // The comparison of its text with what was read, which nobody can overtake in the editor either.
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  }

  /** The editor tells that it shows the text as it is. */
  show(resource: ResourceId, isOf?: ShownText['matches']): void {
    const text = this.text(resource);
    this.shown.fire({ resource, matches: isOf ?? ((bytes) => Promise.resolve(textOf(bytes) === text)) });
  }

  /** The editor brings unsaved text back, with what it was made from as far as that was kept, to one who knows it. */
  comesBack(
    resource: ResourceId,
    text: string,
    { base, knows }: { readonly base: BaseVersion | undefined; readonly knows: ReadonlySet<string> },
  ): void {
    if (base)
      this.baseVersions.setShown(resource, {
        version: base.version,
        certain: base.certain,
        ...digested(base),
      });
    for (const known of knows) this.knows.add(known);
    this.type(resource, text);
  }

  type(resource: ResourceId, text: string): void {
    this.documents.set(resource, { text, dirty: true });
    this.edited.fire(resource);
  }

  /** As VS Code does it: one save after the other, and none of a text that is saved. True where nothing is unsaved then. */
  save(resource: ResourceId): Promise<boolean> {
    return this.saves.run(resource, () => this.saveNow(resource));
  }

  private async saveNow(resource: ResourceId): Promise<boolean> {
    const document = this.documents.get(resource);
    if (!document?.dirty) return document !== undefined;
    const { text } = document;
    this.knows.add(withoutLineEnds(text));
    const since = (this.savingSince = this.server.writes.length);
    try {
      await this.saver.save(resource, bytesOf(text), { mustBeNew: false, mayReplaceUnseen: !document.dirty });
    } catch (error) {
      if (!isFailure(error)) this.faults.push(error);
      const isWanted = this.isDirty(resource) && this.text(resource) === text;
      if (isWanted && textOf(this.blockedSaves.of(resource)?.bytes) !== text) this.dropped.push(text);
      return false;
    }
    this.saved.push({ text: withoutLineEnds(text), since, until: this.server.writes.length });
    const now = this.documents.get(resource);
    if (now?.text === text) {
      now.dirty = false;
      this.cleaned.fire(resource);
    }
    return !this.isDirty(resource);
  }

  /** Throws the changes away and shows what the server has. */
  async revert(resource: ResourceId): Promise<void> {
    const wasDirty = this.isDirty(resource);
    await this.load(resource);
    if (wasDirty) this.cleaned.fire(resource);
  }

  /** Closes the last tab while another extension still has the document open. */
  closeTab(resource: ResourceId): void {
    this.tabless.add(resource);
    this.hidden.fire(resource);
  }

  close(resource: ResourceId): void {
    this.tabless.delete(resource);
    this.documents.delete(resource);
    this.closed.fire(resource);
  }

  /** Whether this server has been found to list its locks. */
  learnsToList(resource: ResourceId): void {
    this.store.restoreListingSupport(serverIdOf(resource), 'seen');
  }

  /** How many listen to what the parts tell. */
  listeners(): number {
    const parts = [this.store, this.blockedSaves, this.leases, this.directory, this.waits];
    const emitters = parts.flatMap((part) => Object.values(part).filter((value) => value instanceof Emitter));
    return emitters.reduce((sum, emitter) => sum + emitter.listenerCount, 0);
  }

  async quit(): Promise<void> {
    const leaving = this.leases.releaseForShutdown((resource) => {
      const lease = this.leases.of(resource);
      return (
        lease !== undefined && outlivesWindow(lease, this.leases.claimsOn(resource), this.isDirty(resource))
      );
    });
    await this.clock.pass(5_000);
    await leaving;
    this.dispose();
  }

  /** The window is gone without a word. */
  dispose(): void {
    this.owned.dispose();
  }
}

/** Of the bytes only a digest outlives the window. */
function digested({ bytes, isContent }: BaseVersion): Pick<BaseVersion, 'isContent'> {
  if (bytes) return { isContent: (other) => sameBytes(bytes, other) };
  return isContent ? { isContent } : {};
}
