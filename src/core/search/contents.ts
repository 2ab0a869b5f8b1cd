import { compareVersions, listedSizeOf } from '../model/version';
import type { Clock, FilesOf } from '../model/ports';
import type { ResourceId } from '../model/resource';
import { contentTagOf, isSettled } from './contentTag';
import type { FoundFile } from './walk';

/** Keeps contents across searches and windows. Never rejects: what it cannot keep or find is read again. */
export interface ContentStore {
  /** Changes when something was cleared. */
  readonly epoch: number;
  get(resource: ResourceId, tag: string): Promise<Uint8Array | undefined>;
  /** @param epoch of when the content was requested: what was cleared meanwhile stays cleared. */
  put(content: {
    readonly resource: ResourceId;
    readonly tag: string;
    readonly bytes: Uint8Array;
    readonly epoch: number;
  }): Promise<void>;
}

const maxPending = 8;

/** Contents of listed files, from the store where it has the listed version. */
export class Contents {
  /** Contents that are being kept; the next request need not wait for the disk. */
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly filesOf: FilesOf,
    private readonly store: ContentStore,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** Rejects with a RemoteFailure. */
  async read({ resource, stat }: FoundFile, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const tag = stat && contentTagOf(stat.version);
    const { epoch } = this.store;
    const kept = tag === undefined ? undefined : await this.store.get(resource, tag);
    if (kept) return kept;
    const listed = listedSizeOf(stat?.version);
    const { bytes, version } = await this.filesOf(resource).read(resource, { signal, maxBytes, ...listed });
    const isListed = stat && compareVersions(stat.version, version) === 'same';
    if (tag !== undefined && isListed && isSettled(stat.version, this.clock.now().wall))
      await this.keep({ resource, tag, bytes, epoch });
    return bytes;
  }

  /** Resolves once all that was read is kept. */
  async settled(): Promise<void> {
    await Promise.all(this.pending);
  }

  /** Waits only where the disk is slower than the server, because what waits takes up memory. */
  private async keep(content: Parameters<ContentStore['put']>[0]): Promise<void> {
    const put: Promise<void> = this.store.put(content).finally(() => this.pending.delete(put));
    this.pending.add(put);
    if (this.pending.size > maxPending) await Promise.race(this.pending);
  }
}
