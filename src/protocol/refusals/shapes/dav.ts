import type { RefusedMember } from '../../../core/model/refusalInfo';
import { resolveHref } from '../../../core/model/resource';
import { namespaces } from '../../xml/names';
import type { Opened, RefusalReading } from '../refused';
import { codes, line } from '../values';
import { sentence } from '../words';
import { all, textOf, type XmlNode } from '../../xml/xmlTree';

/** DAV:error (RFC 4918 section 16): the names of its elements are the conditions; sabre adds its exception, mod_dav its words. */
export function dav({ xml }: Opened): RefusalReading | undefined {
  if (xml?.local !== 'error' || xml.namespace !== namespaces.dav) return undefined;
  const exception = textOf(xml, 'exception', namespaces.sabre);
  const reason = line(
    textOf(xml, 'message', namespaces.sabre) ??
      textOf(xml, 'human-readable', namespaces.apache) ??
      textOf(xml, 'responsedescription', namespaces.dav),
  );
  return {
    shape: exception === undefined ? 'dav' : 'sabre',
    codes: codes(...conditionsIn(xml), exception && lastName(exception)),
    ...sentence(reason),
    ...(reason !== undefined && { reason }),
  };
}

/** A refusal inside a 207: per member, and 424 is never the cause. */
export function members({ xml, resource, status }: Opened): RefusalReading | undefined {
  if (status !== 207 || xml?.local !== 'multistatus') return undefined;
  const refused: RefusedMember[] = [];
  for (const response of all(xml, 'response', namespaces.dav)) {
    const at = resolveHref(resource, textOf(response, 'href', namespaces.dav) ?? '') ?? resource;
    const statuses = all(response, 'status', namespaces.dav).map(({ text }) =>
      Number(/\s(\d{3})\b/.exec(text)?.[1] ?? 0),
    );
    const bad = statuses.filter((one) => one >= 400);
    const [worst] = [...bad.filter((one) => one !== 424), ...bad];
    if (worst !== undefined) refused.push({ resource: at, status: worst });
  }
  if (refused.length === 0) return undefined;
  const conditions = all(xml, 'error', namespaces.dav).flatMap(conditionsIn);
  return { shape: 'dav', codes: codes(...conditions), members: refused.slice(0, 50) };
}

/** The exception of a PHP server comes with its namespace. */
function lastName(exception: string): string {
  return exception.split(/[^\w.-]/).at(-1) || exception;
}

function conditionsIn(error: XmlNode): string[] {
  const words: readonly string[] = [namespaces.sabre, namespaces.apache];
  return error.children.filter(({ namespace }) => !words.includes(namespace)).map(({ local }) => local);
}
