import { namespaces } from '../../xml/names';
import type { Opened, RefusalReading } from '../refused';
import { holder, line, moment } from '../values';
import { textOf } from '../../xml/xmlTree';

/** files_lock answers a LOCK with `X-User-Lock` by the holder's own properties in a `d:prop`; the server vouches for them. */
export function nextcloud({ xml }: Opened): RefusalReading | undefined {
  if (xml?.local !== 'prop' || xml.namespace !== namespaces.dav) return undefined;
  const read = (name: string) => textOf(xml, name, namespaces.nextcloud);
  const account = read('lock-owner');
  if (account === undefined && read('lock') === undefined) return undefined;
  const isApp = read('lock-owner-type') === '1';
  const name = read('lock-owner-displayname') ?? account;
  const app = line(read('lock-owner-editor') ?? (isApp ? name : undefined), 120);
  const since = moment(read('lock-time'));
  const lasts = Number(read('lock-timeout') ?? NaN);
  const who = isApp ? undefined : holder(name, 'server');
  const told = who ?? (app === undefined ? undefined : { contacts: [], assertedBy: 'server' as const });
  return {
    shape: 'nextcloud',
    codes: [],
    ...(told && { holder: { ...told, ...(app !== undefined && { app }) } }),
    ...(since !== undefined && { since }),
    // It writes 0 or a negative number for a lock without an end.
    ...(lasts <= 0 && { until: 'never' as const }),
    ...(lasts > 0 && since !== undefined && { until: since + lasts * 1000 }),
  };
}
