import { asObject } from '../../../base/untrusted';
import { defined } from '../../../base/defined';
import type { ParsedRefusal, RefusalReading } from '../parsedRefusal';
import { codes, parseHolder, safeLine, parseMoment } from '../values';
import { readSentence } from '../words';
import { namesLock, pick, pickHolder, pickMoment } from '../keys';

/** RFC 9457 problem details, recognized by media type or fields. */
export function problem({ json, headers }: ParsedRefusal): RefusalReading | undefined {
  const isProblem = /\bproblem\+json\b/i.test(headers['content-type'] ?? '');
  if (!json || (!isProblem && !(typeof json.title === 'string' && 'detail' in json))) return undefined;
  return {
    ...generic(json, safeLine(json.detail) ?? safeLine(json.title)),
    shape: 'problem',
    codes: codes(lastPart(json.type), json.code),
  };
}

/** Microsoft Graph and OData errors: the innermost code is the most specific. */
export function odata({ json }: ParsedRefusal): RefusalReading | undefined {
  const error = asObject(json?.error);
  if (!error || typeof error.code !== 'string') return undefined;
  const chain: unknown[] = [];
  let reason: string | undefined;
  for (let at: typeof error | undefined = error, depth = 0; at && depth < 6; depth++) {
    chain.push(at.code);
    reason ??= safeLine(at.message) ?? safeLine(asObject(at.message)?.value);
    at = asObject(at.innerError) ?? asObject(at.innererror);
  }
  return { ...generic(error, reason), shape: 'odata', codes: codes(...chain) };
}

/** Git LFS: the response contains the lock, and the server knows the account that owns it. */
export function gitLfs({ json, headers }: ParsedRefusal): RefusalReading | undefined {
  const lock = asObject(json?.lock);
  const isLfs = /\bvnd\.git-lfs\+json\b/i.test(headers['content-type'] ?? '');
  if (!json || (!isLfs && !(lock && 'locked_at' in lock))) return undefined;
  return {
    shape: 'gitLfs',
    codes: codes(json.request_id),
    ...defined({
      holder: parseHolder(asObject(lock?.owner)?.name, 'server'),
      since: parseMoment(lock?.locked_at),
      until: lock && 'never',
      reason: safeLine(json.message),
    }),
  };
}

/** A Terraform lock, as sent by the client that holds it. */
export function terraform({ json }: ParsedRefusal): RefusalReading | undefined {
  if (!json || typeof json.ID !== 'string' || !('Who' in json) || !('Operation' in json)) return undefined;
  const lockHolder = parseHolder(json.Who, 'client');
  return {
    shape: 'terraform',
    codes: codes(json.Operation),
    ...defined({
      holder: lockHolder && { ...lockHolder, app: 'Terraform' },
      since: parseMoment(json.Created),
      reason: safeLine(json.Info) ?? safeLine(json.Operation),
    }),
    until: 'never',
  };
}

/** Any other JSON, read by common field names. */
export function plainJson({ json }: ParsedRefusal): RefusalReading | undefined {
  return json && { ...generic(json), shape: 'json' };
}

/** Values in named fields take precedence over those found in the message. */
function generic(
  json: Readonly<Record<string, unknown>>,
  reason = safeLine(pick(json, 'why')),
): Omit<RefusalReading, 'shape'> {
  const fromMessage = readSentence(reason);
  return {
    codes: codes(pick(json, 'code')),
    ...(namesLock(json) && { namesLock: true }),
    ...defined({
      holder: pickHolder(json) ?? fromMessage.holder,
      until: pickMoment(json, 'until') ?? fromMessage.until,
      since: pickMoment(json, 'since'),
      reason,
    }),
  };
}

function lastPart(type: unknown): string | undefined {
  return typeof type === 'string' ? type.split(/[/#]/).at(-1) : undefined;
}
