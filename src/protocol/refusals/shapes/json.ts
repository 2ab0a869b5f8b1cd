import type { Opened, RefusalReading } from '../refused';
import { codes, holder, line, moment } from '../values';
import { sentence } from '../words';
import { asObject, pick, pickHolder, pickMoment } from '../keys';

/** RFC 9457 problem details, by their media type or their members. */
export function problem({ json, headers }: Opened): RefusalReading | undefined {
  const isProblem = /\bproblem\+json\b/i.test(headers['content-type'] ?? '');
  if (!json || (!isProblem && !(typeof json.title === 'string' && 'detail' in json))) return undefined;
  return {
    ...generic(json, line(json.detail) ?? line(json.title)),
    shape: 'problem',
    codes: codes(lastPart(json.type), json.code),
  };
}

/** Microsoft Graph and OData: the code that is nested deepest tells most. */
export function odata({ json }: Opened): RefusalReading | undefined {
  const error = asObject(json?.error);
  if (!error || typeof error.code !== 'string') return undefined;
  const chain: unknown[] = [];
  let reason: string | undefined;
  for (let at: typeof error | undefined = error, depth = 0; at && depth < 6; depth++) {
    chain.push(at.code);
    reason ??= line(at.message) ?? line(asObject(at.message)?.value);
    at = asObject(at.innerError) ?? asObject(at.innererror);
  }
  return { ...generic(error, reason), shape: 'odata', codes: codes(...chain) };
}

/** Git LFS: the lock itself stands beside the message; the server knows the account. */
export function gitLfs({ json, headers }: Opened): RefusalReading | undefined {
  const lock = asObject(json?.lock);
  const isLfs = /\bvnd\.git-lfs\+json\b/i.test(headers['content-type'] ?? '');
  if (!json || (!isLfs && !(lock && 'locked_at' in lock))) return undefined;
  const who = holder(asObject(lock?.owner)?.name, 'server');
  const since = moment(lock?.locked_at);
  const reason = line(json.message);
  return {
    shape: 'gitLfs',
    codes: codes(json.request_id),
    ...(who && { holder: who }),
    ...(since !== undefined && { since }),
    ...(lock && { until: 'never' as const }),
    ...(reason !== undefined && { reason }),
  };
}

/** Terraform's lock as it was sent by whoever took it. */
export function terraform({ json }: Opened): RefusalReading | undefined {
  if (!json || typeof json.ID !== 'string' || !('Who' in json) || !('Operation' in json)) return undefined;
  const who = holder(json.Who, 'client');
  const since = moment(json.Created);
  const reason = line(json.Info) ?? line(json.Operation);
  return {
    shape: 'terraform',
    codes: codes(json.Operation),
    ...(who && { holder: { ...who, app: 'Terraform' } }),
    ...(since !== undefined && { since }),
    ...(reason !== undefined && { reason }),
    until: 'never',
  };
}

/** Any other JSON, by the names that people give to such things. */
export function plainJson({ json }: Opened): RefusalReading | undefined {
  return json && { ...generic(json), shape: 'json' };
}

/** What has a name of its own counts more than what the sentence says. */
function generic(
  json: Readonly<Record<string, unknown>>,
  reason = line(pick(json, 'why')),
): Omit<RefusalReading, 'shape'> {
  const words = sentence(reason);
  const who = pickHolder(json) ?? words.holder;
  const until = pickMoment(json, 'until') ?? words.until;
  const since = pickMoment(json, 'since');
  return {
    codes: codes(pick(json, 'code')),
    ...(who && { holder: who }),
    ...(until !== undefined && { until }),
    ...(since !== undefined && { since }),
    ...(reason !== undefined && { reason }),
  };
}

function lastPart(type: unknown): string | undefined {
  return typeof type === 'string' ? type.split(/[/#]/).at(-1) : undefined;
}
