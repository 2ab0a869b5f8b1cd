import type { Disposable } from '../../base/disposable';
import type { Leases } from './leases';
import type { Clock } from '../model/ports';

export interface WakeUpDeps {
  readonly leases: Leases;
  readonly clock: Clock;
}

const lookMs = 20_000;
/** Time services move the clock on the wall by less. */
const sleptMs = 10_000;

/**
 * Notices that the machine slept where the monotonic clock stands still meanwhile, as on Linux: the refreshes that were
 * due did not run, and do not know that they are late. Somebody who sets the clock forward costs one refresh.
 */
export class WakeUps implements Disposable {
  private readonly subscription: Disposable;
  private timer: Disposable | undefined;
  private offset = 0;

  constructor(private readonly deps: WakeUpDeps) {
    this.subscription = deps.leases.onDidChange((held) => (held.length > 0 ? this.watch() : this.rest()));
  }

  dispose(): void {
    this.subscription.dispose();
    this.rest();
  }

  private watch(): void {
    if (this.timer) return;
    this.offset = this.offsetNow();
    this.schedule();
  }

  private rest(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private schedule(): void {
    this.timer = this.deps.clock.after(lookMs, () => {
      this.schedule();
      this.look();
    });
  }

  private look(): void {
    const { leases } = this.deps;
    const passed = this.offsetNow() - this.offset;
    this.offset += passed;
    if (passed < sleptMs) return;
    for (const lease of leases.held())
      if (leases.claimsOn(lease.resource).size > 0) void leases.verify(lease);
  }

  private offsetNow(): number {
    const { wall, mono } = this.deps.clock.now();
    return wall - mono;
  }
}
