import type { RemoteFiles } from '../../core/model/ports';
import type { WebdavClient } from './client';
import { mkcol } from './operations/mkcol';
import { probe } from './operations/probe';
import { list, stat } from './operations/propfind';
import { put } from './operations/put';
import { headVersion, read } from './operations/read';
import { remove } from './operations/remove';
import { transfer } from './operations/transfer';

/** The files of one WebDAV server; entries come with their locks (RFC 4918 section 15.8). */
export function webdavFiles(client: WebdavClient): RemoteFiles {
  return {
    probe: (resource, options) => probe(client, resource, options),
    traits: () => ({
      honorsIfMatch: client.profile.honorsIfMatch ?? false,
      answersTwice: client.answersTwice,
    }),
    async stat(resource, options = {}) {
      const entry = await stat(client, resource, options);
      if (!options.exact || entry.kind === 'collection' || entry.version.etag) return entry;
      // Without a tag, a look from right behind a write shows nothing.
      client.stopPipelining();
      return {
        ...entry,
        version: { ...entry.version, ...(await headVersion(client, resource, options)) },
      };
    },
    list: (resource, options) => list(client, resource, options),
    read: (resource, options) => read(client, resource, options),
    write: (resource, bytes, guard, options) => put(client, { resource, bytes }, guard, options),
    makeCollection: (resource, guard) => mkcol(client, resource, guard),
    remove: (entry, guard) => remove(client, entry, guard),
    move: (from, to, guard) => transfer(client, { method: 'MOVE', from, to }, guard),
    copy: (from, to, guard) => transfer(client, { method: 'COPY', from, to }, guard),
  };
}
