import { commands } from 'vscode';
import { asObject } from '../../base/untrusted';
import type { Needs } from '../commands/commandContext';
import { openReadOnly, saveCopy } from '../commands/content/copies';
import type { Advice } from '../../core/diagnosis/diagnosis';
import type { ResourceId } from '../../core/model/resource';
import { contactAbout } from '../messages/contactPicker';
import { toUri } from '../uris';

type Run = (context: ActionContext, resource: ResourceId) => Promise<unknown> | Thenable<unknown>;

const command =
  (id: string): Run =>
  (_, resource) =>
    commands.executeCommand(id, toUri(resource));

type ActionContext = Needs<'clock' | 'connections' | 'diagnosisService' | 'documents' | 'settings'>;

/** All actions that a page can trigger by name; any other name is ignored. */
const actions: Readonly<Record<Advice, Run>> = {
  wait: command('lockStatus.wait'),
  retry: ({ documents }, resource) => documents.save(resource),
  contactHolder: command('lockStatus.contactHolder'),
  contactAdmin: (context, resource) => contactAbout(context, resource, { lock: undefined, about: 'help' }),
  openReadOnly: (_, resource) => openReadOnly(resource),
  saveCopy,
  compare: command('lockStatus.compare'),
  releaseOwn: command('lockStatus.release'),
  breakLock: command('lockStatus.breakLock'),
  lockFirst: command('lockStatus.lock'),
  copyReport: command('lockStatus.copyReport'),
  signIn: ({ connections }, resource) => connections.askToSignIn(resource),
  askAgain: ({ diagnosisService }, resource) => diagnosisService.requestFacts(resource),
};

/** The action that a page's message names; the message is untrusted until it is checked. */
export function actionIn(message: unknown): Run | undefined {
  const act = asObject(message)?.act;
  return typeof act === 'string' && Object.hasOwn(actions, act) ? actions[act as Advice] : undefined;
}
