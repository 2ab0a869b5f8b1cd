import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { serverOf, type ResourceId, type ServerId } from '../../core/model/resource';

interface SeenExchange {
  readonly resource: ResourceId;
  readonly status?: number;
  /** The kind of failure, and a code after a space. */
  readonly failure?: string;
}

/** Failures after which nothing is known of a server but that no answer came. */
const noAnswer = new Set(['unreachable', 'timeout', 'tls']);

/** Which servers did not answer when they were asked last. */
export class Reachability extends Owner {
  private readonly changed = this.owned.add(new Emitter<ServerId>());
  private readonly silent = new Map<ServerId, string>();
  /** Servers whose last connection broke before an answer. */
  private readonly broken = new Set<ServerId>();

  readonly onDidChange = this.changed.event;

  note({ resource, status, failure = '' }: SeenExchange): void {
    const server = serverOf(resource);
    const [kind = ''] = failure.split(' ');
    if (status !== undefined) {
      this.broken.delete(server);
      if (this.silent.delete(server)) this.changed.fire(server);
    } else if (this.isSilence(server, kind) && !this.silent.has(server)) {
      this.silent.set(server, failure);
      this.changed.fire(server);
    }
  }

  /** A connection also breaks where a server ends one that was idle, and answers on the next. */
  private isSilence(server: ServerId, kind: string): boolean {
    if (kind !== 'interrupted') return noAnswer.has(kind);
    const isAgain = this.broken.has(server);
    this.broken.add(server);
    return isAgain;
  }

  /** Why no answer came, in the transport's words; undefined where one came. */
  whySilent(server: ServerId): string | undefined {
    return this.silent.get(server);
  }
}
