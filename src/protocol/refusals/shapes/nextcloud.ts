import { namespaces } from '../../xml/names';
import type { ParsedRefusal, RefusalReading } from '../parsedRefusal';
import { parseHolder, safeLine, parseMoment } from '../values';
import { textOf } from '../../xml/xmlTree';

/** files_lock refuses a LOCK with `X-User-Lock` by a `d:prop` of the holder's properties, asserted by the server. */
export function nextcloud({ xml }: ParsedRefusal): RefusalReading | undefined {
  if (xml?.local !== 'prop' || xml.namespace !== namespaces.dav) return undefined;
  const read = (name: string) => textOf(xml, name, namespaces.nextcloud);
  const account = read('lock-owner');
  if (account === undefined && read('lock') === undefined) return undefined;
  const isApp = read('lock-owner-type') === '1';
  const name = read('lock-owner-displayname') ?? account;
  const app = safeLine(read('lock-owner-editor') ?? (isApp ? name : undefined), 120);
  const since = parseMoment(read('lock-time'));
  const timeout = Number(read('lock-timeout') ?? NaN);
  const person = isApp ? undefined : parseHolder(name, 'server');
  const reported =
    person ?? (app === undefined ? undefined : { contacts: [], assertedBy: 'server' as const });
  return {
    shape: 'nextcloud',
    codes: [],
    ...(reported && { holder: { ...reported, ...(app !== undefined && { app }) } }),
    ...(since !== undefined && { since }),
    // 0 or a negative number means a lock that never expires.
    ...(timeout <= 0 && { until: 'never' as const }),
    ...(timeout > 0 && since !== undefined && { until: since + timeout * 1000 }),
  };
}
