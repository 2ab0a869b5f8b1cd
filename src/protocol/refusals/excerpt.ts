import { isSecretName, redacted } from '../../core/model/redaction';
import { plainLine } from '../../core/model/plainLine';
import { parsedJson } from './keys';
import type { OpenBody } from './refused';
import { pageText } from './pageText';
import type { XmlNode } from '../xml/xmlTree';

const excerptChars = 600;
/** What is read of a text: many times what is shown. */
const mostRead = 8 * 1024;
const mostDepth = 12;
const mostMembers = 100;

/** The beginning of a refusal as evidence: one plain line, washed. */
export function excerptOf(refused: OpenBody): string {
  return plainLine(allWords(refused), excerptChars);
}

/**
 * What a refusal says as text. What is well-formed is taken apart, and what is called a secret in it left out whole; in
 * all other text secrets are found by their looks.
 */
export function allWords({ body, data, xml }: OpenBody): string {
  if (data !== undefined) return JSON.stringify(openJson(data, 0));
  // A tab, as between the cells of a table: a name and its value may be elements of their own.
  if (xml) return redacted(openXml(xml).join('\t').slice(0, mostRead));
  return redacted(body.startsWith('<') ? pageText(body) : body.slice(0, mostRead));
}

function openXml(node: XmlNode): string[] {
  if (isSecretName(node.local) || (node.label !== undefined && isSecretName(node.label))) return [];
  const text = node.text.trim();
  return [...(text === '' ? [] : [text]), ...node.children.flatMap(openXml)];
}

function openJson(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return openString(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > mostDepth) return '…';
  if (Array.isArray(value)) return openList(value, depth);
  const entries = Object.entries(value as Record<string, unknown>).slice(0, mostMembers);
  // `{ "name": "Cookie", "value": "…" }`
  const isPair = entries.some(([key, name]) => /^(?:name|key|header)$/i.test(key) && isSecret(name));
  return Object.fromEntries(
    entries
      .filter(([key]) => !isSecretName(key) && (!isPair || !/value/i.test(key)))
      .map(([key, inner]) => [redacted(key), openJson(inner, depth + 1)]),
  );
}

/** Without what follows a secret's name: some list headers so, name and value in turn. */
function openList(list: readonly unknown[], depth: number): unknown[] {
  return list
    .slice(0, mostMembers)
    .filter((_, index) => !isSecret(list[index - 1]))
    .map((inner) => openJson(inner, depth + 1));
}

function isSecret(name: unknown): boolean {
  return typeof name === 'string' && name.length < 80 && isSecretName(name);
}

/** What was logged is often JSON in a string. */
function openString(text: string, depth: number): unknown {
  const inner = depth < mostDepth && /^\s*[[{]/.test(text) ? parsedJson(text) : undefined;
  return inner === undefined ? redacted(text.slice(0, mostRead)) : openJson(inner, depth + 1);
}
