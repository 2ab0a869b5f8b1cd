import { l10n } from 'vscode';
import { canBeAsked } from '../../core/diagnosis/advice';
import type { Advice } from '../../core/diagnosis/diagnosis';
import type { BlockedSave } from '../../core/saving/blockedSaves';
import type { Stamp } from '../../core/model/lock';
import type { DiagnosisService } from '../../core/diagnosis/diagnosisService';
import type { LockStore } from '../../core/locks/lockStore';
import { type LockView } from '../../core/model/lockView';
import type { Clock } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import { isMissingRight } from '../../core/waiting/waitPolicy';
import { toolNames } from '../agents/toolNames';
import { failureSentence } from '../words/failureWords';
import { plain } from '../words/plainText';
import { verdict } from '../words/cause';
import { knownName, lockedBy } from '../words/holder';

/** What is known about a file whose save was refused. */
export interface Refusal {
  readonly view: LockView;
  /** A sentence; only if write permission is missing and no lock blocks the save. */
  readonly noRight?: string;
  /** What the explanation advises: nothing else is offered here. */
  readonly advice?: readonly Advice[];
  /** A program made the last change: in an editor, or by writing the file past all editors. */
  readonly program?: 'inEditor' | 'noEditor';
  /** No text editor has it: of a notebook, or what a program wrote, nothing can be saved later. */
  readonly cannotWait?: true;
  readonly now: Stamp;
}

export interface RefusalDeps {
  readonly store: LockStore;
  readonly diagnosisService: Pick<DiagnosisService, 'diagnose'>;
  readonly clock: Clock;
}

export function refusalOf({ store, diagnosisService, clock }: RefusalDeps, resource: ResourceId): Refusal {
  const state = store.stateOf(resource);
  const diagnosis = diagnosisService.diagnose(resource);
  return {
    view: store.viewOf(resource),
    ...(isMissingRight(diagnosis, state) && { noRight: verdict(diagnosis) }),
    advice: diagnosis.advice,
    now: clock.now(),
  };
}

/**
 * The only message of a refused save: VS Code shows it in its own toast and turns `[label](command:…)` into links.
 * Foreign text in it is sanitized; the links carry a short key instead of an address.
 */
export function blockedMessage(save: BlockedSave, refusal: Refusal): string {
  const { view, noRight, advice, now } = refusal;
  const { key, failure } = save;
  const more = link(l10n.t('More…'), 'lockStatus.showActions', key);
  switch (failure.kind) {
    case 'locked': {
      if (noRight !== undefined) {
        const admin = link(l10n.t('Ask Administrator…'), 'lockStatus.contactHolder', key);
        return `${noRight} ${admin} · ${link(l10n.t('Explain'), 'lockStatus.explain', key)} · ${more}`;
      }
      const offers = [
        ...(!refusal.cannotWait && isAdvised(advice, 'wait', 'retry')
          ? [link(l10n.t('Save When Free'), 'lockStatus.wait', key)]
          : []),
        ...otherOffers(view, advice, key),
        more,
      ];
      return [`${lockSentence(view, now)}.`, ...programHint(refusal), offers.join(' · ')].join(' ');
    }
    case 'contentChanged': {
      const compare = link(l10n.t('Compare'), 'lockStatus.compare', key);
      const sentence = failure.facts.halfWritten
        ? failureSentence(failure)
        : l10n.t('Changed on the server since you last saw it. Nothing was overwritten.');
      const canMerge = !refusal.cannotWait && !failure.facts.halfWritten;
      const merge = canMerge ? [link(l10n.t('Merge'), 'lockStatus.merge', key)] : [];
      return `${sentence} ${[compare, ...merge, more].join(' · ')}`;
    }
    case 'leaseLost': {
      const compare = link(l10n.t('Compare'), 'lockStatus.compare', key);
      return `${l10n.t('Your lock was lost, so nothing was written.')} ${compare} · ${more}`;
    }
    case 'signInNeeded':
      return `${failureSentence(failure)} ${link(l10n.t('Sign In…'), 'lockStatus.signIn', key)} · ${more}`;
    default:
      return `${failureSentence(failure)} ${more}`;
  }
}

function lockSentence(view: LockView, now: Stamp): string {
  return view.lock ? lockedBy(view.lock, now) : l10n.t('Locked (holder unknown)');
}

/** How a program can wait as a person does. */
function programHint({ program, advice }: Refusal): string[] {
  if (program === undefined || !isAdvised(advice, 'wait', 'retry')) return [];
  const tool = toolNames.saveWhenFree;
  return program === 'inEditor'
    ? [l10n.t('Agents wait with the tool {0}.', tool)]
    : [l10n.t('Agents make the change in an editor and wait with the tool {0}.', tool)];
}

/** Without a diagnosis, everything is offered. */
function isAdvised(advice: readonly Advice[] | undefined, ...any: readonly Advice[]): boolean {
  return advice === undefined || any.some((one) => advice.includes(one));
}

function otherOffers(view: LockView, advice: readonly Advice[] | undefined, key: string): string[] {
  if (view.state === 'mineElsewhere') return [link(l10n.t('Take Over…'), 'lockStatus.breakLock', key)];
  const { lock } = view;
  if (!lock || !canBeAsked(lock) || !isAdvised(advice, 'contactHolder'))
    return [link(l10n.t('Explain'), 'lockStatus.explain', key)];
  const who = knownName(lock.holder);
  const label = who === undefined ? l10n.t('Ask Lock Holder…') : l10n.t('Ask {0}…', who);
  return [link(label, 'lockStatus.contactHolder', key)];
}

/** A command link for a notification; its argument must not contain an unescaped bracket of any kind. */
export function link(label: string, command: string, key: string): string {
  const argument = encodeURIComponent(JSON.stringify([key])).replace(
    /[()!'*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  const text = plain(label).replaceAll('[', '(').replaceAll(']', ')');
  return `[${text}](command:${command}?${argument})`;
}
