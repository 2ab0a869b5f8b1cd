// One person at one window: the whole core over the model server, with documents that a test types into.
import { Disposables } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import { Serial } from '../../../src/base/singleFlight';
import { BlockedSaves } from '../../../src/core/saving/blockedSaves';
import { Directory } from '../../../src/core/polling/directory';
import { DiagnosisService } from '../../../src/core/diagnosis/diagnosisService';
import { DocumentLife, type DocumentNews, type ShownText } from '../../../src/core/saving/documentLife';
import { EditLocks } from '../../../src/core/leases/editLocks';
import { isFailure } from '../../../src/core/model/failure';
import type { Inheritance } from '../../../src/core/leases/leaseStorage';
import { outlivesWindow } from '../../../src/core/leases/leaseRecovery';
import { Exchanges } from '../../../src/core/locks/exchanges';
import { LockHistory } from '../../../src/core/locks/lockHistory';
import { Journal, type JournalDeps } from '../../../src/core/saving/journal';
import { journalLimits } from '../../../src/core/saving/journalQuota';
import { LockPoller } from '../../../src/core/polling/lockPoller';
import { Leases } from '../../../src/core/leases/leases';
import { LockStore } from '../../../src/core/locks/lockStore';
import { LostLockRecovery, type LossOutcome } from '../../../src/core/saving/lostLockRecovery';
import type { OpenDocuments } from '../../../src/core/leases/openDocuments';
import { serverOf as serverIdOf, type ResourceId } from '../../../src/core/model/resource';
import { Saver } from '../../../src/core/saving/saver';
import { readBase, sameBytes, BaseVersions, type BaseVersion } from '../../../src/core/saving/baseVersions';
import { WaitList } from '../../../src/core/waiting/waitList';
import type { FakeClock } from './fakeClock';
import { bytesOf, textOf } from './files';
import { ModelClient } from './modelClient';
import type { ModelServer } from './modelServer';

let windows = 0;

interface Document {
  text: string;
  dirty: boolean;
}

export interface PersonOptions {
  readonly lockOn?: 'edit' | 'open' | 'manual';
  readonly limitMs?: number;
  readonly inherited?: Inheritance;
  /** Where refused texts are kept. */
  readonly kept?: Pick<JournalDeps, 'disk' | 'workspaceKey' | 'isGone'>;
}

export class Person implements OpenDocuments, DocumentNews {
  private readonly owned = new Disposables();
  private readonly documents = new Map<ResourceId, Document>();
  private readonly saves = new Serial<ResourceId>();
  private readonly opened = this.owned.add(new Emitter<ResourceId>());
  private readonly edited = this.owned.add(new Emitter<ResourceId>());
  private readonly shown = this.owned.add(new Emitter<ShownText>());
  private readonly cleaned = this.owned.add(new Emitter<ResourceId>());
  private readonly closed = this.owned.add(new Emitter<ResourceId>());
  readonly onDidOpen = this.opened.event;
  readonly onDidEdit = this.edited.event;
  readonly onDidShow = this.shown.event;
  readonly onDidClean = this.cleaned.event;
  readonly onDidClose = this.closed.event;
  /** In the owner text of this window's locks, and of no other's. */
  readonly window;
  readonly client;
  readonly store;
  readonly blockedSaves;
  readonly baseVersions = new BaseVersions();
  readonly directory;
  readonly leases;
  readonly life;
  readonly saver;
  readonly diagnosisService;
  readonly waits;
  readonly editLocks;
  readonly journal: Journal | undefined;
  readonly losses: LossOutcome[] = [];
  readonly ends: string[] = [];
  /** Contents that this person has had before their eyes, or sent. */
  readonly knows = new Set<string>();
  /** How many writes the server had seen when the save under way began. */
  savingSince = 0;
  /** Texts that were said to be saved. */
  readonly saved: string[] = [];
  /** Errors that are nobody's fault but the code's. */
  readonly faults: unknown[] = [];

  constructor(
    readonly name: string,
    private readonly server: ModelServer,
    private readonly clock: FakeClock,
    { lockOn = 'edit', limitMs = 8 * 3_600_000, inherited, kept }: PersonOptions = {},
  ) {
    this.window = `${name} ${(windows += 1)}`;
    this.client = new ModelClient(server, name);
    const serverOf = () => this.client;
    const store = (this.store = this.owned.add(new LockStore()));
    const blockedSaves = (this.blockedSaves = this.owned.add(new BlockedSaves()));
    const lockRequest = () => ({ seconds: 600, owner: this.window });
    const leases = (this.leases = this.owned.add(
      new Leases({ serverOf, store, clock, lockRequest, ...(inherited && { inherited }) }),
    ));
    this.client.owns = (id) => leases.owns(id);
    const directory = (this.directory = this.owned.add(new Directory(serverOf, store, clock)));
    const poller = new LockPoller(directory, clock);
    this.saver = new Saver({
      serverOf,
      directory,
      store,
      leases,
      baseVersions: this.baseVersions,
      blockedSaves,
      clock,
    });
    const exchanges = this.owned.add(new Exchanges());
    this.client.onExchange = (exchange) => exchanges.record(exchange);
    const history = this.owned.add(new LockHistory());
    const known = {
      poller,
      clock,
      directory,
      exchanges,
      history,
      leases,
      baseVersions: this.baseVersions,
      serverOf,
      store,
    };
    const causes = (this.diagnosisService = this.owned.add(
      new DiagnosisService({ ...known, parseDate: Date.parse }),
    ));
    this.waits = this.owned.add(
      new WaitList({
        clock,
        store,
        leases,
        poller,
        blockedSaves,
        documents: this,
        causes,
        limitMs: () => limitMs,
        intervalMs: () => 30_000,
        onFault: (error) => this.faults.push(error),
      }),
    );
    this.editLocks = this.owned.add(
      new EditLocks({
        leases,
        poller,
        documents: this,
        clock,
        lockOn: () => lockOn,
        onRefused: (_, error) => isFailure(error) || this.faults.push(error),
      }),
    );
    const lostLockRecovery = this.owned.add(
      new LostLockRecovery({
        serverOf,
        leases,
        directory,
        baseVersions: this.baseVersions,
        clock,
        saveOver: (resource) => this.saver.over(resource),
      }),
    );
    lostLockRecovery.onDidSettle((outcome) => this.losses.push(outcome));
    const { baseVersions, editLocks, window } = this;
    this.life = this.owned.add(
      new DocumentLife({ documents: this, blockedSaves, editLocks, baseVersions, store }),
    );
    const newId = () => `${window} ${(windows += 1)}`;
    const keeping = { blockedSaves, baseVersions, clock, limits: journalLimits, window, newId };
    this.journal = kept && this.owned.add(new Journal({ ...keeping, ...kept }));
    this.waits.onDidEnd(({ resource, end }) => this.ends.push(`${resource} ${end}`));
  }

  isOpen(resource: ResourceId): boolean {
    return this.documents.has(resource);
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
    const content = await this.client.read(resource);
    this.baseVersions.read(resource, readBase(content, leases));
    await between?.();
    const text = textOf(content.bytes) ?? '';
    this.knows.add(text);
    this.documents.set(resource, { text, dirty: false });
    this.show(resource);
    // The comparison of its text with what was read, which nobody can overtake in the editor either.
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  }

  /** The editor tells that it shows the text as it is. */
  show(resource: ResourceId, isOf?: ShownText['isOf']): void {
    const text = this.text(resource);
    this.shown.fire({ resource, isOf: isOf ?? ((bytes) => Promise.resolve(textOf(bytes) === text)) });
  }

  /** The editor brings unsaved text back, with what it was made from as far as that was kept, to one who knows it. */
  comesBack(
    resource: ResourceId,
    text: string,
    { base, knows }: { readonly base: BaseVersion | undefined; readonly knows: ReadonlySet<string> },
  ): void {
    if (base)
      this.baseVersions.saw(resource, { version: base.version, certain: base.certain, ...digested(base) });
    for (const known of knows) this.knows.add(known);
    this.type(resource, text);
  }

  type(resource: ResourceId, text: string): void {
    this.documents.set(resource, { text, dirty: true });
    this.edited.fire(resource);
  }

  /** As VS Code does it: one save after the other, and none of a text that is saved. True where the text is on the server. */
  save(resource: ResourceId): Promise<boolean> {
    return this.saves.run(resource, () => this.saveNow(resource));
  }

  private async saveNow(resource: ResourceId): Promise<boolean> {
    const document = this.documents.get(resource);
    if (!document?.dirty) return document !== undefined;
    const { text } = document;
    this.knows.add(text);
    this.savingSince = this.server.writes.length;
    try {
      await this.saver.save(resource, bytesOf(text), { mustBeNew: false, mayReplaceUnseen: !document.dirty });
    } catch (error) {
      if (!isFailure(error)) this.faults.push(error);
      return false;
    }
    this.saved.push(text);
    const now = this.documents.get(resource);
    if (now?.text === text) {
      now.dirty = false;
      this.cleaned.fire(resource);
    }
    return true;
  }

  /** Throws the changes away and shows what the server has. */
  async revert(resource: ResourceId): Promise<void> {
    const wasDirty = this.isDirty(resource);
    await this.load(resource);
    if (wasDirty) this.cleaned.fire(resource);
  }

  close(resource: ResourceId): void {
    this.documents.delete(resource);
    this.closed.fire(resource);
  }

  /** Whether this server has been found to list its locks. */
  learnsToList(resource: ResourceId): void {
    this.store.recallListingSupport(serverIdOf(resource), 'seen');
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
