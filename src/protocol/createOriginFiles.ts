import type { CallOptions } from '../core/model/ports';
import type { ResourceId } from '../core/model/resource';
import type { HttpOptions, MappedFolder } from './http/client';
import { askPlainly } from './http/askPlainly';
import { createHttpServer } from './http/server';
import { originFiles, type OriginFiles } from './originFiles';
import type { WebdavOptions } from './webdav/client';
import { createWebdavServer } from './webdav/server';

/** What speaks with one origin, over one connection. */
export function createOriginFiles(
  options: WebdavOptions & HttpOptions & { readonly endpoints: readonly MappedFolder[] },
): OriginFiles {
  return originFiles({
    webdav: createWebdavServer(options),
    plain: createHttpServer(options),
    mapped: options.endpoints.map((mapped) => ({ base: mapped.base, ...createHttpServer(options, mapped) })),
    askPlainly: (resource: ResourceId, call: CallOptions) => askPlainly(options, resource, call),
  });
}
