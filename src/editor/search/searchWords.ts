import { l10n } from 'vscode';
import {
  maxFileBytes,
  maxMatches,
  type SearchCounts,
  type SearchEnd,
  type SearchStop,
} from '../../core/search/searchText';
import type { ResourceId } from '../../core/model/resource';
import { failureSentence } from '../words/failureWords';
import { displayNameOf } from '../words/plainText';

/** At most this many names stand in one sentence. */
const maxNames = 5;

export function progressText({ searched, found, matches }: Readonly<SearchCounts>): string {
  return l10n.t('{0} of {1} files, {2}', searched, found, resultCount(matches));
}

/** What was found, and in further lines what was not searched and why. */
export function endLines(end: SearchEnd): string[] {
  const { binary, tooLarge, tooSlow, unread, unlisted, stopped } = end;
  const lines = [summaryOf(end)];
  if (stopped) lines.push(stopSentence(stopped));
  if (binary > 0)
    lines.push(
      binary === 1 ? l10n.t('1 binary file was skipped.') : l10n.t('{0} binary files were skipped.', binary),
    );
  const megabytes = maxFileBytes / 1024 / 1024;
  if (tooLarge.length > 0)
    lines.push(
      l10n.t('Not searched because they are larger than {0} MB: {1}.', megabytes, namesOf(tooLarge)),
    );
  if (tooSlow.length > 0)
    lines.push(l10n.t('Only partly searched because the pattern takes too long: {0}.', namesOf(tooSlow)));
  const [failed] = [...unlisted, ...unread];
  const count = unlisted.length + unread.length;
  if (failed)
    lines.push(
      count === 1
        ? l10n.t('1 file or folder couldn’t be read. {0}', failureSentence(failed))
        : l10n.t('{0} files or folders couldn’t be read. The first: {1}', count, failureSentence(failed)),
    );
  // A line that ends in a colon would be taken for a file.
  return lines.map((line) => line.replace(/:$/, ': '));
}

function summaryOf({ matches, filesWithMatches, searched }: SearchEnd): string {
  if (matches === 0)
    return searched === 1
      ? l10n.t('No results in 1 file searched.')
      : l10n.t('No results in {0} files searched.', searched);
  return filesWithMatches === 1
    ? l10n.t('{0} in 1 file.', resultCount(matches))
    : l10n.t('{0} in {1} files.', resultCount(matches), filesWithMatches);
}

function resultCount(matches: number): string {
  return matches === 1 ? l10n.t('1 result') : l10n.t('{0} results', matches);
}

function stopSentence(stopped: SearchStop): string {
  switch (stopped) {
    case 'canceled':
      return l10n.t('You stopped the search: not all files were searched.');
    case 'tooMany':
      return l10n.t(
        'There are too many files or folders, so not all were searched. Search in one folder instead.',
      );
    case 'tooManyMatches':
      return l10n.t('The search stopped after {0} results: not all files were searched.', maxMatches);
    case 'slowPattern':
      return l10n.t('The search stopped because the pattern takes too long. Use a simpler one.');
  }
}

function namesOf(resources: readonly ResourceId[]): string {
  const names = resources.slice(0, maxNames).map(displayNameOf).join(', ');
  return resources.length > maxNames ? `${names} (+${resources.length - maxNames})` : names;
}
