import type { Endpoint, ValueAt } from '../../core/model/endpoint';

/** The names of the fields that hold a lock's id in the answers of these endpoints: who knows the id ends the lock. */
export function secretFieldsOf(endpoints: readonly Endpoint[]): ReadonlySet<string> {
  const values = endpoints.flatMap(({ files, locks }) => [
    files.list?.locks?.id,
    locks.status?.id,
    locks.lock?.id,
    locks.refresh?.id,
  ]);
  return new Set(values.flatMap(fieldOf));
}

function fieldOf(value: ValueAt | undefined): string[] {
  if (value?.kind !== 'pointer') return [];
  const last = value.pointer.split('/').at(-1) ?? '';
  return last === '' ? [] : [last.replaceAll('~1', '/').replaceAll('~0', '~')];
}
