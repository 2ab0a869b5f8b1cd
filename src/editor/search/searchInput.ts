import { l10n, QuickInputButtons, ThemeIcon, window, type QuickInputButton } from 'vscode';
import { patternOf } from '../../core/search/textQuery';
import { ask } from '../messages/prompts';
import { plain } from '../words/plainText';
import type { SearchRequest } from './resultsText';

type Toggle = 'matchCase' | 'wholeWord' | 'isRegex';

const icons: Readonly<Record<Toggle, string>> = {
  matchCase: 'case-sensitive',
  wholeWord: 'whole-word',
  isRegex: 'regex',
};

/** Asks what to look for, with VS Code's own switches. Undefined if the user cancels. */
export async function askWhatToFind(before: SearchRequest): Promise<SearchRequest | undefined> {
  let request = before;
  for (;;) {
    const next = await askOnce(request);
    if (next === undefined) return undefined;
    request = next.request;
    if (next.then === 'search') return request;
    request = await askForGlobs(request);
  }
}

interface Answer {
  readonly request: SearchRequest;
  readonly then: 'search' | 'globs';
}

function askOnce(before: SearchRequest): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const input = window.createInputBox();
    let request = before;
    let answer: Answer | undefined;
    const globs: QuickInputButton = {
      iconPath: new ThemeIcon('filter'),
      tooltip: l10n.t('Files to include or exclude…'),
    };
    const toggles = new Map<QuickInputButton, Toggle>();
    const update = () => {
      toggles.clear();
      for (const toggle of ['matchCase', 'wholeWord', 'isRegex'] as const) {
        const name = toggleName(toggle);
        const tooltip = request[toggle] ? l10n.t('{0}: on', name) : l10n.t('{0}: off', name);
        toggles.set({ iconPath: new ThemeIcon(icons[toggle]), tooltip }, toggle);
      }
      input.buttons = [...toggles.keys(), globs];
      input.prompt = promptOf(request);
      const problem = request.text === '' ? undefined : problemOf(request);
      input.validationMessage = problem;
    };
    const end = (then: Answer['then']) => {
      answer = { request, then };
      input.hide();
    };
    input.title = l10n.t('Find in Remote Files');
    input.placeholder = l10n.t('Text to find');
    input.value = request.text;
    input.valueSelection = [0, request.text.length];
    update();
    input.onDidChangeValue((text) => {
      request = { ...request, text };
      update();
    });
    input.onDidTriggerButton((button) => {
      const toggle = toggles.get(button);
      if (toggle) {
        request = { ...request, [toggle]: !request[toggle] };
        update();
      } else if (button !== QuickInputButtons.Back) end('globs');
    });
    input.onDidAccept(() => {
      if (request.text !== '' && problemOf(request) === undefined) end('search');
    });
    input.onDidHide(() => {
      input.dispose();
      resolve(answer);
    });
    input.show();
  });
}

async function askForGlobs(request: SearchRequest): Promise<SearchRequest> {
  const placeHolder = '*.md, docs, ./src/**';
  const include = await ask({
    title: l10n.t('Files to Include'),
    prompt: l10n.t('Patterns, separated by commas. Leave empty for all files.'),
    placeHolder,
    value: request.include,
  });
  if (include === undefined) return request;
  const exclude = await ask({
    title: l10n.t('Files to Exclude'),
    prompt: l10n.t('Patterns, separated by commas. Leave empty for none.'),
    placeHolder,
    value: request.exclude,
  });
  return { ...request, include: include.trim(), ...(exclude !== undefined && { exclude: exclude.trim() }) };
}

function toggleName(toggle: Toggle): string {
  switch (toggle) {
    case 'matchCase':
      return l10n.t('Match case');
    case 'wholeWord':
      return l10n.t('Match whole word');
    case 'isRegex':
      return l10n.t('Use regular expression');
  }
}

/** The buttons do not show their state, so the line below the text says it. */
function promptOf(request: SearchRequest): string {
  const on = (['matchCase', 'wholeWord', 'isRegex'] as const)
    .filter((toggle) => request[toggle])
    .map(toggleName);
  if (request.include !== '') on.push(l10n.t('In {0}', plain(request.include, 60)));
  if (request.exclude !== '') on.push(l10n.t('Not in {0}', plain(request.exclude, 60)));
  return on.length === 0 ? l10n.t('Searches all files of the remote folders.') : on.join(' · ');
}

/** Why the query cannot be searched for. */
export function problemOf(request: SearchRequest): string | undefined {
  try {
    patternOf(request);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return l10n.t('This isn’t a valid regular expression.');
  }
}
