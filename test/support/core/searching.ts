// A search of the texts on a real server, with the contents that it keeps.
import { Slots } from '../../../src/base/slots';
import type { ResourceId } from '../../../src/core/model/resource';
import { Contents, type ContentStore } from '../../../src/core/search/contents';
import { TextMatcher } from '../../../src/core/search/matchText';
import { maxRequests, searchText, type FileHits } from '../../../src/core/search/searchText';
import { walk } from '../../../src/core/search/walk';
import { withinLimit } from '../../../src/editor/search/timeLimit';
import { clock, type OnServer } from './onServer';

const pause = () => new Promise<void>((resume) => setImmediate(resume));

/** Finds the text below a folder. */
export function findText(
  on: OnServer,
  store: ContentStore,
  {
    root,
    text,
    isRegex = false,
  }: { readonly root: ResourceId; readonly text: string; readonly isRegex?: boolean },
  onHits: (hits: FileHits) => void = () => undefined,
) {
  const query = { text, isRegex, matchCase: true, wholeWord: false };
  const deps = {
    directory: on.directory,
    contents: new Contents(() => on.server.files, store, clock),
    unsavedText: () => undefined,
  };
  return searchText(deps, {
    roots: [root],
    leavesOut: () => false,
    matcher: new TextMatcher(query, { withinLimit, pause }),
    cancel: new AbortController(),
    onHits,
    onProgress: () => undefined,
  });
}

/** Lists the names of all files below a folder. */
export async function findNames(
  on: OnServer,
  root: ResourceId,
  onFirst: () => void = () => undefined,
): Promise<number> {
  let files = 0;
  await walk(on.directory, {
    roots: [root],
    slots: new Slots(maxRequests),
    maxAgeMs: -1,
    signal: new AbortController().signal,
    leavesOut: () => false,
    onFiles: (found) => {
      if (files === 0) onFirst();
      files += found.length;
    },
  });
  return files;
}
