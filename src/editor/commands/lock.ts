import { l10n, window, type Disposable } from 'vscode';
import { isFailure } from '../../core/model/failure';
import { lockView } from '../../core/model/lockView';
import { isWithin, nameOf, type ResourceId } from '../../core/model/resource';
import { HumanError } from '../messages/humanError';
import { plain } from '../words/plainText';
import { lockedBy } from '../words/holder';
import type { Command, CommandContext } from './commandContext';
import { targetOf } from './target';

// A word in the status bar says that it was done; nobody needs to click it away.
const shownMs = 4_000;

/** Takes the lock by hand: it stays until it is released by hand. */
export const lock: Command = async (context, argument) => {
  const resource = targetOf(context, argument);
  try {
    await context.leases.take(resource, 'hand');
  } catch (error) {
    if (!isFailure(error, 'locked')) throw error;
    await context.poller.ask([resource]);
    throw new HumanError(refusedSentence(context, resource));
  }
  say(l10n.t('{0} is locked for you.', shown(resource)), resource);
};

export const release: Command = async (context, argument) => {
  const resource = targetOf(context, argument);
  if (!context.leases.isWanted(resource)) {
    // Whoever releases a lost lock knows of the loss and wants it back no more.
    context.store.apply({ kind: 'lossSettled', resource });
    throw new HumanError(l10n.t('You hold no lock on {0} from this window.', shown(resource)));
  }
  await context.leases.release(resource);
  say(l10n.t('The lock on {0} is released.', shown(resource)), resource);
};

export const releaseAll: Command = async ({ leases }) => {
  const { released, failed } = await leases.releaseAll();
  if (failed.length > 0) {
    throw new HumanError(
      l10n.t(
        '{0} locks were released, but not those on {1}. Try again, or wait until they expire.',
        released,
        failed.map(shown).join(', '),
      ),
    );
  }
  say(releasedText(released));
};

function releasedText(released: number): string {
  if (released === 0) return l10n.t('You hold no locks.');
  return released === 1 ? l10n.t('1 lock is released.') : l10n.t('{0} locks are released.', released);
}

/** Asks the server again: about the file, or about the folder with what is in it; named by nobody, about all in sight. */
export const refresh: Command = async (context, argument) => {
  const { poller, directory, visibleResources } = context;
  if (argument === undefined) return void (await poller.askAll(visibleResources(), 0, 'insistent'));
  const target = targetOf(context, argument);
  const isFolder = () => directory.recall(target)?.kind === 'collection';
  if (!isFolder()) await poller.ask([target]);
  if (!isFolder()) return;
  const open = visibleResources().folders.filter((folder) => folder !== target && isWithin(folder, target));
  await poller.askFolders([target, ...open]);
};

function refusedSentence(context: CommandContext, resource: ResourceId): string {
  const view = lockView(context.store.stateOf(resource), context.store.lossOf(resource));
  if (view.lock?.holder.perhapsOurs) {
    return l10n.t(
      '{0} cannot be locked. The lock on it may be your own: one that you asked for was not answered. If nobody else works on it, end it by "Locks: Break Lock…".',
      shown(resource),
    );
  }
  return view.lock
    ? l10n.t('{0} cannot be locked. {1}.', shown(resource), lockedBy(view.lock, context.clock.now()))
    : l10n.t(
        '{0} cannot be locked: somebody else holds it, and the server does not say who.',
        shown(resource),
      );
}

export function shown(resource: ResourceId): string {
  return plain(nameOf(resource), 80);
}

let said: { readonly about: ResourceId | undefined; readonly message: Disposable } | undefined;

/** A word that goes by itself. The newest is the only one: VS Code would show an older one again after it. */
export function say(text: string, about?: ResourceId): void {
  said?.message.dispose();
  said = { about, message: window.setStatusBarMessage(text, shownMs) };
}

/** There is newer news of these files: what was said of one of them must not stand beside it. */
export function unsay(resources: readonly ResourceId[]): void {
  if (said?.about !== undefined && resources.includes(said.about)) said.message.dispose();
}
