import { Emitter } from '../../base/emitter';
import type { RemoteFailure } from '../model/failure';
import type { Stamp } from '../model/lock';
import type { ResourceId } from '../model/resource';
import type { BaseVersion } from './baseVersions';

/** A save that a server refused: the text that is not there yet. */
export interface BlockedSave {
  /** Short and unique while the window lives: stands for the file in message links. */
  readonly key: string;
  readonly resource: ResourceId;
  readonly bytes: Uint8Array;
  readonly base: BaseVersion | undefined;
  readonly since: Stamp;
  readonly failure: RemoteFailure;
}

/** How unsaved text came to its end: it is on the server, was thrown away, or its document was closed. */
export type TextEnd =
  { readonly how: 'landed'; readonly bytes: Uint8Array } | { readonly how: 'reverted' | 'closed' };

/** The end of a file's text. */
export type EndedText = TextEnd & { readonly resource: ResourceId };

/** A message older than so many others is not on the screen any more. */
const keptAsides = 50;

/** Every refused text, one per resource, until it lands. */
export class BlockedSaves {
  private readonly byResource = new Map<ResourceId, BlockedSave>();
  private readonly asides = new Map<string, ResourceId>();
  private readonly changed = new Emitter<ResourceId>();
  private readonly kept = new Emitter<BlockedSave>();
  private readonly ended = new Emitter<EndedText>();
  private serial = 0;

  readonly onDidChange = this.changed.event;
  /** A text was refused: the newest one of its file. */
  readonly onDidKeep = this.kept.event;
  /** A text came to its end, whether it had ever been refused here or not. */
  readonly onDidEnd = this.ended.event;

  /** Keeps the newest text; the key and the first refusal's time stay. */
  keep(save: Omit<BlockedSave, 'key'>): BlockedSave {
    const before = this.byResource.get(save.resource);
    const key = before?.key ?? `${(this.serial += 1)}`;
    const kept = { ...save, key, since: before?.since ?? save.since };
    // Last in, last in order: `all` gives newest first.
    this.byResource.delete(save.resource);
    this.byResource.set(save.resource, kept);
    this.kept.fire(kept);
    this.changed.fire(save.resource);
    return kept;
  }

  /** These bytes are on the server. */
  landed(resource: ResourceId, bytes: Uint8Array): void {
    this.end({ resource, how: 'landed', bytes });
  }

  /** The person does not want the text saved any more. */
  givenUp(resource: ResourceId, how: 'reverted' | 'closed'): void {
    this.end({ resource, how });
  }

  /**
   * The text has no editor: it waits for nobody here. Its key still stands for the file, in the message that told of
   * the refusal.
   */
  setAside(resource: ResourceId): void {
    const save = this.byResource.get(resource);
    if (save) this.asides.set(save.key, resource);
    for (const key of this.asides.keys()) if (this.asides.size > keptAsides) this.asides.delete(key);
    this.end({ resource, how: 'closed' });
  }

  of(resource: ResourceId): BlockedSave | undefined {
    return this.byResource.get(resource);
  }

  /** The file that a key stands for; undefined where its save is not blocked any more. */
  resourceOf(key: string): ResourceId | undefined {
    return [...this.byResource.values()].find((save) => save.key === key)?.resource ?? this.asides.get(key);
  }

  /** Newest first. */
  all(): readonly BlockedSave[] {
    return [...this.byResource.values()].reverse();
  }

  dispose(): void {
    this.changed.dispose();
    this.kept.dispose();
    this.ended.dispose();
  }

  private end(ended: EndedText): void {
    const was = this.byResource.delete(ended.resource);
    this.ended.fire(ended);
    if (was) this.changed.fire(ended.resource);
  }
}
