import type { RecordedExchange } from '../../core/exchanges';
import type { Stamp } from '../../core/lock';
import { plainLine } from '../../core/plainLine';
import type { Exchange } from '../transport/http';
import { readRefusal } from './read';
import { redacted } from './redaction';
import { pageText } from './words';

const excerptChars = 600;

/** A finished exchange as evidence: what its refusal says is read, and nothing secret is kept. */
export function recorded(exchange: Exchange, now: Stamp, product?: string): RecordedExchange {
  const { body, startedAt, ...kept } = exchange;
  const { method, resource, status, headers } = exchange;
  const base = { ...kept, at: { mono: startedAt, wall: now.wall - (now.mono - startedAt) } };
  const told =
    status === undefined || (status < 400 && !(status === 207 && body !== undefined))
      ? undefined
      : readRefusal({
          method,
          resource,
          status,
          headers,
          body: body ?? '',
          ...(product !== undefined && { product }),
        });
  const words = body?.trimStart().startsWith('<') ? pageText(body) : (body ?? '');
  const excerpt = told && plainLine(redacted(words), excerptChars);
  return { ...base, ...(told && { told }), ...(excerpt && { excerpt }) };
}
