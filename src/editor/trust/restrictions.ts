import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { ServerId } from '../../core/model/resource';
import type { SeenConfiguration, ConfigurationEntry } from './seenConfiguration';
import type { ServerTrust } from './serverTrust';

/** A server that is not trusted, and what is hidden of it. */
export interface Restriction {
  readonly server: ServerId;
  readonly hidden: readonly ConfigurationEntry[];
}

/** What is hidden at the moment, for those who show it. */
export class Restrictions extends Owner {
  private readonly changed = this.owned.add(new Emitter<void>());

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly trust: ServerTrust,
    private readonly seen: SeenConfiguration,
  ) {
    super();
    this.owned.add(trust.onDidChange(() => this.changed.fire()));
    this.owned.add(seen.onDidChange(() => this.changed.fire()));
  }

  /** Only servers of which something is hidden. */
  all(): Restriction[] {
    return this.seen
      .servers()
      .filter((server) => !this.trust.trusts(server))
      .map((server) => ({ server, hidden: this.seen.listedOn(server) }));
  }
}
