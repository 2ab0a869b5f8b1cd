import type { ExtensionContext } from 'vscode';
import type { Disposables } from '../base/disposable';
import { DiagnosisService, type DiagnosisServiceDeps } from '../core/diagnosis/diagnosisService';
import { IdleLocks } from '../core/leases/idleLocks';
import { LockHistory } from '../core/locks/lockHistory';
import type { ResourceId } from '../core/model/resource';
import { systemClock as clock } from '../editor/clock';
import type { CommandContext } from '../editor/commands/commandContext';
import { Explanations } from '../editor/explain/explanations';
import { keepHistory } from '../storage/keptHistory';
import { offerRelease } from '../editor/messages/idleNudge';
import { handleLinks } from '../editor/messages/links';

export type DiagnosisSources = Omit<DiagnosisServiceDeps, 'clock' | 'exchanges' | 'history' | 'parseDate'>;

/** What diagnoses rest on: what servers answered, and how locks behaved, also before a restart. */
export function composeDiagnosis(
  owned: Disposables,
  context: ExtensionContext,
  known: DiagnosisSources & Pick<DiagnosisServiceDeps, 'exchanges'>,
): DiagnosisService {
  const history = owned.add(new LockHistory());
  owned.add(keepHistory(context.workspaceState, history, clock));
  return owned.add(new DiagnosisService({ ...known, clock, history, parseDate: Date.parse }));
}

/** The pages that explain a lock, and the links by which people send each other files. */
export function connectExplaining(
  owned: Disposables,
  context: ExtensionContext,
  commands: () => CommandContext,
): Explanations {
  owned.add(handleLinks());
  return owned.add(new Explanations(context.extensionUri, commands));
}

/** Locks that somebody forgot. */
export function connectIdleNudge(owned: Disposables, context: CommandContext): void {
  const { leases, documents } = context;
  const isDirty = (resource: ResourceId) => documents.isDirty(resource);
  const watched = { leases, clock, onDidEdit: documents.onDidEdit, isDirty };
  owned.add(new IdleLocks(watched, (idle, held) => void offerRelease(context, idle, held)));
}
