import { beginning } from '../../core/model/plainLine';
import { line } from '../refusals/values';
import { allWords } from '../refusals/excerpt';
import { openBody } from '../refusals/refused';
import { pageText } from '../refusals/pageText';
import { namespaces } from '../xml/names';
import { parseXmlText, XmlError, type XmlSink } from '../xml/xml';

/** Most bytes of a refusal that are worth reading. */
export const errorBodyBytes = 64 * 1024;
const textLimit = 500;
const textCap = 4096;

/** What the body of a refusal says. */
export interface ErrorBody {
  /** Local name of the first condition element (RFC 4918 section 16). */
  readonly condition?: string;
  /** The hrefs in it: for a lock condition the lock roots. */
  readonly hrefs: readonly string[];
  /** The exception that a PHP server names, without its namespace: `FileLocked`. */
  readonly code?: string;
  /** The server's own words as one line of plain text, without lock tokens and other secrets. */
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
 * Reads a refusal's body for what it is worth: XML, JSON, HTML or text, whatever its Content-Type says. Never throws:
 * a body that cannot be read says nothing.
 */
export function readErrorBody(body: string): ErrorBody {
  const text = body.trim();
  if (text === '') return { hrefs: [] };
  if (text.startsWith('{') || text.startsWith('[')) return { hrefs: [], ...worded(jsonWords(text)) };
  const isMarkup = text.startsWith('<');
  if (!isMarkup) return { hrefs: [], ...worded(text) };
  return xmlError(text) ?? looseError(text) ?? { hrefs: [], ...worded(allWords(openBody(text))) };
}

function worded(words: string | undefined): { text?: string } {
  const text = line(words, textLimit);
  return text === undefined ? {} : { text };
}

/** A well-formed DAV:error. */
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
  // Not by a pattern for the end: that one takes seconds for a long name.
  const code = exception.split(/\W/).at(-1);
  return {
    ...(condition ? { condition } : {}),
    ...(code ? { code } : {}),
    hrefs,
    ...worded(message || exception),
  };
}

/** DAV:error that is not well-formed, as one server writes it: prefixes that were never declared. */
function looseError(body: string): ErrorBody | undefined {
  if (!/^(?:<\?xml[^>]*>\s*)?<(?:[\w.-]+:)?error\b/.test(body)) return undefined;
  const condition = conditions.find((name) => new RegExp(`<(?:[\\w.-]+:)?${name}\\b`).test(body));
  const hrefs = [...body.matchAll(/<(?:[\w.-]+:)?href>([^<]*)</g)].map((match) => (match[1] ?? '').trim());
  return { ...(condition ? { condition } : {}), hrefs, ...worded(pageText(body)) };
}

/** RFC 9457 problem details and what applications write in its stead. Stacks and codes are nobody's reading. */
function jsonWords(body: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return words(json, 0);
}

function words(json: unknown, depth: number): string | undefined {
  if (typeof json !== 'object' || json === null || depth > 4) return undefined;
  const entries = Object.entries(json);
  for (const key of ['detail', 'message', 'errormessage', 'error_description', 'title']) {
    const found = entries.find(([name, value]) => name.toLowerCase() === key && typeof value === 'string');
    if (found) return found[1] as string;
  }
  for (const key of ['error', 'ocs', 'meta', 'data', 'innererror']) {
    const inner = entries.find(([name]) => name.toLowerCase() === key)?.[1] as unknown;
    const text = typeof inner === 'string' ? inner : words(inner, depth + 1);
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
    const isCondition = namespace !== namespaces.sabre && namespace !== namespaces.apache;
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
