import { beginning } from '../../core/model/plainLine';
import { parseXmlText, XmlError, type XmlAttributes, type XmlSink } from './xml';

export interface XmlNode {
  readonly namespace: string;
  readonly local: string;
  /** Its `key`, `name` or `id` attribute, as in `<entry key="LOCK_HANDLE">`. */
  readonly label?: string;
  /** Its character data, without that of its children. */
  text: string;
  readonly children: XmlNode[];
}

const maxNodes = 2_000;
const maxText = 4_096;

/** The root element. Undefined if the body is not well-formed or too large for a refusal. */
export function parseTree(body: string): XmlNode | undefined {
  const tree = new Tree();
  try {
    parseXmlText(body, tree);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
  return tree.root;
}

class Tree implements XmlSink {
  root: XmlNode | undefined;
  readonly #path: XmlNode[] = [];
  #count = 0;

  open(namespace: string, local: string, attributes: XmlAttributes = {}): void {
    if ((this.#count += 1) > maxNodes) throw new XmlError('Too many elements.');
    const label = (attributes['key'] ?? attributes['name'] ?? attributes['id'])?.value;
    const node: XmlNode = { namespace, local, ...(label !== undefined && { label }), text: '', children: [] };
    const parent = this.#path.at(-1);
    if (parent) parent.children.push(node);
    else this.root ??= node;
    this.#path.push(node);
  }

  text(text: string): void {
    const node = this.#path.at(-1);
    if (node && node.text.length < maxText) node.text += beginning(text, maxText);
  }

  close(): void {
    this.#path.pop();
  }
}

/** All elements with this name, at any depth. */
export function all(node: XmlNode | undefined, local: string, namespace?: string): XmlNode[] {
  if (!node) return [];
  const here =
    node.local === local && (namespace === undefined || node.namespace === namespace) ? [node] : [];
  return [...here, ...node.children.flatMap((child) => all(child, local, namespace))];
}

/** The text of the first element with this name. */
export function textOf(node: XmlNode | undefined, local: string, namespace?: string): string | undefined {
  return all(node, local, namespace)[0]?.text.trim() || undefined;
}
