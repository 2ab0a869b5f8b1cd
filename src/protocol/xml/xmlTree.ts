import { beginning } from '../../core/model/plainLine';
import { parseXmlText, XmlError, type XmlAttributes, type XmlSink } from './xml';

/** An element of a small document. */
export interface XmlNode {
  readonly namespace: string;
  readonly local: string;
  /** How it is called by an attribute: `<entry key="LOCK_HANDLE">`. */
  readonly label?: string;
  /** Its own character data. */
  text: string;
  readonly children: XmlNode[];
}

const mostNodes = 2_000;
const mostText = 4_096;

/** The root element; undefined for what is not well-formed, or is no refusal by its size. */
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
    if ((this.#count += 1) > mostNodes) throw new XmlError('Too many elements.');
    const label = (attributes['key'] ?? attributes['name'] ?? attributes['id'])?.value;
    const node: XmlNode = { namespace, local, ...(label !== undefined && { label }), text: '', children: [] };
    const parent = this.#path.at(-1);
    if (parent) parent.children.push(node);
    else this.root ??= node;
    this.#path.push(node);
  }

  text(text: string): void {
    const node = this.#path.at(-1);
    if (node && node.text.length < mostText) node.text += beginning(text, mostText);
  }

  close(): void {
    this.#path.pop();
  }
}

/** Every element of that name, wherever it stands. */
export function all(node: XmlNode | undefined, local: string, namespace?: string): XmlNode[] {
  if (!node) return [];
  const here =
    node.local === local && (namespace === undefined || node.namespace === namespace) ? [node] : [];
  return [...here, ...node.children.flatMap((child) => all(child, local, namespace))];
}

/** The text of the first element of that name. */
export function textOf(node: XmlNode | undefined, local: string, namespace?: string): string | undefined {
  return all(node, local, namespace)[0]?.text.trim() || undefined;
}
