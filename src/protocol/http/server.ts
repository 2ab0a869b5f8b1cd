import { HttpClient, type HttpOptions, type MappedFolder } from './client';
import { HttpFiles } from './files';
import { HttpLocks } from './locks';

export interface HttpServer {
  readonly files: HttpFiles;
  readonly locks: HttpLocks;
}

/** The files and locks below a mapped folder, or of plain HTTP where nothing is mapped. */
export function createHttpServer(options: HttpOptions, mapped?: MappedFolder): HttpServer {
  const client = new HttpClient(options, mapped);
  const locks = new HttpLocks(client);
  return { files: new HttpFiles(client, locks), locks };
}
