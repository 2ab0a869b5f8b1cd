export const namespaces = {
  dav: 'DAV:',
  nextcloud: 'http://nextcloud.org/ns',
  owncloud: 'http://owncloud.org/ns',
  sabre: 'http://sabredav.org/ns',
  /** Human-readable messages in DAV:error by mod_dav, also by Subversion. */
  apache: 'http://apache.org/dav/xmlns',
  modDavFs: 'http://apache.org/dav/props/',
  /** Reports of Subversion, and its properties. */
  svn: 'svn:',
  svnDav: 'http://subversion.tigris.org/xmlns/dav/',
  lighttpd: 'urn:uuid:c2f41010-65b3-11d1-a29f-00aa00c14882/',
} as const;

/** Lock properties of Nextcloud's files_lock app: the only ones in which the server itself asserts the holder. */
export const nextcloudLockProps = [
  'lock',
  'lock-owner',
  'lock-owner-type',
  'lock-owner-displayname',
  'lock-owner-editor',
  'lock-time',
  'lock-timeout',
] as const;

export type NextcloudLockProp = (typeof nextcloudLockProps)[number];
