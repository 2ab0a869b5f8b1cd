import type { ExtensionContext } from 'vscode';
import type { Disposables } from '../base/disposable';
import { Casebook, type CasebookDeps } from '../core/diagnosis/casebook';
import { IdleLocks } from '../core/leases/idleLocks';
import { LockHistory } from '../core/locks/lockHistory';
import type { ResourceId } from '../core/model/resource';
import { systemClock as clock } from '../editor/clock';
import type { Room } from '../editor/commands/room';
import { Explanations } from '../editor/explain/explanations';
import { keepHistory } from '../storage/keptHistory';
import { nudge } from '../editor/messages/idleNudge';
import { handleLinks } from '../editor/messages/links';

export type KnownToCasebook = Omit<CasebookDeps, 'clock' | 'exchanges' | 'history' | 'parseDate'>;

/** What diagnoses rest on: what servers answered, and how locks behaved, also before a restart. */
export function composeCasebook(
  owned: Disposables,
  context: ExtensionContext,
  known: KnownToCasebook & Pick<CasebookDeps, 'exchanges'>,
): Casebook {
  const history = owned.add(new LockHistory());
  owned.add(keepHistory(context.workspaceState, history, clock));
  return owned.add(new Casebook({ ...known, clock, history, parseDate: Date.parse }));
}

/** The pages that explain a lock, and the links by which people send each other files. */
export function connectExplaining(
  owned: Disposables,
  context: ExtensionContext,
  room: () => Room,
): Explanations {
  owned.add(handleLinks());
  return owned.add(new Explanations(context.extensionUri, room));
}

/** Locks that somebody forgot. */
export function connectIdleNudge(owned: Disposables, room: Room): void {
  const { leases, documents } = room;
  const isDirty = (resource: ResourceId) => documents.isDirty(resource);
  const watched = { leases, clock, onDidEdit: documents.onDidEdit, isDirty };
  owned.add(new IdleLocks(watched, (idle, held) => void nudge(room, idle, held)));
}
