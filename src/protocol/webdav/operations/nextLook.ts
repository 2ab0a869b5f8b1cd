import { isFailure } from '../../../core/model/failure';
import type { CallOptions, RemoteEntry } from '../../../core/model/ports';
import type { ResourceId } from '../../../core/model/resource';
import type { HttpAnswer, HttpRequest, PipelinedRequest } from '../../transport/http';
import type { WebdavClient } from '../client';
import { stat, statRequest } from './propfind';

/** A PROPFIND that is sent right behind a write, where the server and the connection allow it. */
export class NextLook implements PipelinedRequest {
  readonly request: HttpRequest;
  private look: Promise<RemoteEntry | undefined> | undefined;

  constructor(
    private readonly client: WebdavClient,
    private readonly resource: ResourceId,
  ) {
    this.request = statRequest(client, resource);
  }

  get isSent(): boolean {
    return this.look !== undefined;
  }

  readonly onSent = (answer: Promise<HttpAnswer>): void => {
    const look = this.read(answer);
    // Nobody may wait for it: the write behind which it was sent may fail, or be sent again.
    look.catch(() => undefined);
    this.look = look;
  };

  /** Passes on what was sent behind the last attempt of the write. */
  tell({ onLook }: CallOptions): void {
    if (this.look) onLook?.(this.look);
  }

  private async read(answer: Promise<HttpAnswer>): Promise<RemoteEntry | undefined> {
    try {
      return await stat(this.client, this.resource, {}, () => this.client.learning(answer));
    } catch (error) {
      if (!isFailure(error)) throw error;
      // Whoever closes the connection, or answers otherwise than in turn, will do so again.
      if (error.kind !== 'notFound' && error.kind !== 'cancelled') this.client.stopPipelining();
      return undefined;
    }
  }
}

/** Undefined where none is wanted or none can be sent. */
export function nextLook(
  client: WebdavClient,
  resource: ResourceId,
  { onLook }: CallOptions,
): NextLook | undefined {
  return onLook && client.pipelines ? new NextLook(client, resource) : undefined;
}
