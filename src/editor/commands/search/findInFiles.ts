import { l10n, ProgressLocation, Uri, window } from 'vscode';
import { pause } from '../../../base/timer';
import type { ResourceId } from '../../../core/model/resource';
import { TextMatcher } from '../../../core/search/matchText';
import { searchText, type FileHits, type SearchEnd } from '../../../core/search/searchText';
import { HumanError } from '../../messages/humanError';
import { typedGlobs } from '../../search/globs';
import { fileText, headOf, type SearchRequest } from '../../search/resultsText';
import { folderIn, SearchScope } from '../../search/scope';
import { askWhatToFind, problemOf } from '../../search/searchInput';
import { endLines, progressText } from '../../search/searchWords';
import { withinLimit } from '../../search/timeLimit';
import { plain } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';

type SearchNeeds =
  'clock' | 'contents' | 'directory' | 'documents' | 'log' | 'resultDocuments' | 'settings' | 'trust';

const nothing: SearchRequest = {
  text: '',
  isRegex: false,
  matchCase: false,
  wholeWord: false,
  include: '',
  exclude: '',
};

/** What was looked for last in this window. */
let last = nothing;

/**
 * Searches the texts of remote files. Takes a folder, or the arguments of VS Code's own `workbench.action.findInFiles`
 * with a `uri`; with a query it asks nothing.
 */
export const findInFiles: Command<SearchNeeds> = async (context, argument) => {
  const { uri, request: given } = readArgument(argument);
  const scope = new SearchScope(context, await folderIn(context.directory, uri));
  const request = given ?? (await askWhatToFind({ ...last, text: selectedText() ?? last.text }));
  if (!request) return;
  const problem = problemOf(request);
  if (problem !== undefined) throw new HumanError(problem);
  last = request;
  await search(context, scope, request);
};

async function search(
  context: Needs<SearchNeeds>,
  scope: SearchScope,
  request: SearchRequest,
): Promise<void> {
  const cancel = new AbortController();
  const included = typedGlobs(request.include);
  const excluded = typedGlobs(request.exclude);
  const files: string[] = [];
  let status = [l10n.t('Searching…')];
  const text = () => `${headOf(request)}\n\n${status.join('\n')}\n\n${files.join('\n\n')}\n`;
  const document = context.resultDocuments.open(request.text, text);
  const options = {
    roots: scope.folders,
    leavesOut: (resource: ResourceId, kind: 'file' | 'collection') => {
      if (scope.leavesOut(resource)) return true;
      const path = scope.pathOf(resource);
      return (excluded?.(path) ?? false) || (kind === 'file' && included?.(path) === false);
    },
    matcher: new TextMatcher(request, { withinLimit, pause: () => pause(context.clock, 0) }),
    cancel,
    onHits: ({ resource, lines }: FileHits) => {
      files.push(fileText(scope.labelOf(resource), lines));
      document.update();
    },
  };
  const unsavedText = (resource: ResourceId) => {
    const open = context.documents.find(resource);
    return open?.isDirty ? open.getText() : undefined;
  };
  const title = l10n.t('Searching for "{0}"', plain(request.text, 40));
  const end = await window.withProgress(
    { location: ProgressLocation.Notification, cancellable: true, title },
    async (progress, token): Promise<SearchEnd> => {
      token.onCancellationRequested(() => cancel.abort());
      let reported = 0;
      return searchText(
        { ...context, unsavedText },
        {
          ...options,
          onProgress: (counts) => {
            const now = context.clock.now().mono;
            if (now - reported < progressEveryMs) return;
            reported = now;
            progress.report({ message: progressText(counts) });
          },
        },
      );
    },
  );
  for (const failure of [...end.unlisted, ...end.unread]) context.log.failure('Searching', failure);
  const [failure] = end.unlisted;
  if (end.folders === 0 && failure) throw failure;
  status = endLines(end);
  await document.finish();
}

const progressEveryMs = 200;

function selectedText(): string | undefined {
  const editor = window.activeTextEditor;
  if (!editor || editor.selection.isEmpty || !editor.selection.isSingleLine) return undefined;
  return editor.document.getText(editor.selection);
}

function readArgument(argument: unknown): {
  readonly uri: unknown;
  readonly request?: SearchRequest;
} {
  if (typeof argument !== 'object' || argument === null || argument instanceof Uri) return { uri: argument };
  const given = argument as Readonly<Record<string, unknown>>;
  const textIn = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  const { uri } = given;
  const text = textIn('query');
  if (text === '') return { uri };
  const request = {
    text,
    isRegex: given['isRegex'] === true,
    matchCase: given['isCaseSensitive'] === true,
    wholeWord: given['matchWholeWord'] === true,
    include: textIn('filesToInclude'),
    exclude: textIn('filesToExclude'),
  };
  return { uri, request };
}
