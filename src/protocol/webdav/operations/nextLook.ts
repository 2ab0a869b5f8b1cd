import { isFailure } from '../../../core/model/failure';
import type { CallOptions } from '../../../core/model/ports';
import type { ResourceId } from '../../../core/model/resource';
import type { HttpAnswer, HttpRequest, PipelinedRequest } from '../../transport/http';
import type { WebdavClient } from '../client';
import { lookForLocks, type ListedLocks } from './locking/fetchLocks';
import { statRequest } from './propfind';

/** A PROPFIND that is sent right behind a request that changes something, where the server and the connection allow it. */
export class NextLook implements PipelinedRequest {
  readonly request: HttpRequest;
  private look: Promise<ListedLocks | undefined> | undefined;

  constructor(
    private readonly client: WebdavClient,
    private readonly resource: ResourceId,
  ) {
    this.request = statRequest(client, resource);
  }

  get isSent(): boolean {
    return this.look !== undefined;
  }

  /**
   * What was seen behind the last attempt of the request before it; undefined if nothing was. Never rejects. The
   * server may have looked before it did what it was asked before.
   */
  get seen(): Promise<ListedLocks | undefined> {
    return this.look ?? Promise.resolve(undefined);
  }

  readonly onSent = (answer: Promise<HttpAnswer>): void => {
    const look = this.read(answer);
    // Nobody may wait for it: the request behind which it was sent may fail, or be sent again.
    look.catch(() => undefined);
    this.look = look;
  };

  tell({ onLook }: CallOptions): void {
    if (this.look) onLook?.(this.look.then((seen) => seen?.entry));
  }

  private async read(answer: Promise<HttpAnswer>): Promise<ListedLocks | undefined> {
    try {
      return await lookForLocks(this.client, this.resource, () => this.client.learning(answer));
    } catch (error) {
      if (!isFailure(error)) throw error;
      // Whoever closes the connection, or answers otherwise than in turn, will do so again; not where there was none.
      if (!isFailure(error, 'notFound', 'canceled', 'unreachable', 'tls')) this.client.stopPipelining();
      return undefined;
    }
  }
}

/** Undefined where none is wanted or none can be sent. */
export function nextLook(
  client: WebdavClient,
  resource: ResourceId,
  isWanted: boolean,
): NextLook | undefined {
  return isWanted && client.pipelines ? new NextLook(client, resource) : undefined;
}

/** A request with the look behind it. */
export type Followed = HttpRequest & { readonly next?: NextLook };

/** Sends a request, and no more two at once where this one then got no answer, or one that is none. */
export async function sendFollowed(client: WebdavClient, request: Followed): Promise<HttpAnswer> {
  try {
    return await client.send(request);
  } catch (error) {
    // Perhaps because of the second request: something on the way may not bear two at once.
    if (request.next?.isSent && isFailure(error, 'interrupted', 'timeout', 'badAnswer'))
      client.stopPipelining();
    throw error;
  }
}

/** Whether the answer to a request that has only one may be that to the look behind it. */
export function isPerhapsSwapped({ status }: HttpAnswer, { next }: Followed): boolean {
  return status === 207 && next?.isSent === true;
}
