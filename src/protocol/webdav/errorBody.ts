import { beginning } from '../../core/model/plainLine';
import { safeLine } from '../refusals/values';
import { refusalText } from '../refusals/excerpt';
import { parseBody } from '../refusals/parsedRefusal';
import { pageText } from '../refusals/words';
import { namespaces } from '../xml/names';
import { parseXmlText, XmlError, type XmlSink } from '../xml/xml';

/** Maximum number of bytes of a refusal's body that are read. */
export const errorBodyBytes = 64 * 1024;
const textLimit = 500;
const textCap = 4096;

export interface ErrorBody {
  /** Local name of the first condition element (RFC 4918 section 16). */
  readonly condition?: string;
  /** The hrefs in the condition. For a lock condition these are the lock roots. */
  readonly hrefs: readonly string[];
  /** The exception name of a PHP server without its namespace, such as `FileLocked`. */
  readonly code?: string;
  /** The server's message as one line of plain text, without lock tokens and other secrets. */
  readonly text?: string;
}

const conditions = [
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

/**
 * Reads a refusal's body as XML, JSON, HTML or text, regardless of its Content-Type. Never throws: an unreadable
 * body yields an empty result.
 */
export function readErrorBody(body: string): ErrorBody {
  const text = body.trim();
  if (text === '') return { hrefs: [] };
  if (text.startsWith('{') || text.startsWith('[')) return { hrefs: [], ...withText(jsonMessage(text)) };
  const isMarkup = text.startsWith('<');
  if (!isMarkup) return { hrefs: [], ...withText(text) };
  return xmlError(text) ?? looseError(text) ?? { hrefs: [], ...withText(refusalText(parseBody(text))) };
}

function withText(message: string | undefined): { text?: string } {
  const text = safeLine(message, textLimit);
  return text === undefined ? {} : { text };
}

/** Reads a well-formed DAV:error. */
function xmlError(body: string): ErrorBody | undefined {
  const reader = new ErrorReader();
  try {
    parseXmlText(body, reader);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
  if (!reader.isError) return undefined;
  const { condition, hrefs, exception, message } = reader;
  // No regular expression anchored at the end: it takes seconds for a long name.
  const code = exception.split(/\W/).at(-1);
  return {
    ...(condition ? { condition } : {}),
    ...(code ? { code } : {}),
    hrefs,
    ...withText(message || exception),
  };
}

/** Reads a DAV:error that is not well-formed: one server uses prefixes that it never declares. */
function looseError(body: string): ErrorBody | undefined {
  if (!/^(?:<\?xml[^>]*>\s*)?<(?:[\w.-]+:)?error\b/.test(body)) return undefined;
  const condition = conditions.find((name) => new RegExp(`<(?:[\\w.-]+:)?${name}\\b`).test(body));
  const hrefs = [...body.matchAll(/<(?:[\w.-]+:)?href>([^<]*)</g)].map((match) => (match[1] ?? '').trim());
  return { ...(condition ? { condition } : {}), hrefs, ...withText(pageText(body)) };
}

/** The message of RFC 9457 problem details or similar JSON. Stack traces and codes are not meant for users. */
function jsonMessage(body: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return messageIn(json, 0);
}

function messageIn(json: unknown, depth: number): string | undefined {
  if (typeof json !== 'object' || json === null || depth > 4) return undefined;
  const entries = Object.entries(json);
  for (const key of ['detail', 'message', 'errormessage', 'error_description', 'title']) {
    const found = entries.find(([name, value]) => name.toLowerCase() === key && typeof value === 'string');
    if (found) return found[1] as string;
  }
  for (const key of ['error', 'ocs', 'meta', 'data', 'innererror']) {
    const inner = entries.find(([name]) => name.toLowerCase() === key)?.[1] as unknown;
    const text = typeof inner === 'string' ? inner : messageIn(inner, depth + 1);
    if (text) return text;
  }
  return undefined;
}

class ErrorReader implements XmlSink {
  isError = false;
  condition: string | undefined;
  exception = '';
  message = '';
  readonly hrefs: string[] = [];
  readonly #path: string[] = [];
  #text = '';

  open(namespace: string, local: string): void {
    if (this.#path.length === 0) this.isError = namespace === namespaces.dav && local === 'error';
    const isText = namespace === namespaces.dav && local === 'responsedescription';
    const isCondition = !isText && namespace !== namespaces.sabre && namespace !== namespaces.apache;
    if (this.#path.length === 1 && isCondition) this.condition ??= local;
    this.#path.push(`${namespace} ${local}`);
    this.#text = '';
  }

  text(text: string): void {
    if (this.#text.length < textCap) this.#text += beginning(text, textCap);
  }

  close(): void {
    const name = this.#path.pop();
    const text = this.#text.trim();
    if (name === `${namespaces.dav} href`) this.hrefs.push(text);
    if (name === `${namespaces.sabre} exception`) this.exception = text;
    if (name === `${namespaces.sabre} message`) this.message = text;
    if (name === `${namespaces.apache} human-readable`) this.message ||= text;
    if (name === `${namespaces.dav} responsedescription`) this.message ||= text;
    this.#text = '';
  }
}
