import { env, l10n, type QuickPickItem, type Uri } from 'vscode';
import { addressWith, contactOptions, maxShownAddress, type ContactOption } from '../../core/model/contact';
import type { Lock } from '../../core/model/lock';
import type { ResourceId } from '../../core/model/resource';
import type { Needs } from '../commands/commandContext';
import { verdict } from '../words/cause';
import { knownName } from '../words/holder';
import { holderMessage, type HolderMessage, type MessageTopic } from '../words/holderMessage';
import { displayNameOf, plain } from '../words/plainText';
import { choose } from './prompts';
import { showStatusMessage } from './statusMessage';

interface Choice extends QuickPickItem {
  readonly reach?: ContactOption;
}

/** What a message to a holder is about. */
export interface MessageSubject {
  readonly lock: Lock | undefined;
  readonly about: MessageTopic;
}

export async function contactAbout(
  context: Needs<'clock' | 'diagnosisService' | 'settings'>,
  resource: ResourceId,
  matter: MessageSubject,
): Promise<void> {
  const { contacts, administrator } = context.settings.get();
  const holder = matter.lock?.holder;
  const reaches = contactOptions(holder, contacts, administrator);
  const who =
    matter.about === 'help'
      ? l10n.t('the administrator')
      : ((holder && knownName(holder)) ?? l10n.t('the holder'));
  const copy: Choice = {
    label: `$(copy) ${l10n.t('Copy Message')}`,
    detail: l10n.t('To paste where you can reach them'),
  };
  const title =
    matter.about === 'broken'
      ? l10n.t('Tell {0} about {1}', who, displayNameOf(resource))
      : l10n.t('Ask {0} about {1}', who, displayNameOf(resource));
  const picked = await choose(title, [...reaches.map((reach) => asChoice(reach, who)), copy]);
  if (!picked) return;
  const { reach } = picked;
  // The administrator does not hold the lock, so they get the request for help.
  const about = reach?.from === 'administrator' && matter.about === 'held' ? 'help' : matter.about;
  await send(letterTo(context, resource, { ...matter, about }), reach);
}

/** Where it leads is shown in full: whoever wrote the lock may have chosen the address. */
function asChoice(reach: ContactOption, holder: string): Choice {
  const { kind, uri } = reach.contact;
  const who = reach.from === 'administrator' ? l10n.t('the administrator') : holder;
  return {
    label: labels[kind](who),
    description: plain(
      kind === 'mail' || kind === 'tel' ? uri.slice(uri.indexOf(':') + 1) : uri,
      maxShownAddress,
    ),
    detail: `${l10n.t('From {0}', sourceOf(reach))} · ${kind === 'mail' ? l10n.t('with the message filled in') : l10n.t('copies the message for you to paste')}`,
    reach,
  };
}

const labels: Readonly<Record<ContactOption['contact']['kind'], (who: string) => string>> = {
  mail: (who) => `$(mail) ${l10n.t('Email {0}', who)}`,
  web: (who) => `$(globe) ${l10n.t('Open the Page of {0}', who)}`,
  tel: (who) => `$(call-outgoing) ${l10n.t('Call {0}', who)}`,
  chat: (who) => `$(comment) ${l10n.t('Message {0}', who)}`,
};

function sourceOf({ from }: ContactOption): string {
  switch (from) {
    case 'setting':
      return l10n.t('the setting "lockStatus.contacts"');
    case 'lock':
      return l10n.t('the lock (unverified)');
    case 'server':
      return l10n.t('the server');
    case 'administrator':
      return l10n.t('the setting "lockStatus.administrator"');
  }
}

function letterTo(
  context: Needs<'clock' | 'diagnosisService' | 'settings'>,
  resource: ResourceId,
  { lock, about }: MessageSubject,
): HolderMessage {
  const recipient = about === 'help' || !lock ? undefined : knownName(lock.holder);
  return holderMessage(about, {
    ...(recipient !== undefined && { recipient }),
    sender: context.settings.get().owner.name,
    resource,
    verdict: verdict(context.diagnosisService.diagnose(resource)),
    now: context.clock.now(),
    ...(lock?.since && { since: lock.since.wall }),
  });
}

async function send({ subject, body }: HolderMessage, reach: ContactOption | undefined): Promise<void> {
  if (reach?.contact.kind !== 'mail') {
    await env.clipboard.writeText(body);
    showStatusMessage(l10n.t('Copied the message. Paste it to send it.'));
  }
  if (!reach) return;
  // Passed as a string: a Uri would escape the "=" and "&" that separate subject and body.
  await env.openExternal(addressWith(reach.contact, subject, body) as unknown as Uri);
}
