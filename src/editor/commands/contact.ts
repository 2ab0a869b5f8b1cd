import { env, l10n, type QuickPickItem, type Uri } from 'vscode';
import { addressWith, shownOfAddress, waysToReach, type Reach } from '../../core/model/contact';
import type { Lock } from '../../core/model/lock';
import { lockView } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import { isMissingRight } from '../../core/waiting/waitPolicy';
import { plain } from '../words/plainText';
import { choose } from '../messages/prompts';
import { verdict } from '../words/cause';
import { knownName } from '../words/holder';
import { letter, type Letter, type LetterAbout } from '../words/letter';
import { say, shown } from './lock';
import type { Command, CommandContext } from './commandContext';
import { targetOf } from './target';

interface Choice extends QuickPickItem {
  readonly reach?: Reach;
}

/** Shows every way to reach the holder, with its target in full; only what the person picks is opened. */
export const contactHolder: Command = async (context, argument) => {
  const resource = targetOf(context, argument);
  await context.poller.ask([resource], 5_000);
  const state = context.store.stateOf(resource);
  const { lock } = lockView(state, context.store.lossOf(resource));
  const noHolder = isMissingRight(context.diagnosisService.diagnose(resource), state);
  await reachHolder(
    context,
    resource,
    noHolder ? { lock: undefined, about: 'help' } : { lock, about: 'held' },
  );
};

/** What a message to a holder is about. */
export interface Matter {
  readonly lock: Lock | undefined;
  readonly about: LetterAbout;
}

export async function reachHolder(
  context: CommandContext,
  resource: ResourceId,
  matter: Matter,
): Promise<void> {
  const { contacts, administrator } = context.settings.get();
  const holder = matter.lock?.holder;
  const reaches = waysToReach(holder, contacts, administrator);
  const who =
    matter.about === 'help'
      ? l10n.t('the administrator')
      : ((holder && knownName(holder)) ?? l10n.t('the holder'));
  const copy: Choice = {
    label: `$(copy) ${l10n.t('Copy the message')}`,
    detail: l10n.t('Paste it wherever you reach them.'),
  };
  const title =
    matter.about === 'broken'
      ? l10n.t('Tell {0} about {1}', who, shown(resource))
      : l10n.t('Ask {0} about {1}', who, shown(resource));
  const picked = await choose(title, [...reaches.map(asChoice), copy]);
  if (!picked) return;
  const { reach } = picked;
  // The administrator holds no lock: what is said to its holder is not for them.
  const about = reach?.from === 'administrator' && matter.about === 'held' ? 'help' : matter.about;
  await send(letterTo(context, resource, { ...matter, about }), reach);
}

function asChoice(reach: Reach): Choice {
  const icons = { mail: '$(mail)', web: '$(globe)', tel: '$(call-outgoing)', chat: '$(comment)' };
  return {
    label: `${icons[reach.contact.kind]} ${plain(reach.contact.uri, shownOfAddress)}`,
    detail: sourceOf(reach),
    reach,
  };
}

function sourceOf({ from }: Reach): string {
  switch (from) {
    case 'setting':
      return l10n.t('From your setting "lockStatus.contacts"');
    case 'lock':
      return l10n.t('The lock says so; the server has not checked it');
    case 'server':
      return l10n.t('From the server');
    case 'administrator':
      return l10n.t('The administrator, from your setting "lockStatus.administrator"');
  }
}

function letterTo(context: CommandContext, resource: ResourceId, { lock, about }: Matter): Letter {
  const who = about === 'help' || !lock ? undefined : knownName(lock.holder);
  return letter(about, {
    ...(who !== undefined && { who }),
    me: context.settings.get().owner.name,
    resource,
    verdict: verdict(context.diagnosisService.diagnose(resource)),
    now: context.clock.now(),
    ...(lock?.since && { since: lock.since.wall }),
  });
}

async function send({ subject, body }: Letter, reach: Reach | undefined): Promise<void> {
  if (reach?.contact.kind !== 'mail') {
    await env.clipboard.writeText(body);
    say(l10n.t('The message is on the clipboard.'));
  }
  if (!reach) return;
  // As a string: a Uri would escape the "=" and "&" that mail programs divide subject and body by.
  await env.openExternal(addressWith(reach.contact, subject, body) as unknown as Uri);
}
