// Listings as Apache's mod_dav writes them, made once and sent often: what a client does with them is all that takes time.
import { startPlainServer, type PlainServer } from './plain';

const told = {
  resourcetype: () => '<lp1:resourcetype/>',
  creationdate: () => '<lp1:creationdate>2026-11-22T09:00:00Z</lp1:creationdate>',
  getcontentlength: (index: number) => `<lp1:getcontentlength>${100 + index}</lp1:getcontentlength>`,
  getlastmodified: () => '<lp1:getlastmodified>Sun, 22 Nov 2026 09:00:00 GMT</lp1:getlastmodified>',
  getetag: (index: number) => `<lp1:getetag>"${index.toString(16)}-62a1b2c3d4e5f"</lp1:getetag>`,
};

type Told = keyof typeof told;

const all = Object.keys(told) as Told[];

export interface Listed {
  readonly href: string;
  readonly index: number;
  readonly isLocked: boolean;
  /** Of the properties but the lock: what was asked for. */
  readonly asked?: readonly string[];
}

export function responseOf({ href, index, isLocked, asked = all }: Listed): string {
  const lock = isLocked
    ? '<D:activelock>\n<D:locktype><D:write/></D:locktype>\n<D:lockscope><D:exclusive/></D:lockscope>\n' +
      '<D:depth>0</D:depth>\n<ns0:owner xmlns:ns0="DAV:">Bob Example (VS Code)</ns0:owner>' +
      '<D:timeout>Second-3600</D:timeout>\n<D:locktoken>\n' +
      `<D:href>opaquelocktoken:6f6a9e5e-1234-4f4c-8000-${String(index).padStart(12, '0')}</D:href>\n` +
      '</D:locktoken>\n</D:activelock>\n'
    : '';
  const discovery = lock === '' ? '<D:lockdiscovery/>' : `<D:lockdiscovery>\n${lock}</D:lockdiscovery>`;
  const props = all.filter((name) => asked.includes(name)).map((name) => told[name](index));
  return (
    '<D:response xmlns:lp1="DAV:" xmlns:lp2="http://apache.org/dav/props/">\n' +
    `<D:href>${href}</D:href>\n<D:propstat>\n<D:prop>\n${[...props, discovery].join('\n')}\n` +
    '</D:prop>\n<D:status>HTTP/1.1 200 OK</D:status>\n</D:propstat>\n</D:response>\n'
  );
}

/** The answer to a PROPFIND of Depth 1, in pieces: the folder itself and its members. */
export function listingOf(folder: string, members: readonly string[]): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:" xmlns:ns0="DAV:">\n' +
    `<D:response xmlns:lp1="DAV:">\n<D:href>${folder}</D:href>\n<D:propstat>\n<D:prop>\n` +
    '<lp1:resourcetype><D:collection/></lp1:resourcetype>\n</D:prop>\n' +
    '<D:status>HTTP/1.1 200 OK</D:status>\n</D:propstat>\n</D:response>\n' +
    `${members.join('')}</D:multistatus>\n`
  );
}

/** A folder of so many files, of which every so-manieth is locked. */
export function renderedFolder(entries: number, lockedEvery = 1): string {
  const responses = Array.from({ length: entries }, (_, index) =>
    responseOf({ href: `/file%20${index}.txt`, index, isLocked: index % lockedEvery === 0 }),
  );
  return listingOf('/', responses);
}

export async function startRendered(entries: number, lockedEvery = 1): Promise<PlainServer> {
  const body = Buffer.from(renderedFolder(entries, lockedEvery));
  const headers = { 'Content-Type': 'text/xml; charset="utf-8"', 'Content-Length': String(body.length) };
  return startPlainServer((_, reply) => reply.send(207, headers, body));
}
