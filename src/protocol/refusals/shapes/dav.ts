import type { RefusedMember } from '../../../core/model/refusalInfo';
import { resolveHref, type ResourceId } from '../../../core/model/resource';
import { namespaces } from '../../xml/names';
import type { ParsedRefusal, RefusalReading } from '../parsedRefusal';
import { codes, safeLine } from '../values';
import { pageText } from '../pageText';
import { readSentence } from '../words';
import { all, textOf, type XmlNode } from '../../xml/xmlTree';

/** DAV:error (RFC 4918 section 16): element names are conditions; sabre adds an exception, mod_dav a message. */
export function dav({ xml, resource }: ParsedRefusal): RefusalReading | undefined {
  if (xml?.local !== 'error' || xml.namespace !== namespaces.dav) return undefined;
  const exception = textOf(xml, 'exception', namespaces.sabre);
  const reason = safeLine(
    textOf(xml, 'message', namespaces.sabre) ??
      textOf(xml, 'human-readable', namespaces.apache) ??
      textOf(xml, 'responsedescription', namespaces.dav),
  );
  const conditions = conditionsIn(xml);
  return {
    shape: exception === undefined ? 'dav' : 'sabre',
    codes: codes(...conditions, exception && lastName(exception)),
    ...named(resource, conditions[0], hrefsIn(xml)),
    ...readSentence(reason),
    ...(reason !== undefined && { reason }),
  };
}

const knownConditions = [
  'lock-token-submitted',
  'no-conflicting-lock',
  'lock-token-matches-request-uri',
  'need-privileges',
  'cannot-modify-version-controlled-content',
  'cannot-modify-protected-property',
  'propfind-finite-depth',
  'quota-not-exceeded',
  'sufficient-disk-space',
];

/** A DAV:error that is not well-formed: one server uses prefixes that it never declares. */
export function looseDav({ xml, body, resource }: ParsedRefusal): RefusalReading | undefined {
  if (xml || !/^(?:<\?xml[^>]*>\s*)?<(?:[\w.-]+:)?error\b/.test(body)) return undefined;
  const condition = knownConditions.find((name) => new RegExp(`<(?:[\\w.-]+:)?${name}\\b`).test(body));
  const hrefs = [...body.matchAll(/<(?:[\w.-]+:)?href>([^<]*)</g)].map((match) => (match[1] ?? '').trim());
  const reason = safeLine(pageText(body));
  return {
    shape: 'dav',
    codes: codes(condition),
    ...named(resource, condition, hrefs),
    ...readSentence(reason),
    ...(reason !== undefined && { reason }),
  };
}

/** The precondition with the resources that it names. */
function named(
  about: ResourceId,
  name: string | undefined,
  hrefs: readonly string[],
): Pick<RefusalReading, 'condition' | 'roots'> {
  const [condition] = codes(name);
  // sabre writes the conflicting lock root without a leading slash. It can't be resolved and is skipped.
  const roots = hrefs.map((href) => resolveHref(about, href)).filter((root) => root !== undefined);
  return { ...(condition !== undefined && { condition }), ...(roots.length > 0 && { roots }) };
}

function hrefsIn(error: XmlNode): string[] {
  return all(error, 'href', namespaces.dav).map(({ text }) => text.trim());
}

/** The refused members of a 207. A 424 (failed dependency) is never the cause. */
export function members({ xml, resource }: ParsedRefusal): RefusalReading | undefined {
  if (xml?.local !== 'multistatus') return undefined;
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
  const errors = all(xml, 'error', namespaces.dav);
  const conditions = errors.flatMap(conditionsIn);
  return {
    shape: 'dav',
    codes: codes(...conditions),
    ...named(resource, conditions[0], errors.flatMap(hrefsIn)),
    members: refused.slice(0, 50),
  };
}

/** PHP servers prefix the exception name with its namespace. */
function lastName(exception: string): string {
  return exception.split(/[^\w.-]/).at(-1) || exception;
}

function conditionsIn(error: XmlNode): string[] {
  const messageNamespaces: readonly string[] = [namespaces.sabre, namespaces.apache];
  return error.children
    .filter(
      ({ namespace, local }) =>
        !messageNamespaces.includes(namespace) &&
        !(namespace === namespaces.dav && local === 'responsedescription'),
    )
    .map(({ local }) => local);
}
