import { commands, window } from 'vscode';
import type { Advice } from '../../core/diagnosis/diagnosis';
import type { ResourceId } from '../../core/model/resource';
import { reachHolder } from '../commands/contact';
import type { CommandContext } from '../commands/commandContext';
import { toUri } from '../uris';

type Run = (context: CommandContext, resource: ResourceId) => Promise<unknown> | Thenable<unknown>;

const command =
  (id: string): Run =>
  (_, resource) =>
    commands.executeCommand(id, toUri(resource));

/** Everything that a page can cause; it names one of these, and nothing else is done. */
const actions: Readonly<Record<Advice, Run>> = {
  wait: command('lockStatus.wait'),
  retry: ({ documents }, resource) => documents.save(resource),
  contactHolder: command('lockStatus.contactHolder'),
  contactAdmin: (context, resource) => reachHolder(context, resource, { lock: undefined, about: 'help' }),
  openReadOnly: async (_, resource) => {
    await window.showTextDocument(toUri(resource), { preview: false });
    await commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
  },
  saveCopy: async (_, resource) => {
    await window.showTextDocument(toUri(resource), { preview: false });
    await commands.executeCommand('workbench.action.files.saveAs');
  },
  compare: command('lockStatus.compare'),
  releaseOwn: command('lockStatus.release'),
  breakLock: command('lockStatus.breakLock'),
  lockFirst: command('lockStatus.lock'),
  copyReport: command('lockStatus.copyReport'),
  signIn: ({ connections }, resource) => connections.askToSignIn(resource),
  askAgain: ({ diagnosisService }, resource) => diagnosisService.inquire(resource),
};

/** A message of the page: anything at all, until it is checked. */
export function actionIn(message: unknown): Run | undefined {
  if (typeof message !== 'object' || message === null || !('act' in message)) return undefined;
  const { act } = message;
  return typeof act === 'string' && Object.hasOwn(actions, act) ? actions[act as Advice] : undefined;
}
