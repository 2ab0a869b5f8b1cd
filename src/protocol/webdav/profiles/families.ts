import type { Profile } from './profile';

type Headers = Readonly<Record<string, string>>;
interface Family {
  readonly fits: (headers: Headers) => boolean;
  readonly profile: Profile;
}

const everyWrite = ['PUT', 'DELETE', 'MKCOL', 'MOVE', 'COPY'];

/** For a server that nothing is known of: whatever matters is looked at again. */
export const unknownFamily: Profile = {
  name: 'unknown',
  untagged: [],
  honoursIfMatch: undefined,
  refreshProves: false,
  unlockProves: false,
  listsLocks: undefined,
};

/** By the RFC, as far as it was measured. */
const proper: Profile = {
  ...unknownFamily,
  honoursIfMatch: true,
  refusesDeadLocks: true,
  refreshProves: true,
  unlockProves: true,
};

/** Apache's own WebDAV; known by its OPTIONS, or by the namespace of its listings. */
export const modDavFs: Profile = { ...proper, name: 'mod_dav_fs' };

const server = (name: RegExp) => (headers: Headers) => name.test(headers['server'] ?? '');

/**
 * Families by what answers carry; the first that fits counts. `Server` may be a proxy's with something else behind it,
 * so that nothing is taken on such a name's word that could cost anybody's work.
 */
export const families: readonly Family[] = [
  {
    // Its LOCK may be answered by a stand-in that keeps nothing, so nothing is taken as proved.
    fits: (headers) => /(?:^|[\s,])(?:nc-|nextcloud|oc-)/i.test(headers['dav'] ?? ''),
    profile: { ...unknownFamily, name: 'nextcloud', honoursIfMatch: true, endsUnseen: true, nextcloud: true },
  },
  {
    fits: (headers) => headers['x-sabre-version'] !== undefined,
    profile: { ...proper, name: 'sabre', endsUnseen: true },
  },
  {
    fits: (headers) => headers['microsoftsharepointteamservices'] !== undefined,
    profile: { ...unknownFamily, name: 'sharepoint', untagged: everyWrite, honoursIfMatch: true },
  },
  { fits: server(/^nephele\b/i), profile: { ...proper, name: 'nephele' } },
  {
    // The `Server` header is no mark: Apache stands before many applications.
    fits: (headers) => /<http:\/\/apache\.org\/dav\/propset\/fs\/1>/.test(headers['dav'] ?? ''),
    profile: modDavFs,
  },
  {
    // A refresh echoes whatever token it is given; a tag with parentheses in it is not recognised.
    fits: server(/^lighttpd\b/i),
    profile: {
      ...proper,
      name: 'lighttpd',
      untagged: everyWrite,
      honoursIfMatch: undefined,
      refreshProves: false,
      listsLocks: true,
    },
  },
  {
    // A tag is compared without decoding it, so that it fits no name with a space. UNLOCK is always 204.
    fits: server(/^(?:nginx|openresty)\b/i),
    profile: {
      ...unknownFamily,
      name: 'nginx',
      untagged: ['PUT', 'DELETE', 'MKCOL'],
      honoursIfMatch: false,
      folderLocksHold: true,
    },
  },
  {
    fits: server(/^(?:rclone|hacdias)\b/i),
    profile: { ...proper, name: 'go', honoursIfMatch: false, listsLocks: false },
  },
];

export function familyOf(headers: Headers): Profile | undefined {
  return families.find(({ fits }) => fits(headers))?.profile;
}
