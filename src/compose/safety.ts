import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import type { Disposables } from '../base/disposable';
import type { BlockedSaves } from '../core/saving/blockedSaves';
import { LeaseRecovery, outlivesWindow } from '../core/leases/leaseRecovery';
import { Journal } from '../core/saving/journal';
import { journalLimits } from '../core/saving/journalQuota';
import type { ResourceId } from '../core/model/resource';
import type { BaseVersions } from '../core/saving/baseVersions';
import { announcerOfUnkept } from '../editor/messages/announceUnkept';
import { systemClock as clock } from '../editor/clock';
import type { Documents } from '../editor/files/documents';
import { DiskStore } from '../storage/diskStore';
import { LeaseStore } from '../storage/leaseStore';
import type { Log } from '../editor/log';
import { workspaceKeyOf, WindowStateStore } from '../storage/windowStateStore';
import { markOf } from '../storage/processMark';
import { WindowPresence } from '../storage/windowPresence';
import type { Domain } from './domain';

export interface JournalParts {
  readonly owned: Disposables;
  readonly context: ExtensionContext;
  readonly blockedSaves: BlockedSaves;
  readonly baseVersions: BaseVersions;
  readonly documents: Documents;
  readonly presence: WindowPresence;
  readonly log: Log;
}

/** Which of our windows are there; a window that ends says so before it does anything else. */
export function composeLife(context: ExtensionContext, windowId: string, log: Log): WindowPresence {
  const folder = join(context.globalStorageUri.fsPath, 'alive');
  return new WindowPresence(folder, windowId, (error) =>
    log.failure('Telling other windows of this one', error),
  );
}

/** The journal of refused texts. Global, not of the workspace: a text must be found wherever one looks for it. */
export function composeJournal({
  owned,
  context,
  blockedSaves,
  baseVersions,
  presence,
  log,
}: JournalParts): Journal {
  const folder = join(context.globalStorageUri.fsPath, 'texts');
  const disk = new DiskStore(folder, (name) => log.warn(`A kept text cannot be read: ${name}`));
  const journal = owned.add(
    new Journal({
      disk,
      blockedSaves,
      baseVersions,
      clock,
      limits: journalLimits,
      workspaceKey: workspaceKeyOf(context.storageUri),
      window: presence.window,
      isGone: (window) => presence.isGone(window),
      newId: () => randomBytes(8).toString('hex'),
    }),
  );
  owned.add(journal.onDidFail(announcerOfUnkept(log)));
  return journal;
}

/** What this workspace finds again at its next start. */
export function composeMemory(
  context: ExtensionContext,
  presence: WindowPresence,
  log: Log,
): WindowStateStore {
  return new WindowStateStore({
    folder: join(context.globalStorageUri.fsPath, 'places'),
    workspaceKey: workspaceKeyOf(context.storageUri),
    window: presence.window,
    isGone: (window) => presence.isGone(window),
    onProblem: (error) => log.failure('Remembering for the next start', error),
  });
}

export interface RecoveryParts {
  readonly owned: Disposables;
  readonly context: ExtensionContext;
  readonly documents: Documents;
  readonly log: Log;
  readonly windowId: string;
  readonly domain: () => Domain;
}

/** Our locks over a crash or a reload of the window, and what our other windows hold. */
export function composeRecovery({ owned, context, documents, log, windowId, domain }: RecoveryParts) {
  const folder = join(context.globalStorageUri.fsPath, 'windows');
  const workspaceKey = workspaceKeyOf(context.storageUri);
  const self = markOf(process.pid);
  const leaseStore = new LeaseStore({
    secrets: context.secrets,
    folder,
    window: windowId,
    workspaceKey,
    self,
    clock,
  });
  const recovery = owned.add(
    new LeaseRecovery({
      leaseStorage: leaseStore,
      world: domain,
      isDirty: (resource) => documents.isDirty(resource),
      clock,
      onProblem: (doing, error) => log.failure(doing, error),
    }),
  );
  const staysLocked = (resource: ResourceId): boolean => {
    const { leases } = domain();
    const lease = leases.of(resource);
    return !!lease && outlivesWindow(lease, leases.claimsOn(resource), documents.isDirty(resource));
  };
  /** At the end of the window: what is not to stay is let go, the rest is left to the next. */
  const leave = async (): Promise<void> => {
    await domain().leases.releaseForShutdown(staysLocked);
    await recovery.keep();
    await leaseStore.leave();
  };
  /** Which locks our other windows hold. */
  const lookAround = async (): Promise<void> => {
    try {
      await leaseStore.look();
    } catch (error) {
      log.failure('Looking for other windows', error);
    }
  };
  return { recovery, leaseStore, leave, lookAround };
}

/** A window that ended with the editor may still be on its way out when the next one begins. */
const lateMs = 20_000;

/** Takes up what an earlier run left. What the disk refuses is for the log: nothing is lost by it now. */
export async function startJournal({ owned, documents, log }: JournalParts, journal: Journal): Promise<void> {
  const resume = async (resource: ResourceId) => {
    try {
      if (documents.isDirty(resource)) await journal.resume(resource);
    } catch (error) {
      log.failure(`Looking for the kept text of ${resource}`, error);
    }
  };
  owned.add(documents.onDidOpen((resource) => void resume(resource)));
  const takeUp = async () => {
    try {
      await journal.start();
    } catch (error) {
      log.failure('Looking for kept texts', error);
    }
    for (const { resource } of journal.waiting()) await resume(resource);
  };
  owned.add(clock.after(lateMs, () => void takeUp()));
  await takeUp();
}
