import type { RecordedExchange } from '../../core/locks/exchanges';
import type { Stamp } from '../../core/model/lock';
import type { Exchange } from '../transport/http';
import { excerptOf } from './excerpt';
import { readParsedRefusal } from './read';
import { parseRefusal } from './parsedRefusal';

/** Turns a finished exchange into evidence: the parsed refusal and an excerpt without secrets. */
export function toRecordedExchange(exchange: Exchange, now: Stamp, product?: string): RecordedExchange {
  const { body, startedAt, ...kept } = exchange;
  const { method, resource, status, headers } = exchange;
  const base = { ...kept, at: { mono: startedAt, wall: now.wall - (now.mono - startedAt) } };
  if (status === undefined || (status < 400 && !(status === 207 && body !== undefined))) return base;
  const refused = parseRefusal({
    method,
    resource,
    status,
    headers,
    body: body ?? '',
    ...(product !== undefined && { product }),
  });
  const excerpt = excerptOf(refused);
  return { ...base, refusal: readParsedRefusal(refused), ...(excerpt && { excerpt }) };
}
