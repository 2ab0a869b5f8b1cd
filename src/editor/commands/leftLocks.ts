import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import { isFailure } from '../../core/model/failure';
import type { Lease } from '../../core/model/lease';
import { serverOf as serverIdOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { hostOf } from '../words/failureWords';
import { HumanError } from '../messages/humanError';
import { plain } from '../words/plainText';
import { choose } from '../messages/prompts';
import { clockText, untilText } from '../words/time';
import { say, shown } from './lock';
import type { CommandContext } from './commandContext';

interface Row extends QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/** Rows for the locks that an earlier session of ours left, one for each server. */
export function leftLocks(context: CommandContext): Row[] {
  const byServer = new Map<ServerId, Lease[]>();
  for (const lease of context.recovery.offered()) {
    const server = serverIdOf(lease.resource);
    byServer.set(server, [...(byServer.get(server) ?? []), lease]);
  }
  if (byServer.size === 0) return [];
  const title = l10n.t('Locks of an Earlier Session');
  const heading = { label: title, kind: QuickPickItemKind.Separator, run: () => Promise.resolve() };
  return [heading, ...[...byServer.values()].map((leases) => rowOf(context, leases))];
}

function rowOf(context: CommandContext, leases: readonly Lease[]): Row {
  const [first] = leases;
  const count = leases.length === 1 ? l10n.t('1 lock') : l10n.t('{0} locks', leases.length);
  return {
    label: `$(lock) ${first ? hostOf(first.resource) : ''}: ${count}`,
    detail: plain(leases.map(({ resource }) => shown(resource)).join(', '), 160),
    run: () => decide(context, leases),
  };
}

async function decide(context: CommandContext, leases: readonly Lease[]): Promise<void> {
  const now = context.clock.now();
  const [first] = leases;
  if (!first) return;
  const until = untilText(first.expiry, now);
  const since = l10n.t('Held since {0}', clockText(first.since.wall, now));
  const detail = until === undefined ? since : l10n.t('{0}, until {1}', since, until);
  const picked = await choose(hostOf(first.resource), [
    { label: `$(unlock) ${l10n.t('Release them')}`, detail, run: () => releaseLeft(context, leases) },
    {
      label: `$(lock) ${l10n.t('Take them back')}`,
      detail: l10n.t('They stay yours until you release them.'),
      run: () => takeBack(context, leases),
    },
  ]);
  await picked?.run();
}

async function releaseLeft(context: CommandContext, leases: readonly Lease[]): Promise<void> {
  const failed = await forEach(context, leases, (lease) => context.recovery.release(lease));
  if (failed.length > 0) {
    throw new HumanError(
      l10n.t(
        '{0} locks were released, but not those on {1}. Try again, or wait until they expire.',
        leases.length - failed.length,
        failed.map(shown).join(', '),
      ),
    );
  }
  say(l10n.t('Released: {0}', leases.length));
}

/** One that stands no more is locked anew where it is free. */
async function takeBack(context: CommandContext, leases: readonly Lease[]): Promise<void> {
  const failed = await forEach(context, leases, ({ resource }) => context.leases.take(resource, 'hand'));
  if (failed.length > 0) {
    throw new HumanError(
      l10n.t(
        '{0} files are locked for you, but not {1}. Open one to see who holds its lock.',
        leases.length - failed.length,
        failed.map(shown).join(', '),
      ),
    );
  }
  say(l10n.t('Locked for you: {0}', leases.length));
}

/** Does it with each, whatever becomes of the others, and gives those with which it failed. */
async function forEach(
  { log }: CommandContext,
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
