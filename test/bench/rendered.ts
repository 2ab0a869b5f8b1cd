// A listing that is written once and sent often: what a client does with it is all that takes time.
import { startPlainServer, type PlainServer } from '../support/servers/plain';

/** As Apache's mod_dav writes it. */
function responseOf(index: number, lockedEvery: number): string {
  const lock =
    index % lockedEvery === 0
      ? '<D:activelock>\n<D:locktype><D:write/></D:locktype>\n<D:lockscope><D:exclusive/></D:lockscope>\n' +
        '<D:depth>0</D:depth>\n<ns0:owner xmlns:ns0="DAV:">Bob Example (VS Code)</ns0:owner>' +
        '<D:timeout>Second-3600</D:timeout>\n<D:locktoken>\n' +
        `<D:href>opaquelocktoken:6f6a9e5e-1234-4f4c-8000-${String(index).padStart(12, '0')}</D:href>\n` +
        '</D:locktoken>\n</D:activelock>\n'
      : '';
  const discovery = lock === '' ? '<D:lockdiscovery/>' : `<D:lockdiscovery>\n${lock}</D:lockdiscovery>`;
  return (
    '<D:response xmlns:lp1="DAV:" xmlns:lp2="http://apache.org/dav/props/">\n' +
    `<D:href>/file%20${index}.txt</D:href>\n<D:propstat>\n<D:prop>\n` +
    '<lp1:resourcetype/><lp1:creationdate>2026-11-22T09:00:00Z</lp1:creationdate>\n' +
    `<lp1:getcontentlength>${100 + index}</lp1:getcontentlength>\n` +
    '<lp1:getlastmodified>Sun, 22 Nov 2026 09:00:00 GMT</lp1:getlastmodified>\n' +
    `<lp1:getetag>"${index.toString(16)}-62a1b2c3d4e5f"</lp1:getetag>\n${discovery}\n` +
    '</D:prop>\n<D:status>HTTP/1.1 200 OK</D:status>\n</D:propstat>\n</D:response>\n'
  );
}

const root =
  '<D:response xmlns:lp1="DAV:">\n<D:href>/</D:href>\n<D:propstat>\n<D:prop>\n' +
  '<lp1:resourcetype><D:collection/></lp1:resourcetype>\n</D:prop>\n' +
  '<D:status>HTTP/1.1 200 OK</D:status>\n</D:propstat>\n</D:response>\n';

export async function startRendered(entries: number, lockedEvery = 1): Promise<PlainServer> {
  const responses = Array.from({ length: entries }, (_, index) => responseOf(index, lockedEvery));
  const body = Buffer.from(
    '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:" xmlns:ns0="DAV:">\n' +
      `${root}${responses.join('')}</D:multistatus>\n`,
  );
  const headers = { 'Content-Type': 'text/xml; charset="utf-8"', 'Content-Length': String(body.length) };
  return startPlainServer((_, reply) => reply.send(207, headers, body));
}
