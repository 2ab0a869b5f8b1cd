import { randomUUID } from 'node:crypto';
import { parsedJson } from '../../base/untrusted';
import type { CallMapping, Endpoint, FilesMapping, LocksMapping } from '../../core/model/endpoint';
import { RemoteFailure } from '../../core/model/failure';
import type { Stamp } from '../../core/model/lock';
import { nameOf, segmentsOf, serverOf, urlOf, type ResourceId } from '../../core/model/resource';
import type { HttpAnswer, HttpRequest, Transport } from '../transport/http';
import { isSendable, utf8Bytes } from '../transport/headerText';
import type { Identity } from '../webdav/identity';
import type { LockReading } from './lockReader';
import { expandAddress, expandJson, expandText, type Variables } from './templates';
import type { Source } from './values';

/** A mapping, and the folder of the connection that names it. */
export interface MappedFolder {
  readonly base: ResourceId;
  readonly endpoint: Endpoint;
}

export interface HttpOptions {
  readonly transport: Transport;
  readonly now: () => Stamp;
  readonly identity: Identity;
  /** The user name that signs in, if one does. */
  readonly user: () => string | undefined;
}

/** A Date header has a resolution of one second. */
const skewThresholdMs = 2_000;
const maxJsonBytes = 16 * 1024 * 1024;
const jsonType = 'application/json';

/** Sends what a mapping describes, or plain HTTP where there is none. */
export class HttpClient {
  /** Servers that do not know HEAD are asked by GET. */
  knowsHead = true;

  constructor(
    private readonly options: HttpOptions,
    readonly mapped?: MappedFolder,
  ) {}

  get lockReading(): LockReading {
    return { identity: this.options.identity, locks: this.locks };
  }

  get files(): FilesMapping {
    return this.mapped?.endpoint.files ?? {};
  }

  get locks(): LocksMapping {
    return this.mapped?.endpoint.locks ?? {};
  }

  send(request: HttpRequest): Promise<HttpAnswer> {
    return this.options.transport.send(request);
  }

  now(): Stamp {
    return this.options.now();
  }

  variablesOf(resource: ResourceId, more: Variables = {}): Variables {
    const base = this.mapped?.base ?? serverOf(resource);
    const user = this.options.user();
    return {
      url: resource,
      base,
      path: this.pathOf(resource),
      name: nameOf(resource),
      now: new Date(this.now().wall).toISOString(),
      newId: randomUUID(),
      ...(user !== undefined && { user }),
      ...more,
    };
  }

  /** The path below the connection's folder, without percent-encoding. */
  pathOf(resource: ResourceId): string {
    const above = this.mapped ? segmentsOf(this.mapped.base).length : 0;
    return segmentsOf(resource).slice(above).join('/');
  }

  /** The request that a mapping describes; `method` if it names none. Throws a RemoteFailure. */
  requestOf(
    call: CallMapping,
    about: {
      readonly resource: ResourceId;
      readonly method: string;
      readonly variables: Variables;
      /** The answer is a file's content, whatever its type. */
      readonly isContent?: boolean;
    },
  ): HttpRequest {
    const { resource, variables } = about;
    const method = call.method ?? about.method;
    const url = expandAddress(call.url, variables);
    // Credentials and texts go to the server that the person has opened, and to no other.
    if (!URL.canParse(url) || new URL(url).origin !== serverOf(resource))
      throw new RemoteFailure('unsupported', { resource, method, code: 'OTHER_SERVER' });
    // A lock id of two dots would make the address of the lock that of the file.
    if (hasDotSegment(url)) throw new RemoteFailure('unsupported', { resource, method, code: 'DOT_SEGMENT' });
    const body = call.body === undefined ? {} : { body: JSON.stringify(expandJson(call.body, variables)) };
    const headers = {
      ...(!about.isContent && { accept: jsonType }),
      ...(call.body !== undefined && { 'content-type': jsonType }),
      ...headersOf(call.headers, variables, resource),
    };
    return { method, resource, url, headers, ...body };
  }

  /** The request for a file's content: as the mapping describes it, else of HTTP's own. */
  fileRequest(how: 'read' | 'write' | 'delete', method: string, resource: ResourceId): HttpRequest {
    const mapping = this.files[how];
    if (!mapping) return this.plainRequest(method, resource);
    const variables = this.variablesOf(resource);
    return this.requestOf(mapping, { resource, method, variables, isContent: how === 'read' });
  }

  plainRequest(method: string, resource: ResourceId): HttpRequest {
    return { method, resource, url: urlOf(resource) };
  }

  /** What values are read from. A body that is not JSON has none. */
  async sourceOf(answer: HttpAnswer, variables: Variables): Promise<Source> {
    const text = await answer.text(maxJsonBytes);
    const now = this.now();
    const sentAt = { mono: answer.sentAt, wall: now.wall - (now.mono - answer.sentAt) };
    const date = Date.parse(answer.headers['date'] ?? '');
    const offset = Number.isNaN(date) ? 0 : date - now.wall;
    const skewMs = Math.abs(offset) > skewThresholdMs ? offset : 0;
    return { json: parsedJson(text), headers: answer.headers, variables, sentAt, skewMs };
  }
}

/** Header texts of a mapping. Throws if a value could break out of its header. */
export function headersOf(
  headers: Readonly<Record<string, string>> | undefined,
  variables: Variables,
  resource: ResourceId,
): Record<string, string> {
  const expanded = Object.entries(headers ?? {}).map(
    ([name, text]) => [name.toLowerCase(), utf8Bytes(expandText(text, variables))] as const,
  );
  if (expanded.some(([, value]) => !isSendable(value)))
    throw new RemoteFailure('badAnswer', { resource, code: 'UNSENDABLE' });
  return Object.fromEntries(expanded);
}

/** Whether a part of the path would be resolved away, as it is written: `URL` has done so already. */
function hasDotSegment(url: string): boolean {
  const [path = ''] = url.split(/[?#]/, 1);
  return path.split(/[/\\]/).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
}
