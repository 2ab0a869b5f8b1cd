import type { RecordedExchange } from '../../core/locks/exchanges';
import type { Stamp } from '../../core/model/lock';
import type { Exchange } from '../transport/http';

/** A finished exchange as evidence, at its time on both clocks. */
export function toRecordedExchange({ startedAt, ...kept }: Exchange, now: Stamp): RecordedExchange {
  return { ...kept, at: { mono: startedAt, wall: now.wall - (now.mono - startedAt) } };
}
