import { commands, l10n } from 'vscode';
import type { FailureKind, RemoteFailure } from '../../core/model/failure';
import type { ResourceId } from '../../core/model/resource';
import { toUri } from '../uris';
import { showError } from './prompts';

/** What a message about a refusal ends with: a button, and the command behind it. */
export interface NextStep {
  readonly label: string;
  readonly command: string;
  readonly argument?: unknown;
}

const steps = {
  ask: () => [l10n.t('Ask Lock Holder…'), 'lockStatus.contactHolder'],
  compare: () => [l10n.t('Compare'), 'lockStatus.compare'],
  explain: () => [l10n.t('Explain'), 'lockStatus.explain'],
  break: () => [l10n.t('Break…'), 'lockStatus.breakLock'],
  refresh: () => [l10n.t('Refresh'), 'lockStatus.refresh'],
  release: () => [l10n.t('Release'), 'lockStatus.release'],
  open: () => [l10n.t('Open'), 'vscode.open'],
} as const satisfies Record<string, () => readonly [label: string, command: string]>;

/** A step that is about a file. */
export function stepOn(resource: ResourceId, name: keyof typeof steps): NextStep {
  const [label, command] = steps[name]();
  return { label, command, argument: toUri(resource) };
}

export function showLogStep(): NextStep {
  return { label: l10n.t('Show Log'), command: 'lockStatus.showLog' };
}

/** What helps after a failure. */
export function stepAfter({ kind, resource, facts }: RemoteFailure): NextStep {
  if (facts.halfWritten) return stepOn(resource, 'compare');
  if (kind === 'signInNeeded') {
    return { label: l10n.t('Sign In…'), command: 'lockStatus.signIn', argument: toUri(resource) };
  }
  const name = stepOf[kind];
  return name === undefined ? showLogStep() : stepOn(resource, name);
}

const stepOf: Partial<Readonly<Record<FailureKind, keyof typeof steps>>> = {
  locked: 'explain',
  forbidden: 'explain',
  contentChanged: 'compare',
  preconditionFailed: 'compare',
  leaseLost: 'compare',
  unreachable: 'refresh',
  timeout: 'refresh',
  interrupted: 'refresh',
  busy: 'refresh',
};

/** Says what failed, and takes the next step if the person wants it. */
export async function showRefusal(message: string, next: NextStep): Promise<void> {
  if ((await showError(message, next.label)) === next.label)
    await commands.executeCommand(next.command, next.argument);
}
