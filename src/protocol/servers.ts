import type { RemoteServer } from '../core/model/ports';
import { serverOf, type ResourceId, type ServerId } from '../core/model/resource';
import type { Transport } from './transport/http';

interface Connected {
  readonly server: RemoteServer;
  readonly transport: Transport;
}

/** One connection per server, made at first use and thrown away when its credentials or settings change. */
export class Servers {
  private readonly connected = new Map<ServerId, Connected>();

  constructor(private readonly connect: (server: ServerId) => Connected) {}

  readonly of = (resource: ResourceId): RemoteServer => {
    const id = serverOf(resource);
    const known = this.connected.get(id);
    if (known) return known.server;
    const fresh = this.connect(id);
    this.connected.set(id, fresh);
    return fresh.server;
  };

  /** The next request starts with nothing remembered. */
  async reset(id: ServerId): Promise<void> {
    const old = this.connected.get(id);
    this.connected.delete(id);
    await old?.transport.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.connected.keys()].map((id) => this.reset(id)));
  }
}
