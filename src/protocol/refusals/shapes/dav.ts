import type { RefusedMember } from '../../../core/model/refusalInfo';
import { resolveHref } from '../../../core/model/resource';
import { namespaces } from '../../xml/names';
import type { ParsedRefusal, RefusalReading } from '../parsedRefusal';
import { codes, safeLine } from '../values';
import { readSentence } from '../words';
import { all, textOf, type XmlNode } from '../../xml/xmlTree';

/** DAV:error (RFC 4918 section 16): element names are conditions; sabre adds an exception, mod_dav a message. */
export function dav({ xml }: ParsedRefusal): RefusalReading | undefined {
  if (xml?.local !== 'error' || xml.namespace !== namespaces.dav) return undefined;
  const exception = textOf(xml, 'exception', namespaces.sabre);
  const reason = safeLine(
    textOf(xml, 'message', namespaces.sabre) ??
      textOf(xml, 'human-readable', namespaces.apache) ??
      textOf(xml, 'responsedescription', namespaces.dav),
  );
  return {
    shape: exception === undefined ? 'dav' : 'sabre',
    codes: codes(...conditionsIn(xml), exception && lastName(exception)),
    ...readSentence(reason),
    ...(reason !== undefined && { reason }),
  };
}

/** The refused members of a 207. A 424 (failed dependency) is never the cause. */
export function members({ xml, resource, status }: ParsedRefusal): RefusalReading | undefined {
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

/** PHP servers prefix the exception name with its namespace. */
function lastName(exception: string): string {
  return exception.split(/[^\w.-]/).at(-1) || exception;
}

function conditionsIn(error: XmlNode): string[] {
  const messageNamespaces: readonly string[] = [namespaces.sabre, namespaces.apache];
  return error.children
    .filter(({ namespace }) => !messageNamespaces.includes(namespace))
    .map(({ local }) => local);
}
