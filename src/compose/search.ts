import { Contents } from '../core/search/contents';
import { systemClock as clock } from '../editor/clock';
import { ResultDocuments } from '../editor/search/resultDocuments';
import type { EditorParts } from './parts';

/** What the search in remote files needs: contents from the disk or the server, and documents for its results. */
export function prepareSearch({ owned, core, connections, storage, log }: EditorParts) {
  const { contentCache } = storage;
  owned.add(
    connections.onDidReplaceCredentials((server) => {
      contentCache.clear(server).catch((error: unknown) => log.failure('Deleting stored contents', error));
    }),
  );
  const contents = new Contents(core.filesOf, contentCache, clock);
  return { contents, resultDocuments: owned.add(new ResultDocuments(clock)) };
}
