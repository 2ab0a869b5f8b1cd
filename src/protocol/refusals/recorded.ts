import type { RecordedExchange } from '../../core/locks/exchanges';
import type { Stamp } from '../../core/model/lock';
import type { Exchange } from '../transport/http';
import { excerptOf } from './excerpt';
import { readOpened } from './read';
import { opened } from './refused';

/** A finished exchange as evidence: what its refusal says is read, and nothing secret is kept. */
export function recorded(exchange: Exchange, now: Stamp, product?: string): RecordedExchange {
  const { body, startedAt, ...kept } = exchange;
  const { method, resource, status, headers } = exchange;
  const base = { ...kept, at: { mono: startedAt, wall: now.wall - (now.mono - startedAt) } };
  if (status === undefined || (status < 400 && !(status === 207 && body !== undefined))) return base;
  const refused = opened({
    method,
    resource,
    status,
    headers,
    body: body ?? '',
    ...(product !== undefined && { product }),
  });
  const excerpt = excerptOf(refused);
  return { ...base, refusal: readOpened(refused), ...(excerpt && { excerpt }) };
}
