import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
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
  private readonly timer: Timer;
  private offset = 0;

  constructor(private readonly deps: WakeUpDeps) {
    super();
    this.timer = this.owned.add(new Timer(deps.clock));
    this.owned.add(deps.leases.onDidChange((held) => (held.length > 0 ? this.watch() : this.timer.clear())));
  }

  private watch(): void {
    if (this.timer.isSet) return;
    this.offset = this.offsetNow();
    this.schedule();
  }

  private schedule(): void {
    this.timer.set(checkEveryMs, () => {
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
