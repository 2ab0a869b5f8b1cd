import type { LockProvider, RemoteFiles } from '../core/model/ports';
import { serverOf, type ResourceId, type ServerId } from '../core/model/resource';
import type { Transport } from './transport/http';

/** What one server offers in one protocol. */
export interface Server {
  readonly files: RemoteFiles;
  readonly locks: LockProvider;
}

/** One origin, over one connection: its folders may speak different protocols. */
interface Connected {
  readonly files: RemoteFiles;
  readonly locksOf: (resource: ResourceId) => LockProvider;
  readonly transport: Transport;
}

/** One connection per http(s) server, created at first use and discarded when its credentials or settings change. */
export class Servers {
  private readonly connected = new Map<ServerId, Connected>();

  constructor(private readonly connect: (server: ServerId) => Connected) {}

  readonly filesOf = (resource: ResourceId): RemoteFiles => this.of(resource).files;

  /** Servers know the locks of what is addressed by http or https, and of nothing else. */
  readonly locksOf = (resource: ResourceId): LockProvider | undefined =>
    /^https?:/.test(resource) ? this.of(resource).locksOf(resource) : undefined;

  /** Closes the server's connection; the next request creates a new one. */
  async reset(id: ServerId): Promise<void> {
    const old = this.connected.get(id);
    this.connected.delete(id);
    await old?.transport.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.connected.keys()].map((id) => this.reset(id)));
  }

  private of(resource: ResourceId): Connected {
    const id = serverOf(resource);
    const known = this.connected.get(id);
    if (known) return known;
    const fresh = this.connect(id);
    this.connected.set(id, fresh);
    return fresh;
  }
}
