import { parseTemplate } from 'url-template';
import type { VariableName } from '../../core/model/endpoint';

export type Variables = Readonly<Partial<Record<VariableName, string>>>;

/**
 * Expands a URI Template (RFC 6570). An address at its beginning stays as it is; anywhere else, `{url}` is encoded like
 * any other value.
 */
export function expandAddress(template: string, variables: Variables): string {
  return parseTemplate(template.replace(/^\{(?=(?:url|base)\})/, '{+')).expand(variables);
}

/** Replaces the variables in a text; those without a value become empty. */
export function expandText(text: string, variables: Variables): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => variables[name as VariableName] ?? '');
}

/** Replaces the variables in all texts of a JSON value. What is nothing but `{seconds}` becomes a number. */
export function expandJson(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string')
    return value === '{seconds}' ? Number(variables.seconds) : expandText(value, variables);
  if (Array.isArray(value)) return value.map((item) => expandJson(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expandJson(inner, variables)]));
}
