import type { FailureKind } from '../model/failure';
import type { ResourceId } from '../model/resource';
import type { Version } from '../model/version';

/** The metadata of one refused text on disk. */
export interface KeptText {
  /** Random, generated here: names the file, so that no server data ever does. */
  readonly id: string;
  readonly resource: ResourceId;
  /** The workspace where it was typed, and the window that kept it. */
  readonly workspaceKey: string;
  readonly window: string;
  /** When it was refused, in Unix milliseconds. */
  readonly since: number;
  readonly why: FailureKind;
  readonly status?: number;
  /** Bytes of the text alone, and as stored, with its base if kept. */
  readonly size: number;
  readonly storedBytes: number;
  /** The base version of the text. */
  readonly base?: { readonly version: Version; readonly certain: boolean };
  /** Whether the base's bytes are stored too, and not only its version. */
  readonly baseKept: boolean;
  /** Set when nobody wants to save it any more; it is still kept for a while. */
  readonly end?: KeptEnd;
}

export interface KeptEnd {
  readonly how: 'reverted' | 'overtaken' | 'closed' | 'restored';
  /** Unix milliseconds. */
  readonly at: number;
}

export interface KeptContent {
  readonly bytes: Uint8Array;
  readonly base?: Uint8Array;
}

/** Stores texts beyond the life of the window. Rejects with the disk error. */
export interface JournalStore {
  list(): Promise<readonly KeptText[]>;
  /** Replaces a text with the same id atomically. */
  write(text: KeptText, content: KeptContent): Promise<void>;
  read(text: KeptText): Promise<KeptContent | undefined>;
  mark(text: KeptText, end: KeptEnd): Promise<void>;
  remove(text: KeptText): Promise<void>;
}
