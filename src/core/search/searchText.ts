import { Slots } from '../../base/slots';
import { isFailure, type RemoteFailure } from '../model/failure';
import type { ResourceId } from '../model/resource';
import type { Directory } from '../polling/directory';
import type { Contents } from './contents';
import { decodeText, normalizeLines } from './decodeText';
import type { LineHit, TextMatcher } from './matchText';
import { walk, type FoundFile, type WalkOptions } from './walk';

export interface FileHits {
  readonly resource: ResourceId;
  readonly lines: readonly LineHit[];
}

/** What was searched so far, and what was left out. */
export interface SearchCounts {
  found: number;
  searched: number;
  matches: number;
  filesWithMatches: number;
  binary: number;
  readonly tooLarge: ResourceId[];
  readonly tooSlow: ResourceId[];
  readonly unread: RemoteFailure[];
}

export type SearchStop = 'canceled' | 'tooMany' | 'tooManyMatches' | 'slowPattern';

export interface SearchEnd extends Readonly<SearchCounts> {
  readonly folders: number;
  readonly unlisted: readonly RemoteFailure[];
  /** Why not everything was searched. */
  readonly stopped?: SearchStop;
}

export interface TextSearchDeps {
  readonly directory: Pick<Directory, 'list' | 'cached'>;
  readonly contents: Contents;
  /** The unsaved text of a file, which counts instead of the server's. */
  readonly unsavedText: (resource: ResourceId) => string | undefined;
}

export interface TextSearchOptions extends Pick<WalkOptions, 'roots' | 'leavesOut'> {
  readonly matcher: TextMatcher;
  readonly cancel: AbortController;
  readonly onHits: (hits: FileHits) => void;
  readonly onProgress: (counts: Readonly<SearchCounts>) => void;
}

/** As many connections as one server gets from us. */
export const maxRequests = 6;
export const maxFileBytes = 10 * 1024 * 1024;
export const maxMatches = 10_000;
/** A pattern that takes too long in more files than this is given up. */
const maxSlowFiles = 5;

/** Searches the texts of all files below some folders, and reports matches as they are found. */
export async function searchText(deps: TextSearchDeps, options: TextSearchOptions): Promise<SearchEnd> {
  const { matcher, cancel, onHits, onProgress } = options;
  const { signal } = cancel;
  const slots = new Slots(maxRequests);
  const counts: SearchCounts = {
    found: 0,
    searched: 0,
    matches: 0,
    filesWithMatches: 0,
    binary: 0,
    tooLarge: [],
    tooSlow: [],
    unread: [],
  };
  let stopped: SearchStop | undefined;
  const stop = (why: SearchStop) => {
    stopped ??= why;
    cancel.abort();
  };

  const textOf = async (file: FoundFile): Promise<string | undefined> => {
    const unsaved = deps.unsavedText(file.resource);
    if (unsaved !== undefined) return normalizeLines(unsaved);
    if ((file.stat?.version.size ?? 0) > maxFileBytes) {
      counts.tooLarge.push(file.resource);
      return undefined;
    }
    const text = decodeText(await deps.contents.read(file, maxFileBytes, signal));
    if (text === undefined) counts.binary += 1;
    return text;
  };

  const search = async (file: FoundFile): Promise<void> => {
    if (signal.aborted) return;
    try {
      const text = await textOf(file);
      if (signal.aborted) return;
      if (text !== undefined) await look(file.resource, text);
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (signal.aborted) return;
      if (error.facts.code === 'TOO_LARGE') counts.tooLarge.push(file.resource);
      else counts.unread.push(error);
    }
    onProgress(counts);
  };

  const look = async (resource: ResourceId, text: string): Promise<void> => {
    const { lines, matches, tooSlow } = await matcher.match(text, maxMatches - counts.matches);
    if (signal.aborted) return;
    counts.searched += 1;
    counts.matches += matches;
    if (matches > 0) {
      counts.filesWithMatches += 1;
      onHits({ resource, lines });
    }
    if (tooSlow && counts.tooSlow.push(resource) > maxSlowFiles) stop('slowPattern');
    if (counts.matches >= maxMatches) stop('tooManyMatches');
  };

  const searches: Promise<void>[] = [];
  const end = await walk(deps.directory, {
    roots: options.roots,
    leavesOut: options.leavesOut,
    slots,
    // Results are about what is there now.
    maxAgeMs: -1,
    signal,
    onFiles: (files) => {
      counts.found += files.length;
      for (const file of files) {
        // Before further listings: the first results are worth more than knowing early how many files there are.
        const searched = slots.run(() => search(file), true);
        searches.push(searched);
        searched.catch(() => cancel.abort());
      }
      onProgress(counts);
    },
  });
  await Promise.all(searches);
  await deps.contents.settled();
  stopped ??= signal.aborted ? 'canceled' : end.stopped;
  return { ...counts, folders: end.folders, unlisted: end.unlisted, ...(stopped && { stopped }) };
}
