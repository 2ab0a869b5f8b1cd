import { CancellationError, l10n, type CancellationToken } from 'vscode';
import { Disposables } from '../../base/disposable';
import { isFailure } from '../../core/model/failure';
import { blocksUs } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import type { WaitEnd } from '../../core/waiting/waits';
import type { Needs } from '../commands/commandContext';
import { HumanError } from '../messages/humanError';
import { failureSentence } from '../words/failureWords';
import { displayNameOf } from '../words/plainText';
import { toolNames } from './toolNames';

export type SaveNeeds = Needs<'blockedSaves' | 'clock' | 'documents' | 'store' | 'waitMessages' | 'waits'>;

export interface SaveAnswer {
  readonly saved: boolean;
  readonly waiting: boolean;
  readonly advice: string;
}

/** How long one call keeps a model waiting; the wait itself goes on. */
const patienceMs = 60_000;

/** Waits as a person's own Save When Free does, and answers how that ended or that it has not yet. */
export async function saveWhenFree(
  context: SaveNeeds,
  resource: ResourceId,
  token: CancellationToken,
): Promise<SaveAnswer> {
  const { documents, waits } = context;
  const name = displayNameOf(resource);
  if (!documents.isOpen(resource))
    throw new HumanError(
      l10n.t('{0} isn’t open. Open it in an editor, leave the change there unsaved, and call again.', name),
    );
  if (!documents.isDirty(resource))
    throw new HumanError(l10n.t('{0} has no unsaved changes, so there is nothing to wait for.', name));
  const before = waits.of(resource);
  if (before?.phase === 'conflict') return conflict();
  const ended = end(context, resource, token);
  if (!before) begin(context, resource);
  const { how, error } = await ended;
  switch (how) {
    case 'saved':
      return { saved: true, waiting: false, advice: l10n.t('The latest text is saved on the server.') };
    case 'conflict':
      return conflict();
    case 'late':
      return {
        saved: false,
        waiting: true,
        advice: l10n.t(
          'Still waiting. The text is unsaved in its editor and is saved automatically when the lock is free. Go on with other work, or call {0} again.',
          toolNames.saveWhenFree,
        ),
      };
    case 'canceled':
      // Whoever cancels does not expect a save later.
      if (!before && waits.of(resource)) waits.stop(resource);
      throw new CancellationError();
    case 'stopped':
      return notSaved(l10n.t('The user stopped the wait. The text is still unsaved.'));
    case 'closed':
      return notSaved(l10n.t('The text was reverted or its editor was closed, so nothing was saved.'));
    case 'gaveUp':
      return notSaved(l10n.t('The wait took too long and ended. The text is still unsaved.'));
    case 'failed':
      return notSaved(
        isFailure(error)
          ? failureSentence(error)
          : l10n.t('The save failed. The text is still unsaved in its editor.'),
      );
  }
}

function begin({ blockedSaves, store, waitMessages, waits }: SaveNeeds, resource: ResourceId): void {
  const isBlocked = blocksUs(store.viewOf(resource)) || blockedSaves.of(resource) !== undefined;
  waits.arm(resource);
  // The person reads that something waits here, with a button that stops it.
  if (isBlocked) void waitMessages.acknowledge(resource);
}

interface End {
  readonly how: WaitEnd | 'conflict' | 'late' | 'canceled';
  readonly error?: unknown;
}

function end({ clock, waits }: SaveNeeds, resource: ResourceId, token: CancellationToken): Promise<End> {
  const owned = new Disposables();
  const ended = new Promise<End>((resolve) => {
    owned.add(clock.after(patienceMs, () => resolve({ how: 'late' })));
    owned.add(token.onCancellationRequested(() => resolve({ how: 'canceled' })));
    owned.add(
      waits.onDidEnd((one) => {
        if (one.resource === resource) resolve({ how: one.end, error: one.error });
      }),
    );
    owned.add(
      waits.onDidChange((ids) => {
        if (ids.includes(resource) && waits.of(resource)?.phase === 'conflict') resolve({ how: 'conflict' });
      }),
    );
  });
  return ended.finally(() => owned.dispose());
}

function notSaved(advice: string): SaveAnswer {
  return { saved: false, waiting: false, advice };
}

function conflict(): SaveAnswer {
  return notSaved(
    l10n.t(
      'The file changed on the server in the meantime, so nothing was written. The user has to compare or merge the two versions.',
    ),
  );
}
