import { type Disposable, Owner } from '../../base/disposable';
import type { Leases } from './leases';
import type { Clock } from '../model/ports';

export interface WakeUpDeps {
  readonly leases: Leases;
  readonly clock: Clock;
}

const checkEveryMs = 20_000;
/** Time services adjust the wall clock by less than this. */
const shortestSleepMs = 10_000;

/**
 * Detects sleep where the monotonic clock stops meanwhile, as on Linux: the due refreshes did not run, and their
 * timers do not know that they are late. Setting the wall clock forward costs one refresh.
 */
export class WakeUps extends Owner {
  private timer: Disposable | undefined;
  private offset = 0;

  constructor(private readonly deps: WakeUpDeps) {
    super();
    this.owned.add(deps.leases.onDidChange((held) => (held.length > 0 ? this.watch() : this.stopWatching())));
  }

  override dispose(): void {
    super.dispose();
    this.stopWatching();
  }

  private watch(): void {
    if (this.timer) return;
    this.offset = this.offsetNow();
    this.schedule();
  }

  private stopWatching(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private schedule(): void {
    this.timer = this.deps.clock.after(checkEveryMs, () => {
      this.schedule();
      this.check();
    });
  }

  private check(): void {
    const { leases } = this.deps;
    const sleptMs = this.offsetNow() - this.offset;
    this.offset += sleptMs;
    if (sleptMs < shortestSleepMs) return;
    for (const lease of leases.held())
      if (leases.claimsOn(lease.resource).size > 0) void leases.verify(lease);
  }

  private offsetNow(): number {
    const { wall, mono } = this.deps.clock.now();
    return wall - mono;
  }
}
