import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { RemoteFailure } from '../model/failure';
import type { Stamp } from '../model/lock';
import type { ResourceId } from '../model/resource';
import { sameBytes, type BaseVersion } from './baseVersions';

/** A save that the server refused, with the text that is not stored there yet. */
export interface BlockedSave {
  /** Short and unique within this window: identifies the file in message links. */
  readonly key: string;
  readonly resource: ResourceId;
  readonly bytes: Uint8Array;
  /** What the text was made from. */
  readonly base: BaseVersion | undefined;
  readonly since: Stamp;
  readonly failure: RemoteFailure;
}

/**
 * How unsaved text ended: saved on the server, reverted, or its document closed. `overtaken`: its editor has nothing
 * unsaved any more after something else was written, which may be the editor's newer text.
 */
export type TextEnd =
  | {
      readonly how: 'landed';
      readonly bytes: Uint8Array;
      /** False if the document has a newer text, which is still to be saved. */
      readonly isNewest: boolean;
    }
  | { readonly how: 'reverted' | 'overtaken' | 'closed' };

export type EndedText = TextEnd & { readonly resource: ResourceId };

export interface BlockedSavesDeps {
  readonly isDirty: (resource: ResourceId) => boolean;
  /** Whether the document's text is these bytes; never rejects. */
  readonly holds: (resource: ResourceId, bytes: Uint8Array) => Promise<boolean>;
  /** Whether a wait is to save it. */
  readonly isAwaited: (resource: ResourceId) => boolean;
}

/** A message this many messages old is no longer on the screen. */
const maxClosedKeys = 50;

/** Every refused text, one per resource, until it is saved. */
export class BlockedSaves extends Owner {
  private readonly byResource = new Map<ResourceId, BlockedSave>();
  /** Files with unsaved changes that were written meanwhile, by whomever. */
  private readonly written = new Set<ResourceId>();
  private readonly closedKeys = new Map<string, ResourceId>();
  private readonly changed = this.owned.add(new Emitter<ResourceId>());
  private readonly kept = this.owned.add(new Emitter<BlockedSave>());
  private readonly arrived = this.owned.add(new Emitter<ResourceId>());
  private readonly ended = this.owned.add(new Emitter<EndedText>());
  private serial = 0;

  readonly onDidChange = this.changed.event;
  /** A text was refused; it is the newest one of its file. */
  readonly onDidRefuse = this.kept.event;
  /** Some text of the file is on the server, whosoever it is. */
  readonly onDidLand = this.arrived.event;
  /** A text ended, whether it had ever been refused or not. */
  readonly onDidEnd = this.ended.event;

  /** Without `documents`, nothing is edited while it is saved. */
  constructor(private readonly documents?: BlockedSavesDeps) {
    super();
  }

  /** Keeps the newest text, with the first key and time of refusal. */
  keep(save: Omit<BlockedSave, 'key'>): BlockedSave {
    const before = this.byResource.get(save.resource);
    const key = before?.key ?? `${(this.serial += 1)}`;
    const kept = { ...save, key, since: before?.since ?? save.since };
    // Re-insert last: `all` returns newest first.
    this.byResource.delete(save.resource);
    this.byResource.set(save.resource, kept);
    this.written.delete(save.resource);
    this.kept.fire(kept);
    this.changed.fire(save.resource);
    return kept;
  }

  /**
   * These bytes are on the server. Any program may have written them: the text of a document with unsaved changes ends
   * only if they are its own. Resolves when that is known.
   */
  landed(resource: ResourceId, bytes: Uint8Array): Promise<void> {
    const { documents } = this;
    this.arrived.fire(resource);
    const isAtStake = this.byResource.has(resource) || documents?.isAwaited(resource) === true;
    if (documents && isAtStake && documents.isDirty(resource))
      return this.landedWhileDirty(documents, resource, bytes);
    this.end({ resource, how: 'landed', bytes, isNewest: true });
    return Promise.resolve();
  }

  /** The user no longer wants to save the text. */
  discarded(resource: ResourceId, how: 'reverted' | 'closed'): void {
    this.end({ resource, how: how === 'reverted' && this.written.has(resource) ? 'overtaken' : how });
  }

  /**
   * The text has no editor any more, so its save no longer waits here; its key still identifies the file in the
   * message about the refusal.
   */
  closeEditor(resource: ResourceId): void {
    const save = this.byResource.get(resource);
    if (save) this.closedKeys.set(save.key, resource);
    for (const key of this.closedKeys.keys())
      if (this.closedKeys.size > maxClosedKeys) this.closedKeys.delete(key);
    this.end({ resource, how: 'closed' });
  }

  of(resource: ResourceId): BlockedSave | undefined {
    return this.byResource.get(resource);
  }

  /** The file that a key identifies; undefined if its save is no longer blocked. */
  resourceOf(key: string): ResourceId | undefined {
    return (
      [...this.byResource.values()].find((save) => save.key === key)?.resource ?? this.closedKeys.get(key)
    );
  }

  /** Newest first. */
  all(): readonly BlockedSave[] {
    return [...this.byResource.values()].reverse();
  }

  private async landedWhileDirty(
    documents: BlockedSavesDeps,
    resource: ResourceId,
    bytes: Uint8Array,
  ): Promise<void> {
    const isNewest = await documents.holds(resource, bytes);
    const refused = this.byResource.get(resource)?.bytes;
    // The refused text itself has landed, and somebody typed on.
    const isRefused = refused !== undefined && sameBytes(refused, bytes);
    if (isNewest || isRefused) this.end({ resource, how: 'landed', bytes, isNewest });
    else if (refused) this.written.add(resource);
  }

  private end(ended: EndedText): void {
    const was = this.byResource.delete(ended.resource);
    this.written.delete(ended.resource);
    this.ended.fire(ended);
    if (was) this.changed.fire(ended.resource);
  }
}
