import { isFailure } from '../../../core/model/failure';
import type { Rights } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import { all, parseTree, textOf, type XmlNode } from '../../xml/xmlTree';
import type { WebdavClient } from '../client';
import { davClasses, xmlType } from '../headers';
import { namespaces } from '../../xml/names';

const bodyBytes = 64 * 1024;
const optionsMs = 10_000;

const rightsQuery =
  '<?xml version="1.0" encoding="utf-8"?>\n' +
  `<D:propfind xmlns:D="DAV:" xmlns:oc="${namespaces.owncloud}"><D:prop>` +
  '<D:current-user-privilege-set/><D:supportedlock/><D:auto-version/><oc:permissions/></D:prop></D:propfind>';

/** Privileges that allow a file's content to be written (RFC 3744 sections 3.2, 3.4, 3.12). */
const writePrivileges = new Set(['all', 'write', 'write-content']);

/**
 * What this account may do here, by its privileges, by oc:permissions, and by Allow. Most servers report nothing;
 * results of a failed request are left out.
 */
export async function rights(client: WebdavClient, resource: ResourceId): Promise<Rights> {
  const [listed, offered] = await Promise.all([inProperties(client, resource), inOptions(client, resource)]);
  return { ...offered, ...listed };
}

async function inProperties(client: WebdavClient, resource: ResourceId): Promise<Rights> {
  const headers = { depth: '0', 'content-type': xmlType };
  const request = { method: 'PROPFIND', resource, url: urlOf(resource), headers, body: rightsQuery };
  try {
    const answer = await client.send(request);
    const text = await answer.text(bodyBytes);
    if (answer.status !== 207) return {};
    const tree = parseTree(text);
    const found = all(tree, 'propstat').filter((propstat) =>
      /\s2\d\d\b/.test(textOf(propstat, 'status', namespaces.dav) ?? ''),
    );
    return Object.assign({}, ...found.map(readProps)) as Rights;
  } catch (error) {
    if (isFailure(error)) return {};
    throw error;
  }
}

function readProps(propstat: XmlNode): Rights {
  const [set] = all(propstat, 'current-user-privilege-set', namespaces.dav);
  const privileges = all(set, 'privilege').flatMap(({ children }) => children.map(({ local }) => local));
  const letters = textOf(propstat, 'permissions', namespaces.owncloud);
  const [supported] = all(propstat, 'supportedlock', namespaces.dav);
  return {
    ...(letters !== undefined && { write: letters.includes('W') }),
    ...(privileges.length > 0 && { write: privileges.some((name) => writePrivileges.has(name)) }),
    ...(supported && { lock: all(supported, 'lockentry').length > 0 }),
    ...publishing(propstat),
  };
}

/** When a change becomes a version, of a server that makes versions by itself (RFC 3253 section 3.2.2). */
function publishing(propstat: XmlNode): Pick<Rights, 'publishes'> {
  const [property] = all(propstat, 'auto-version', namespaces.dav);
  // The value is an element; Subversion writes its name as text.
  const how = property?.children[0]?.local ?? property?.text.trim().replace(/^DAV:/, '') ?? '';
  if (how === 'checkout-checkin') return { publishes: 'save' };
  const atUnlock = ['checkout-unlocked-checkin', 'checkout', 'locked-checkout'].includes(how);
  return atUnlock ? { publishes: 'release' } : {};
}

async function inOptions(client: WebdavClient, resource: ResourceId): Promise<Rights> {
  try {
    const request = { method: 'OPTIONS', resource, url: urlOf(resource), headersMs: optionsMs };
    const answer = await client.send(request);
    void answer.discard();
    if (answer.status >= 300) return {};
    const allowed = answer.headers['allow']?.split(',').map((method) => method.trim().toUpperCase());
    const claimsLocks = davClasses(answer.headers['dav']).has('2');
    // An Allow without GET does not describe this resource.
    if (!allowed?.includes('GET')) return { claimsLocks };
    // Only a missing method is meaningful: servers list what they support, not what this account may do.
    return {
      claimsLocks,
      ...(!allowed.includes('PUT') && allowed.includes('PROPFIND') && { write: false }),
      ...(!allowed.includes('LOCK') && { lock: false }),
    };
  } catch (error) {
    if (isFailure(error)) return {};
    throw error;
  }
}
