import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import type { CoreDeps } from '../core/createCore';
import { journalLimits } from '../core/saving/journalQuota';
import { systemClock as clock } from '../editor/clock';
import type { Log } from '../editor/log';
import { ContentCache } from '../storage/contentCache';
import { KeptTextStore } from '../storage/keptTextStore';
import { LeaseStore } from '../storage/leaseStore';
import { LimitedSecrets } from '../storage/limitedSecrets';
import { markOf } from '../storage/processMark';
import { WindowPresence } from '../storage/windowPresence';
import { WindowStateStore, workspaceKeyOf } from '../storage/windowStateStore';

/** What outlives the window, on this machine's disk and in the editor's secret storage. */
export function openStorage(context: ExtensionContext, log: Log) {
  const folderOf = (name: string) => join(context.globalStorageUri.fsPath, name);
  const window = randomBytes(8).toString('hex');
  const workspaceKey = workspaceKeyOf(context.storageUri);
  const presence = new WindowPresence({
    folder: folderOf('alive'),
    window,
    self: markOf(process.pid),
    clock,
    onProblem: (error) => log.failure('Announcing this window to others', error),
  });
  const isClosed = (other: string) => presence.isClosed(other);

  const secrets = new LimitedSecrets(context.secrets, clock);
  const leaseStore = new LeaseStore({
    secrets,
    folder: folderOf('windows'),
    presence,
    workspaceKey,
    clock,
    onProblem: (error) => log.failure('Looking for other windows', error),
  });
  const windowState = new WindowStateStore({
    folder: folderOf('places'),
    workspaceKey,
    window,
    isClosed,
    clock,
    onProblem: (error) => log.failure('Storing state for the next start', error),
  });
  // Global, not of the workspace: a text must be found wherever one looks for it.
  const disk = new KeptTextStore(folderOf('texts'), (name) =>
    log.warn(`A kept text cannot be read: ${name}`),
  );
  const newId = () => randomBytes(8).toString('hex');
  const journal: CoreDeps['journal'] = { disk, limits: journalLimits, workspaceKey, window, isClosed, newId };
  const contentCache = new ContentCache({
    folder: folderOf('contents'),
    maxBytes: 200_000_000,
    onProblem: (error) => log.failure('Storing contents for the next search', error),
  });
  return { contentCache, window, presence, leaseStore, windowState, journal };
}
