import { WebdavClient, type WebdavOptions } from './client';
import { WebdavFiles } from './files';
import { WebdavLocks } from './locks';

export interface WebdavServer {
  readonly files: WebdavFiles;
  readonly locks: WebdavLocks;
}

/** Creates the client for one WebDAV server (RFC 4918). It learns the server's behavior from its responses. */
export function createWebdavServer(options: WebdavOptions): WebdavServer {
  const client = new WebdavClient(options);
  return { files: new WebdavFiles(client), locks: new WebdavLocks(client) };
}
