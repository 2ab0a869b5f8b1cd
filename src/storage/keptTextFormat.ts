import { asObject, parsedJson } from '../base/untrusted';
import type { KeptContent, KeptText } from '../core/saving/journalStore';

// A title line, a line of JSON, then the raw text and its base: readable without the extension.
const title = 'Lock Status: a text that could not be saved\n';

/** Maximum length of the title and the JSON line. */
export const headBytes = 64 * 1024;

const toBytes = new TextEncoder();
const toText = new TextDecoder();
const newline = 10;

export function encodeKept(text: KeptText, { bytes, base }: KeptContent): Uint8Array {
  const head = toBytes.encode(`${title}${JSON.stringify(toStored({ ...text, size: bytes.length }))}\n`);
  if (head.length > headBytes) throw new RangeError('The address of the text is too long to keep.');
  const file = new Uint8Array(head.length + bytes.length + (base?.length ?? 0));
  file.set(head);
  file.set(bytes, head.length);
  if (base) file.set(base, head.length + bytes.length);
  return file;
}

/** Undefined for a file that is not ours or is damaged. */
export function decodeHead(file: Uint8Array): KeptText | undefined {
  return split(file)?.text;
}

export function decodeKept(file: Uint8Array): KeptContent | undefined {
  const found = split(file);
  if (!found) return undefined;
  const { text, from } = found;
  const { size, storedBytes } = text;
  if (file.length < from + storedBytes) return undefined;
  const bytes = file.slice(from, from + size);
  return text.baseKept ? { bytes, base: file.slice(from + size, from + storedBytes) } : { bytes };
}

function split(file: Uint8Array): { text: KeptText; from: number } | undefined {
  const first = toBytes.encode(title);
  if (file.length < first.length || first.some((byte, index) => file[index] !== byte)) return undefined;
  const end = file.indexOf(newline, first.length);
  if (end < 0) return undefined;
  const text = readText(toText.decode(file.subarray(first.length, end)));
  return text && { text, from: end + 1 };
}

/** The stored head. `place` and `room` are version 0.1.0's field names, so that its files stay readable. */
type StoredText = Omit<KeptText, 'workspaceKey' | 'storedBytes'> & {
  readonly place: string;
  readonly room: number;
};

function toStored({ workspaceKey, storedBytes, ...text }: KeptText): StoredText {
  return { ...text, place: workspaceKey, room: storedBytes };
}

function readText(line: string): KeptText | undefined {
  const value = asObject(parsedJson(line)) as Partial<StoredText> | undefined;
  const isOurs =
    typeof value?.id === 'string' &&
    typeof value.resource === 'string' &&
    typeof value.since === 'number' &&
    typeof value.why === 'string' &&
    typeof value.size === 'number' &&
    typeof value.room === 'number';
  if (!isOurs) return undefined;
  const { place, room, ...text } = { window: '', ...value } as StoredText;
  return { ...text, workspaceKey: place, storedBytes: room };
}
