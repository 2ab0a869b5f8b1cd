import type { Profile } from './profile';

type Headers = Readonly<Record<string, string>>;
interface Family {
  readonly fits: (headers: Headers) => boolean;
  readonly profile: Profile;
}

const everyWrite = ['PUT', 'DELETE', 'MKCOL', 'MOVE', 'COPY'];

/** For unknown servers: the result of every important request is verified. */
export const unknownFamily: Profile = {
  name: 'unknown',
  untagged: [],
  honorsIfMatch: undefined,
  refreshProves: false,
  unlockProves: false,
  listsLocks: undefined,
};

/** Conforms to the RFC, as far as tested. */
const conforming: Profile = {
  ...unknownFamily,
  honorsIfMatch: true,
  checksLockCondition: true,
  refusesLostLocks: true,
  refreshProves: true,
  unlockProves: true,
};

/** Apache's built-in WebDAV, identified by its OPTIONS response or by the namespace of its listings. */
export const modDavFs: Profile = { ...conforming, name: 'mod_dav_fs' };

/** lighttpd, identified by its name together with the namespace of its listings. A refresh echoes any token it is given. */
export const lighttpd: Profile = {
  ...conforming,
  name: 'lighttpd',
  checksLockCondition: false,
  refreshProves: false,
  listsLocks: true,
};

/**
 * Families by response headers; the first match is used. The `Server` header may come from a proxy, so a match on
 * it alone enables nothing that could lose a user's work.
 */
const families: readonly Family[] = [
  {
    // Its LOCK may be answered by a dummy implementation that stores no lock, so no response counts as proof.
    fits: (headers) => /(?:^|[\s,])(?:nc-|nextcloud|oc-)/i.test(headers['dav'] ?? ''),
    profile: {
      ...unknownFamily,
      name: 'nextcloud',
      honorsIfMatch: true,
      checksLockCondition: true,
      enforcesFullTimeout: true,
    },
  },
  {
    fits: (headers) => headers['x-sabre-version'] !== undefined,
    profile: { ...conforming, name: 'sabre', enforcesFullTimeout: true },
  },
  {
    fits: (headers) => headers['microsoftsharepointteamservices'] !== undefined,
    profile: {
      ...unknownFamily,
      name: 'sharepoint',
      untagged: everyWrite,
      honorsIfMatch: true,
      checksLockCondition: true,
    },
  },
  {
    // The `Server` header proves nothing: Apache is a proxy for many applications.
    fits: (headers) => /<http:\/\/apache\.org\/dav\/propset\/fs\/1>/.test(headers['dav'] ?? ''),
    profile: modDavFs,
  },
  {
    // UNLOCK always returns 204.
    fits: (headers) => /^(?:nginx|openresty)\b/i.test(headers['server'] ?? ''),
    profile: {
      ...unknownFamily,
      name: 'nginx',
      honorsIfMatch: false,
      folderLocksCoverMembers: true,
    },
  },
];

export function familyOf(headers: Headers): Profile | undefined {
  return families.find(({ fits }) => fits(headers))?.profile;
}
