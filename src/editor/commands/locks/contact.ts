import { isMissingRight } from '../../../core/waiting/waitPolicy';
import { contactAbout } from '../../messages/contactPicker';
import type { Command } from '../commandContext';
import { targetOf } from '../target';

/** Lists every way to contact the holder with its full address, and opens only what the user picks. */
export const contactHolder: Command<
  'blockedSaves' | 'clock' | 'diagnosisService' | 'poller' | 'settings' | 'store'
> = async (context, argument) => {
  const resource = targetOf(context, argument);
  await context.poller.ask([resource], 5_000);
  const state = context.store.stateOf(resource);
  const { lock } = context.store.viewOf(resource);
  const noHolder = isMissingRight(context.diagnosisService.diagnose(resource), state);
  await contactAbout(
    context,
    resource,
    noHolder ? { lock: undefined, about: 'help' } : { lock, about: 'held' },
  );
};
