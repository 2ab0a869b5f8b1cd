import { l10n, QuickPickItemKind } from 'vscode';
import { isFailure } from '../../../core/model/failure';
import type { Lease } from '../../../core/model/lease';
import { serverOf as serverIdOf, type ResourceId, type ServerId } from '../../../core/model/resource';
import { hostOf } from '../../words/failureWords';
import { HumanError } from '../../messages/humanError';
import { plain } from '../../words/plainText';
import { choose, type Row } from '../../messages/prompts';
import { clockText, endText } from '../../words/time';
import { showStatusMessage } from '../../messages/statusMessage';
import { displayNameOf } from '../../words/plainText';
import type { Needs } from '../commandContext';

/** Rows for the locks that an earlier session left, one per server. */
export function leftLocks(context: Needs<'clock' | 'leaseRecovery' | 'leases' | 'log'>): Row[] {
  const byServer = new Map<ServerId, Lease[]>();
  for (const lease of context.leaseRecovery.checkedLeftovers()) {
    const server = serverIdOf(lease.resource);
    byServer.set(server, [...(byServer.get(server) ?? []), lease]);
  }
  if (byServer.size === 0) return [];
  const title = l10n.t('Locks from an Earlier Session');
  const heading = { label: title, kind: QuickPickItemKind.Separator, run: () => Promise.resolve() };
  return [heading, ...[...byServer.values()].map((leases) => rowOf(context, leases))];
}

function rowOf(context: Needs<'clock' | 'leaseRecovery' | 'leases' | 'log'>, leases: readonly Lease[]): Row {
  const [first] = leases;
  const count = leases.length === 1 ? l10n.t('1 lock') : l10n.t('{0} locks', leases.length);
  return {
    label: `$(lock) ${first ? hostOf(first.resource) : ''}: ${count}`,
    detail: plain(leases.map(({ resource }) => displayNameOf(resource)).join(', '), 160),
    run: () => offerActions(context, leases),
  };
}

async function offerActions(
  context: Needs<'clock' | 'leaseRecovery' | 'leases' | 'log'>,
  leases: readonly Lease[],
): Promise<void> {
  const now = context.clock.now();
  const [first] = leases;
  if (!first) return;
  const until = endText(first.expiry, now);
  const since = l10n.t('Held since {0}', clockText(first.since.wall, now));
  const detail = until === undefined ? since : l10n.t('{0}, {1}', since, until);
  const picked = await choose(hostOf(first.resource), [
    { label: `$(unlock) ${l10n.t('Release')}`, detail, run: () => releaseLeft(context, leases) },
    {
      label: `$(lock) ${l10n.t('Lock Again')}`,
      detail: l10n.t('They stay locked until you release them'),
      run: () => takeBack(context, leases),
    },
  ]);
  await picked?.run();
}

async function releaseLeft(context: Needs<'leaseRecovery' | 'log'>, leases: readonly Lease[]): Promise<void> {
  const failed = await runForEach(context, leases, (lease) => context.leaseRecovery.release(lease));
  if (failed.length > 0) {
    throw new HumanError(
      l10n.t(
        '{0} locks were released, but not those on {1}. Try again, or wait until they expire.',
        leases.length - failed.length,
        failed.map(displayNameOf).join(', '),
      ),
      { next: { label: l10n.t('Recover…'), command: 'lockStatus.recover' } },
    );
  }
  showStatusMessage(l10n.t('Released: {0}', leases.length));
}

/** A lock that has ended is taken again if the file is not locked. */
async function takeBack(context: Needs<'leases' | 'log'>, leases: readonly Lease[]): Promise<void> {
  const failed = await runForEach(context, leases, ({ resource }) => context.leases.take(resource, 'hand'));
  if (failed.length > 0) {
    throw new HumanError(
      l10n.t(
        '{0} files are locked for you, but not {1}. Open one to see who holds its lock.',
        leases.length - failed.length,
        failed.map(displayNameOf).join(', '),
      ),
    );
  }
  showStatusMessage(l10n.t('Locked for you: {0}', leases.length));
}

/** Runs for every lease even if others fail, and returns the resources that failed. */
async function runForEach(
  { log }: Needs<'log'>,
  leases: readonly Lease[],
  run: (lease: Lease) => Promise<unknown>,
): Promise<ResourceId[]> {
  const failed: ResourceId[] = [];
  for (const lease of leases) {
    try {
      await run(lease);
    } catch (error) {
      if (!isFailure(error)) throw error;
      log.failure(`The lock on ${lease.resource} that an earlier session left`, error);
      failed.push(lease.resource);
    }
  }
  return failed;
}
