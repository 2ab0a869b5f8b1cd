import { parsedJson } from '../../base/untrusted';
import { isSecretName, redacted } from '../../core/model/redaction';
import { plainLine } from '../../core/model/plainLine';
import { pageText } from './pageText';
import type { ParsedBody } from './parsedRefusal';
import type { XmlNode } from '../xml/xmlTree';

const excerptChars = 600;
/** Maximum number of characters that are read: many times what is shown. */
const maxTextLength = 8 * 1024;
const maxDepth = 12;
const maxMembers = 100;

/** The start of a refusal as evidence: one line of plain text without secrets. */
export function excerptOf(refused: ParsedBody, secretFields?: ReadonlySet<string>): string {
  const { data } = refused;
  const shown =
    secretFields && data !== undefined ? { ...refused, data: withoutFields(data, secretFields, 0) } : refused;
  return plainLine(refusalText(shown), excerptChars);
}

function withoutFields(value: unknown, names: ReadonlySet<string>, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return '…';
  if (Array.isArray(value)) return value.map((inner) => withoutFields(inner, names, depth + 1));
  const kept = Object.entries(value as Record<string, unknown>).filter(([key]) => !names.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutFields(inner, names, depth + 1)]));
}

/**
 * The text of a refusal without secrets. In well-formed JSON and XML, fields with a secret's name are left out
 * entirely; in any other text, secrets are recognized by pattern.
 */
export function refusalText({ body, data, xml }: ParsedBody): string {
  if (data !== undefined) return JSON.stringify(redactedJson(data, 0));
  // Joined with tabs, as table cells are: a name and its value may be separate elements.
  if (xml) return redacted(xmlTexts(xml).join('\t').slice(0, maxTextLength));
  return redacted(body.startsWith('<') ? pageText(body) : body.slice(0, maxTextLength));
}

function xmlTexts(node: XmlNode): string[] {
  if (isSecretName(node.local) || (node.label !== undefined && isSecretName(node.label))) return [];
  const text = node.text.trim();
  return [...(text === '' ? [] : [text]), ...node.children.flatMap(xmlTexts)];
}

function redactedJson(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactedString(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return '…';
  if (Array.isArray(value)) return redactedList(value, depth);
  const entries = Object.entries(value as Record<string, unknown>).slice(0, maxMembers);
  // `{ "name": "Cookie", "value": "…" }`
  const isPair = entries.some(([key, name]) => /^(?:name|key|header)$/i.test(key) && isSecret(name));
  return Object.fromEntries(
    entries
      .filter(([key]) => !isSecretName(key) && (!isPair || !/value/i.test(key)))
      .map(([key, inner]) => [redacted(key), redactedJson(inner, depth + 1)]),
  );
}

/** Leaves out the item after a secret's name: some servers list headers as alternating names and values. */
function redactedList(list: readonly unknown[], depth: number): unknown[] {
  return list
    .slice(0, maxMembers)
    .filter((_, index) => !isSecret(list[index - 1]))
    .map((inner) => redactedJson(inner, depth + 1));
}

function isSecret(name: unknown): boolean {
  return typeof name === 'string' && name.length < 80 && isSecretName(name);
}

/** A string may itself contain JSON, as logged data often does. */
function redactedString(text: string, depth: number): unknown {
  const inner = depth < maxDepth && /^\s*[[{]/.test(text) ? parsedJson(text) : undefined;
  return inner === undefined ? redacted(text.slice(0, maxTextLength)) : redactedJson(inner, depth + 1);
}
