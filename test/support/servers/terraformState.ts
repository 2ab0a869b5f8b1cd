// State over HTTP as the `http` backend of Terraform and OpenTofu expects it: LOCK, UNLOCK, GET, POST and DELETE.
import { startPlainServer, type PlainRequest, type PlainServer, type Reply } from './plain';

export interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

export class TerraformState {
  state: string | undefined;
  lock: LockInfo | undefined;
  /** The status of a refusal; both are in use. */
  heldStatus: 409 | 423 = 423;
  private server: PlainServer | undefined;

  async start(): Promise<void> {
    this.server = await startPlainServer((request, reply) => this.answer(request, reply));
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** The folder of the state, and the state itself. */
  get url(): string {
    return `${this.server?.url ?? ''}states`;
  }

  get requests(): readonly PlainRequest[] {
    return this.server?.requests ?? [];
  }

  private answer({ method, path, body }: PlainRequest, reply: Reply): void {
    const { pathname, searchParams } = new URL(path, 'http://state');
    if (pathname !== '/states/prod.tfstate') return reply.send(404);
    switch (method) {
      case 'GET':
        return this.state === undefined
          ? reply.send(204)
          : reply.send(200, { 'Content-Type': 'application/json' }, this.state);
      case 'LOCK': {
        if (this.lock) return this.refuse(reply);
        this.lock = JSON.parse(body.toString()) as LockInfo;
        return reply.send(200);
      }
      case 'UNLOCK':
        if (this.lock?.ID !== (JSON.parse(body.toString()) as LockInfo).ID) return this.refuse(reply);
        this.lock = undefined;
        return reply.send(200);
      case 'POST':
        if (this.lock && searchParams.get('ID') !== this.lock.ID) return this.refuse(reply);
        this.state = body.toString();
        return reply.send(200);
      case 'DELETE':
        this.state = undefined;
        return reply.send(200);
      default:
        return reply.send(405);
    }
  }

  private refuse(reply: Reply): void {
    reply.send(this.heldStatus, { 'Content-Type': 'application/json' }, JSON.stringify(this.lock ?? {}));
  }
}
