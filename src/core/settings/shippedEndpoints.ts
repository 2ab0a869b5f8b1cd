import type { Endpoint } from '../model/endpoint';

const lockInfo = {
  ID: '{id}',
  Operation: 'OperationTypeEdit',
  Info: '',
  Who: '{owner}',
  Version: '',
  Created: '{now}',
  Path: '{path}',
};

/**
 * State of Terraform and OpenTofu over HTTP, as their `http` backend speaks: the client chooses the id of its lock, a
 * refusal shows the lock that is held, and nothing looks at a lock without trying to take it.
 */
const terraform: Endpoint = {
  files: { write: { method: 'POST', url: '{url}', headers: { 'Content-Type': 'application/json' } } },
  locks: {
    lock: { method: 'LOCK', url: '{url}', body: { ...lockInfo, ID: '{newId}' }, heldOn: [409, 423] },
    // While we hold the lock, the refusal names our own. If the request is granted, the lock was lost before.
    refresh: {
      method: 'LOCK',
      url: '{url}',
      body: lockInfo,
      heldOn: [409, 423],
      id: { kind: 'pointer', pointer: '/ID' },
    },
    unlock: { method: 'UNLOCK', url: '{url}', body: lockInfo },
    submit: { query: { ID: '{id}' } },
  },
};

/** Mappings that need no setting. A setting of the same name takes precedence. */
const shippedEndpoints: Readonly<Record<string, Endpoint>> = { terraform };

/** The mapping that a connection names. */
export function endpointNamed(
  name: string,
  endpoints: Readonly<Record<string, Endpoint>>,
): Endpoint | undefined {
  return [endpoints, shippedEndpoints].find((known) => Object.hasOwn(known, name))?.[name];
}
