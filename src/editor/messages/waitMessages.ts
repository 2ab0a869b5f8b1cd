import { commands, l10n } from 'vscode';
import { blocksUs } from '../../core/model/lockView';
import type { Expiry, Stamp } from '../../core/model/lock';
import type { ResourceId } from '../../core/model/resource';
import type { LockStore } from '../../core/locks/lockStore';
import type { Clock } from '../../core/model/ports';
import type { WaitList } from '../../core/waiting/waitList';
import { knownName } from '../words/holder';
import { displayNameOf } from '../words/plainText';
import { PassingMessage } from './passingMessage';
import { showInformation } from './prompts';
import { showStatusMessage } from './statusMessage';

export interface WaitMessagesDeps {
  readonly clock: Clock;
  readonly store: LockStore;
  readonly waits: Pick<WaitList, 'of' | 'stop'>;
}

interface Holder {
  readonly name: string;
  readonly expiry: Expiry;
}

/** What the person reads while a file waits for its lock, and when it was saved. */
export class WaitMessages {
  /** Who held the lock of each waiting file last. */
  private readonly holders = new Map<ResourceId, Holder>();
  private readonly begun: PassingMessage;

  constructor(private readonly context: WaitMessagesDeps) {
    this.begun = new PassingMessage(context.clock);
  }

  /** Answers the click that began the wait: the message that it was in goes, and a short one says what happens now. */
  async acknowledge(resource: ResourceId): Promise<void> {
    const { waits } = this.context;
    this.noteHolder(resource);
    await commands.executeCommand('notifications.hideToasts');
    this.begun.begin(resource);
    const stop = l10n.t('Stop');
    if ((await showInformation(this.beginText(resource), stop)) === stop && waits.of(resource))
      waits.stop(resource);
  }

  /** Remembers who holds the locks of waiting files, for the message at the end. */
  noteHolders(resources: readonly ResourceId[]): void {
    for (const resource of resources) if (this.context.waits.of(resource)) this.noteHolder(resource);
  }

  /** The file waits no longer: what said that it will be saved must not stay beside what is said next. */
  ended(resource: ResourceId): Promise<void> {
    return this.begun.end(resource);
  }

  /** Says that the waiting text is on the server. */
  saved(resource: ResourceId): void {
    const holder = this.holders.get(resource);
    this.holders.delete(resource);
    showStatusMessage(savedText(displayNameOf(resource), holder, this.context.clock.now()), resource);
  }

  private noteHolder(resource: ResourceId): void {
    const { store } = this.context;
    const view = store.viewOf(resource);
    const name = blocksUs(view) && view.lock ? knownName(view.lock.holder) : undefined;
    if (name !== undefined && view.lock) this.holders.set(resource, { name, expiry: view.lock.expiry });
  }

  private beginText(resource: ResourceId): string {
    const holder = this.holders.get(resource);
    const name = displayNameOf(resource);
    return holder
      ? l10n.t('{0} will be saved when {1} releases the lock.', name, holder.name)
      : l10n.t('{0} will be saved when its lock is free.', name);
  }
}

function savedText(name: string, holder: Holder | undefined, now: Stamp): string {
  if (!holder) return l10n.t('Saved {0}.', name);
  const { expiry } = holder;
  // A lock that reached its end was not released by anybody.
  return expiry.kind === 'at' && expiry.at.mono <= now.mono
    ? l10n.t('Saved {0} after the lock of {1} expired.', name, holder.name)
    : l10n.t('Saved {0} after {1} released the lock.', name, holder.name);
}
