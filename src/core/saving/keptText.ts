import type { FailureKind } from '../model/failure';
import type { ResourceId } from '../model/resource';
import type { Version } from '../model/version';

/** One refused text on the disk, without the text itself. */
export interface KeptText {
  /** Random, made here: names the file, so nothing that a server says ever does. */
  readonly id: string;
  readonly resource: ResourceId;
  /** The workspace that it was typed in, and the window that kept it. */
  readonly workspaceKey: string;
  readonly window: string;
  /** When it was refused, Unix milliseconds. */
  readonly since: number;
  readonly why: FailureKind;
  readonly status?: number;
  /** Bytes of the text, and with its base. */
  readonly size: number;
  readonly storedBytes: number;
  /** What the text was made from. */
  readonly base?: { readonly version: Version; readonly certain: boolean };
  /** Whether the base's bytes are there too, and not only its version. */
  readonly baseKept: boolean;
  /** Set when nobody wants it saved any more; it is kept a while all the same. */
  readonly end?: KeptEnd;
}

export interface KeptEnd {
  readonly how: 'reverted' | 'closed' | 'restored';
  /** Unix milliseconds. */
  readonly at: number;
}

export interface KeptContent {
  readonly bytes: Uint8Array;
  readonly base?: Uint8Array;
}

/** Where texts outlive the window. Its methods reject with whatever the disk says. */
export interface JournalStore {
  list(): Promise<readonly KeptText[]>;
  /** Replaces a text of the same id, wholly or not at all. */
  write(text: KeptText, content: KeptContent): Promise<void>;
  read(text: KeptText): Promise<KeptContent | undefined>;
  mark(text: KeptText, end: KeptEnd): Promise<void>;
  remove(text: KeptText): Promise<void>;
}
