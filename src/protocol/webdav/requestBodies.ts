// The XML that is sent.
import { namespaces, nextcloudLockProps } from '../xml/names';

const briefProps = ['resourcetype', 'getetag', 'lockdiscovery'];
const entryProps = [...briefProps, 'getcontentlength', 'getlastmodified', 'creationdate'];

export interface RequestedProps {
  /** Only resource type, entity tag, and locks. */
  readonly brief?: boolean;
  /** Also request supportedlock. */
  readonly supportedLock?: boolean;
  readonly nextcloud?: boolean;
}

/** Body of a PROPFIND. Names every property: allprop need not include lockdiscovery (RFC 4918 section 9.1). */
export function propfindBody(asked: RequestedProps = {}): string {
  const props = asked.brief ? briefProps : entryProps;
  const names = asked.supportedLock ? [...props, 'supportedlock'] : props;
  const dav = names.map((name) => `<D:${name}/>`).join('');
  const nextcloud = asked.nextcloud ? nextcloudLockProps.map((name) => `<nc:${name}/>`).join('') : '';
  const declared = asked.nextcloud ? ` xmlns:nc="${namespaces.nextcloud}"` : '';
  return `${declaration}<D:propfind xmlns:D="DAV:"${declared}><D:prop>${dav}${nextcloud}</D:prop></D:propfind>`;
}

/** Body of a LOCK request for an exclusive write lock (RFC 4918 section 9.10.1). */
export function lockBody(owner: string): string {
  return (
    `${declaration}<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope>` +
    `<D:locktype><D:write/></D:locktype><D:owner>${escaped(owner)}</D:owner></D:lockinfo>`
  );
}

/** Body of a REPORT on all locks at and below a resource, as Subversion's own client sends it. */
export const locksReportBody = `<S:get-locks-report xmlns:S="${namespaces.svn}" depth="infinity"/>`;

const declaration = '<?xml version="1.0" encoding="utf-8"?>\n';

function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
