import { outlivesWindow } from '../core/leases/leaseRecovery';
import type { ResourceId } from '../core/model/resource';
import { systemClock as clock } from '../editor/clock';
import { KeptReminder } from '../editor/messages/reminder';
import { keepAwaitedMarks } from '../storage/awaitedMarks';
import { keepHistory } from '../storage/keptHistory';
import { KeptWaits } from '../storage/keptWaits';
import { KeptBaseVersions, keepListingSupport } from '../storage/memory';
import type { EditorParts } from './parts';

/** A window that ended with the editor may still be on its way out when the next one begins. */
const lateMs = 20_000;

/** Takes up what earlier windows left, and leaves behind what the next one needs. */
export function keepAcrossRestarts(parts: EditorParts) {
  const { owned, context, core, documents, log, openFiles, storage } = parts;
  const { journal, leases, leaseRecovery, waits } = core;
  owned.add(keepHistory(context.workspaceState, core.history, clock));
  owned.add(keepListingSupport(context.globalState, core.store));
  owned.add(new KeptBaseVersions(context.workspaceState, core.baseVersions));
  owned.add(keepAwaitedMarks(context.workspaceState, core.ownLocks.unconfirmed, clock));
  owned.add(new KeptWaits({ windowState: storage.windowState, waits, documents, clock }));
  owned.add(new KeptReminder({ journal, leaseRecovery, openFiles, clock }));

  void leaseRecovery.start();

  const resume = (resource: ResourceId) =>
    attempt(`Looking for the kept text of ${resource}`, async () => {
      if (documents.isDirty(resource)) await journal.resume(resource);
    });
  const takeUpTexts = async () => {
    await attempt('Looking for kept texts', () => journal.start());
    for (const { resource } of journal.waiting()) await resume(resource);
  };
  // VS Code opens a restored document first, and then reports that its text is unsaved.
  for (const event of [documents.onDidOpen, documents.onDidEdit])
    owned.add(event((resource) => void resume(resource)));
  owned.add(clock.after(lateMs, () => void takeUpTexts()));
  void takeUpTexts();

  const staysLocked = (resource: ResourceId): boolean => {
    const lease = leases.of(resource);
    return !!lease && outlivesWindow(lease, leases.claimsOn(resource), documents.isDirty(resource));
  };
  const leaveLocks = async () => {
    await leases.releaseForShutdown(staysLocked);
    await leaseRecovery.keep();
    await storage.leaseStore.leaveToNextWindow();
  };
  /** At the end of the window; the presence goes first, so that the next window may take up what is left. */
  const leave = async (): Promise<void> => {
    storage.presence.end();
    await Promise.all([leaveLocks(), journal.settled()]);
  };
  return { leave };

  /** What the disk or the editor's storage refuses is for the log: nothing is lost by it now. */
  async function attempt(doing: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      log.failure(doing, error);
    }
  }
}
