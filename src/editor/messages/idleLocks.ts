import { l10n } from 'vscode';
import { isFailure } from '../../core/model/failure';
import type { Idle } from '../../core/leases/idleLocks';
import { displayNameOf } from '../words/plainText';
import type { Needs } from '../commands/commandContext';
import { failureSentence } from '../words/failureWords';
import { showRefusal, stepAfter } from './nextStep';
import { showInformation } from './prompts';
import { durationText } from '../words/duration';

/** Asks once whether to release idle locks. */
export async function offerRelease(
  context: Needs<'leases' | 'log'>,
  idle: readonly Idle[],
  held: number,
): Promise<void> {
  const release = idle.length > 1 ? l10n.t('Release') : l10n.t('Release');
  if ((await showInformation(question(idle, held), release)) !== release) return;
  try {
    await Promise.all(idle.map(({ resource }) => context.leases.release(resource)));
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.log.failure('Releasing idle locks', error);
    void showRefusal(failureSentence(error), stepAfter(error));
  }
}

function question(idle: readonly Idle[], held: number): string {
  const longest = durationText(Math.max(...idle.map(({ ms }) => ms)));
  const [first] = idle;
  const name = first ? displayNameOf(first.resource) : '';
  if (held === 1) return l10n.t('You still hold the lock on {0}. It has been idle for {1}.', name, longest);
  return idle.length === 1
    ? l10n.t('You still hold {0} locks. The one on {1} has been idle for {2}.', held, name, longest)
    : l10n.t(
        'You still hold {0} locks. {1} of them have been idle for up to {2}.',
        held,
        idle.length,
        longest,
      );
}
