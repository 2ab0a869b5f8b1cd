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
  refusesLostLocks: true,
  refreshProves: true,
  unlockProves: true,
};

/** Apache's built-in WebDAV, identified by its OPTIONS response or by the namespace of its listings. */
export const modDavFs: Profile = { ...conforming, name: 'mod_dav_fs' };

const server = (name: RegExp) => (headers: Headers) => name.test(headers['server'] ?? '');

/**
 * Families by response headers; the first match is used. The `Server` header may come from a proxy, so a match on
 * it alone must not enable anything that could lose a user's work.
 */
export const families: readonly Family[] = [
  {
    // Its LOCK may be answered by a dummy implementation that stores no lock, so no response counts as proof.
    fits: (headers) => /(?:^|[\s,])(?:nc-|nextcloud|oc-)/i.test(headers['dav'] ?? ''),
    profile: {
      ...unknownFamily,
      name: 'nextcloud',
      honorsIfMatch: true,
      enforcesFullTimeout: true,
      nextcloud: true,
    },
  },
  {
    fits: (headers) => headers['x-sabre-version'] !== undefined,
    profile: { ...conforming, name: 'sabre', enforcesFullTimeout: true },
  },
  {
    fits: (headers) => headers['microsoftsharepointteamservices'] !== undefined,
    profile: { ...unknownFamily, name: 'sharepoint', untagged: everyWrite, honorsIfMatch: true },
  },
  { fits: server(/^nephele\b/i), profile: { ...conforming, name: 'nephele' } },
  {
    // The `Server` header proves nothing: Apache is a proxy for many applications.
    fits: (headers) => /<http:\/\/apache\.org\/dav\/propset\/fs\/1>/.test(headers['dav'] ?? ''),
    profile: modDavFs,
  },
  {
    // A refresh echoes any token it is given.
    fits: server(/^lighttpd\b/i),
    profile: {
      ...conforming,
      name: 'lighttpd',
      honorsIfMatch: undefined,
      refreshProves: false,
      listsLocks: true,
    },
  },
  {
    // UNLOCK always returns 204.
    fits: server(/^(?:nginx|openresty)\b/i),
    profile: {
      ...unknownFamily,
      name: 'nginx',
      honorsIfMatch: false,
      folderLocksCoverMembers: true,
    },
  },
  {
    fits: server(/^(?:rclone|hacdias)\b/i),
    profile: { ...conforming, name: 'go', honorsIfMatch: false, listsLocks: false },
  },
];

export function familyOf(headers: Headers): Profile | undefined {
  return families.find(({ fits }) => fits(headers))?.profile;
}
