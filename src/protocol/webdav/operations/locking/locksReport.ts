import { RemoteFailure } from '../../../../core/model/failure';
import { type ResourceId, urlOf } from '../../../../core/model/resource';
import type { WebdavClient } from '../../client';
import { xmlType } from '../../headers';
import { charsetOf } from '../../reading/readDav';
import { refusal } from '../../refusal';
import type { ReportedHolder } from '../../reportedHolders';
import { namespaces } from '../../../xml/names';
import { locksReportBody } from '../../requestBodies';
import { tooLarge, XmlError, type XmlSink } from '../../../xml/xml';
import { parseXml } from '../../../xml/xmlStream';

export interface ReportedLock {
  /** From the root of the repository, not encoded. */
  readonly path: string;
  readonly token: string;
  readonly holder: ReportedHolder | undefined;
}

const maxLocks = 100_000;
const maxBytes = 64 * 1024 * 1024;
const maxText = 20 * 1024;

/** REPORT (RFC 3253 section 3.6) on all locks at and below the folder, in one answer. Rejects with a RemoteFailure. */
export async function locksReport(
  client: WebdavClient,
  folder: ResourceId,
): Promise<readonly ReportedLock[]> {
  const request = {
    method: 'REPORT',
    resource: folder,
    url: urlOf(folder, 'collection'),
    headers: { 'content-type': xmlType },
    body: locksReportBody,
    maxBytes,
  };
  const answer = await client.send(request);
  if (answer.status !== 200) throw await refusal(answer, request);
  const reader = new ReportReader();
  try {
    await parseXml(answer.chunks(), reader, charsetOf(answer.headers['content-type']));
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new RemoteFailure('badAnswer', { resource: folder, method: 'REPORT', status: 200, cause: error });
  }
  return reader.locks;
}

/** Reads `S:get-locks-report`: a flat list of `S:lock` with one text each of path, token, owner and date. */
class ReportReader implements XmlSink {
  readonly locks: ReportedLock[] = [];
  #depth = 0;
  #texts: Partial<Record<string, string>> = {};
  #field: string | undefined;

  open(namespace: string, local: string): void {
    this.#depth += 1;
    const isReports = namespace === namespaces.svn;
    if (this.#depth === 1 && !(isReports && local === 'get-locks-report'))
      throw new XmlError(`Not a report on locks: ${local}`);
    if (this.#depth === 2) this.#texts = {};
    this.#field = this.#depth === 3 && isReports ? local : undefined;
  }

  text(text: string): void {
    if (this.#field === undefined) return;
    const before = this.#texts[this.#field] ?? '';
    if (before.length + text.length <= maxText) this.#texts[this.#field] = before + text;
  }

  close(): void {
    this.#field = undefined;
    if (this.#depth === 2) this.#add();
    this.#depth -= 1;
  }

  #add(): void {
    const { path = '', token = '', owner = '', creationdate } = this.#texts;
    if (token === '') return;
    if (this.locks.length >= maxLocks) throw new XmlError('Too many locks.', { code: tooLarge });
    this.locks.push({
      path,
      token: token.trim(),
      holder: owner === '' ? undefined : { account: owner, since: creationdate },
    });
  }
}
