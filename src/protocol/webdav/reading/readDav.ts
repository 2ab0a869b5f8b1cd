import { RemoteFailure } from '../../../core/model/failure';
import type { HttpAnswer, HttpRequest } from '../../transport/http';
import { MultistatusReader } from './multistatusReader';
import type { RawResponse } from './raw';
import { tooLarge, XmlError } from '../../xml/xml';
import { parseXml } from '../../xml/xmlStream';

/** Maximum number of responses in one listing. */
const membersCap = 200_000;

/**
 * Reports each response of a multistatus, or the single `prop` of a LOCK response, as the body arrives. The body is
 * known to be complete only when the promise resolves. Rejects with `badAnswer` if it is not.
 */
export async function readDav(
  answer: HttpAnswer,
  request: Pick<HttpRequest, 'method' | 'resource'>,
  onResponse: (response: RawResponse) => void,
): Promise<Pick<MultistatusReader, 'family'>> {
  let count = 0;
  const reader = new MultistatusReader((response) => {
    if (++count > membersCap) throw new XmlError('Too many members.', { code: tooLarge });
    onResponse(response);
  });
  try {
    await parseXml(answer.chunks(), reader, charsetOf(answer.headers['content-type']));
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const { method, resource } = request;
    const { code } = error;
    const facts = { resource, method, status: answer.status, cause: error };
    throw new RemoteFailure('badAnswer', code === undefined ? facts : { ...facts, code });
  }
  return { family: reader.family };
}

export function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1];
}
