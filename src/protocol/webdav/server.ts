import type { LockProvider, RemoteFiles } from '../../core/model/ports';
import { WebdavClient, type WebdavOptions } from './client';
import { webdavFiles } from './files';
import { webdavLocks } from './locks';

export interface WebdavServer {
  readonly files: RemoteFiles;
  readonly locks: LockProvider;
}

/** Creates the client for one WebDAV server (RFC 4918). It learns the server's behavior from its responses. */
export function createWebdavServer(options: WebdavOptions): WebdavServer {
  const client = new WebdavClient(options);
  return { files: webdavFiles(client), locks: webdavLocks(client) };
}
