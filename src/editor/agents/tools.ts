import {
  CancellationError,
  l10n,
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
  MarkdownString,
  workspace,
  type CancellationToken,
  type Disposable,
  type LanguageModelToolConfirmationMessages,
} from 'vscode';
import { asObject } from '../../base/untrusted';
import type { LockStatusApi } from '../../../lock-status';
import { isFailure } from '../../core/model/failure';
import { serverOf, type ResourceId } from '../../core/model/resource';
import type { Needs } from '../commands/commandContext';
import { HumanError } from '../messages/humanError';
import { showStatusMessage } from '../messages/statusMessage';
import { isConfiguration } from '../trust/configurationFiles';
import { toUri } from '../uris';
import { failureSentence, hostOf } from '../words/failureWords';
import { lockedBy } from '../words/holder';
import { displayNameOf, plain } from '../words/plainText';
import { AskedFiles } from './askedFiles';
import { lockFacts } from './lockFacts';
import { saveWhenFree, type SaveNeeds } from './saveWhenFree';
import { stateAdvice } from './toolAdvice';
import { toolNames } from './toolNames';
import { fileNamed } from './toolPath';

export type ToolContext = SaveNeeds &
  Needs<'directory' | 'leases' | 'log' | 'poller' | 'trust'> & { readonly api: LockStatusApi };

interface Question {
  title(): string;
  message(context: ToolContext, resource: ResourceId): string;
}

interface Tool {
  /** What is going on, for the person who watches. */
  progress(name: string): string;
  /** What the person is asked before; absent if nothing changes. */
  readonly confirm?: Question;
  run(context: ToolContext, resource: ResourceId, token: CancellationToken): Promise<object>;
}

const tools: Readonly<Record<string, Tool>> = {
  [toolNames.holder]: {
    progress: (name) => l10n.t('Checking who holds the lock on {0}', name),
    run: async ({ api, documents, poller, waits }, resource) => {
      // What an editor knows is seconds old; a model asks once and then writes.
      await poller.ask([resource]);
      return {
        ...(await factsOf(api, resource)),
        unsaved: documents.isDirty(resource),
        waiting: waits.of(resource) !== undefined,
      };
    },
  },
  [toolNames.lock]: {
    progress: (name) => l10n.t('Locking {0}', name),
    confirm: {
      title: () => l10n.t('Lock the file?'),
      message: (_, resource) =>
        l10n.t(
          '{0} on {1} stays locked for you until you release the lock. Until then, nobody else can save it.',
          displayNameOf(resource),
          hostOf(resource),
        ),
    },
    run: takeLock,
  },
  [toolNames.saveWhenFree]: {
    progress: (name) => l10n.t('Waiting to save {0}', name),
    confirm: {
      title: () => l10n.t('Save the file when it is free?'),
      message: ({ store, clock }, resource) => {
        const { lock } = store.viewOf(resource);
        const saved = l10n.t(
          '{0} is saved to {1} as soon as nobody else holds its lock, unless it has changed there.',
          displayNameOf(resource),
          hostOf(resource),
        );
        return lock ? `${lockedBy(lock, clock.now())}. ${saved}` : saved;
      },
    },
    run: async (context, resource, token) => {
      const answer = await saveWhenFree(context, resource, token);
      return { ...answer, ...(answer.waiting && { lock: await factsOf(context.api, resource) }) };
    },
  },
};

/** What agents in the editor may do: ask, lock, and wait. They never break or steal a lock, or overwrite a version. */
export function registerTools(context: ToolContext): Disposable[] {
  return Object.entries(tools).map(([name, tool]) => registerTool(context, name, tool));
}

function registerTool(context: ToolContext, name: string, tool: Tool): Disposable {
  const { confirm } = tool;
  const asked = new AskedFiles();
  return lm.registerTool<unknown>(name, {
    prepareInvocation: ({ input }) => {
      const found = findTarget(context, input);
      const isFound = !(found instanceof Error);
      if (confirm) asked.note(pathIn(input), isFound ? found : undefined);
      return {
        ...(isFound && { invocationMessage: asText(tool.progress(displayNameOf(found))) }),
        // Without a question the call would go on, and by then the path may name a file.
        ...(confirm && { confirmationMessages: asQuestion(context, confirm, found) }),
      };
    },
    invoke: async ({ input }, token) => {
      try {
        const found = findTarget(context, input);
        const isFound = !(found instanceof Error);
        const isConfirmed = !confirm || asked.take(pathIn(input), isFound ? found : undefined);
        if (!isFound) throw found;
        if (!isConfirmed) throw new HumanError(unconfirmedSentence(pathIn(input)));
        const answer = await tool.run(context, found, token);
        return new LanguageModelToolResult([new LanguageModelTextPart(JSON.stringify(answer))]);
      } catch (error) {
        throw asToolError(context, name, error);
      }
    },
  });
}

async function takeLock(
  { api, directory, leases, poller }: ToolContext,
  resource: ResourceId,
  token: CancellationToken,
): Promise<object> {
  // A LOCK would create a file that does not exist, and would lock all that is in a folder.
  const { kind } = await directory.stat(resource, 0);
  if (kind === 'collection')
    throw new HumanError(l10n.t('{0} is a folder. This tool locks files only.', displayNameOf(resource)));
  const wasTaken = leases.isClaimed(resource, 'hand');
  try {
    await leases.take(resource, 'hand');
  } catch (error) {
    if (!isFailure(error, 'locked')) throw error;
    await poller.ask([resource]);
    return { locked: false, ...(await factsOf(api, resource)) };
  }
  if (token.isCancellationRequested && !wasTaken) {
    await leases.drop(resource, 'hand');
    throw new CancellationError();
  }
  showStatusMessage(l10n.t('{0} is locked for you.', displayNameOf(resource)), resource);
  return { locked: true, ...(await factsOf(api, resource)) };
}

async function factsOf(api: LockStatusApi, resource: ResourceId): Promise<object> {
  const status = await api.getLockStatus(toUri(resource));
  return { ...lockFacts(status), advice: stateAdvice(status.state) };
}

/** The file, or what is wrong with the path. */
function findTarget(context: ToolContext, input: unknown): ResourceId | Error {
  try {
    return targetOf(context, input);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Empty if the model gave none. */
function pathIn(input: unknown): string {
  const path = asObject(input)?.path;
  return typeof path === 'string' ? path : '';
}

function unconfirmedSentence(path: string): string {
  return l10n.t('"{0}" isn’t the file that the user was asked about. Call the tool again.', plain(path, 160));
}

function targetOf({ documents, trust }: ToolContext, input: unknown): ResourceId {
  const path = pathIn(input);
  if (path === '') throw new HumanError(l10n.t('Give the path of a file.'));
  return fileNamed(path, {
    folders: workspace.workspaceFolders ?? [],
    isOpen: (id) => documents.isOpen(id),
    isHidden: (id) => isConfiguration(id) && !trust.trusts(serverOf(id)),
  });
}

/** Escaped, so that nothing in a file's or holder's name is Markdown. */
function asText(text: string): MarkdownString {
  return new MarkdownString().appendText(text);
}

/** Where the path names no file, the person reads why: the call is refused, whatever they answer. */
function asQuestion(
  context: ToolContext,
  question: Question,
  found: ResourceId | Error,
): LanguageModelToolConfirmationMessages {
  return {
    title: question.title(),
    message: asText(found instanceof Error ? found.message : question.message(context, found)),
  };
}

/** A sentence for the model; what is unexpected is in the log as well. */
function asToolError({ log }: ToolContext, name: string, error: unknown): Error {
  if (error instanceof HumanError || error instanceof CancellationError) return error;
  log.failure(name, error);
  if (isFailure(error)) return new HumanError(failureSentence(error), { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}
