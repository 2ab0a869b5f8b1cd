import { Slots } from '../../base/slots';
import { isFailure, orElse, RemoteFailure } from '../model/failure';
import type { FilesOf } from '../model/ports';
import type { ResourceId } from '../model/resource';
import { compareVersions, listedSizeOf, type Version } from '../model/version';
import type { Directory } from '../polling/directory';
import { maxRequests } from '../search/searchText';
import { walk } from '../search/walk';
import { sameBytes } from './baseVersions';
import type { Relocation } from './relocation';

export interface ServerCopyDeps {
  readonly filesOf: FilesOf;
  readonly directory: Directory;
  readonly relocation: Pick<Relocation, 'guardFor' | 'remove'>;
  /** What must not reach another server, or come from this one. */
  readonly leavesOut: (resource: ResourceId) => boolean;
}

export interface ServerCopyOptions {
  readonly from: ResourceId;
  readonly to: ResourceId;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CopyProgress) => void;
}

type Place = Pick<ServerCopyOptions, 'from' | 'to' | 'signal'>;

export interface CopyProgress {
  readonly copied: number;
  readonly files: number;
  /** Files and folders that were not copied on purpose. */
  readonly leftOut: number;
}

/** A copy that ended early. What has arrived stays: nobody could tell it from what was there before. */
export class CopyStopped extends Error {
  override readonly name = 'CopyStopped';

  constructor(
    readonly progress: CopyProgress,
    /** Why; undefined if the person stopped it. */
    override readonly cause: unknown,
  ) {
    super(`${progress.copied} of ${progress.files} files were copied`);
  }
}

/** A move whose original stays: it changed meanwhile, or it is not proven that all of it was copied. */
export class OriginalKept extends Error {
  override readonly name = 'OriginalKept';
}

interface CopiedFile {
  readonly resource: ResourceId;
  readonly version: Version;
  /** Recognizes the content, which is not kept in memory. */
  readonly digest: Uint8Array;
  readonly size: number;
}

interface Copied {
  readonly kind: 'file' | 'collection';
  readonly folders: readonly ResourceId[];
  readonly files: readonly CopiedFile[];
  readonly progress: CopyProgress;
}

/** Files that are read at once are held in memory until they are sent. */
const filesAtOnce = 3;

/** Copies and moves files and folders from one server to another, which no request of WebDAV can do. */
export class ServerCopy {
  constructor(private readonly deps: ServerCopyDeps) {}

  /** Writes only what does not exist. Rejects with a RemoteFailure before the first write, else with a CopyStopped. */
  async copy(options: ServerCopyOptions): Promise<Copied> {
    const { directory } = this.deps;
    const { from, to, signal } = options;
    const { kind } = await directory.stat(from, 0, { fresh: true });
    const tree = kind === 'file' ? { folders: [], files: [from], leftOut: 0 } : await this.treeOf(options);
    const progress = { copied: 0, files: tree.files.length, leftOut: tree.leftOut };
    const target = (resource: ResourceId) => movedTo(resource, from, to);
    const copied: CopiedFile[] = [];
    try {
      // Each before what is in it.
      for (const folder of tree.folders) {
        signal.throwIfAborted();
        await this.makeFolder(target(folder));
      }
      const slots = new Slots(filesAtOnce);
      let hasFailed = false;
      const copyOne = async (resource: ResourceId) => {
        signal.throwIfAborted();
        if (hasFailed) return;
        copied.push(await this.copyFile(resource, target(resource), signal));
        progress.copied += 1;
        options.onProgress({ ...progress });
      };
      const copies = tree.files.map((file) => slots.run(() => copyOne(file)));
      for (const one of copies) one.catch(() => (hasFailed = true));
      // Nothing is sent any more once this is over.
      const failed = (await Promise.allSettled(copies)).find(({ status }) => status === 'rejected');
      if (failed) await Promise.all(copies);
    } catch (error) {
      throw new CopyStopped(progress, signal.aborted ? undefined : error);
    } finally {
      directory.forget(to);
    }
    return { kind, folders: tree.folders, files: copied, progress };
  }

  /** Copies, and deletes the original only if it still is exactly what was copied, and all of that has arrived. */
  async move(options: ServerCopyOptions): Promise<void> {
    const { from } = options;
    const copied = await this.copy(options);
    if (copied.progress.leftOut > 0 || !(await this.areProven(options, copied.files)))
      throw new OriginalKept(from);
    const [file] = copied.kind === 'file' ? copied.files : [];
    const confirm = async () => {
      if (!(await this.isUnchanged(options, copied))) throw new OriginalKept(from);
    };
    try {
      await this.deps.relocation.remove(from, { confirm, ...(file && { replaces: file.version }) });
    } catch (error) {
      if (isFailure(error, 'preconditionFailed')) throw new OriginalKept(from);
      throw error;
    }
  }

  /** All of it, in the order in which it can be made; the folder itself first. */
  private async treeOf({ from, to, signal }: Place) {
    const { directory, leavesOut } = this.deps;
    const folders = [from];
    const files: ResourceId[] = [];
    let leftOut = 0;
    const end = await walk(directory, {
      roots: [from],
      slots: new Slots(maxRequests),
      maxAgeMs: 0,
      signal,
      leavesOut: (resource, kind) => {
        const isLeftOut = leavesOut(resource) || leavesOut(movedTo(resource, from, to));
        if (isLeftOut) leftOut += 1;
        else if (kind === 'collection') folders.push(resource);
        return isLeftOut;
      },
      onFiles: (found) => files.push(...found.map(({ resource }) => resource)),
    });
    const [failure] = end.unlisted;
    if (failure) throw failure;
    if (end.stopped === 'tooMany')
      throw new RemoteFailure('badAnswer', { resource: from, code: 'TOO_LARGE' });
    if (end.stopped) throw new RemoteFailure('canceled', { resource: from });
    return { folders, files, leftOut };
  }

  private async makeFolder(folder: ResourceId): Promise<void> {
    await this.deps.filesOf(folder).makeCollection(folder, this.deps.relocation.guardFor(folder));
  }

  private async copyFile(from: ResourceId, to: ResourceId, signal: AbortSignal): Promise<CopiedFile> {
    const { filesOf, directory, relocation } = this.deps;
    const listed = listedSizeOf(directory.cached(from)?.version);
    const { bytes, version } = await filesOf(from).read(from, { signal, ...listed });
    // Before the write, which may take what it sends.
    const copied = { resource: from, version, digest: await digestOf(bytes), size: bytes.length };
    await filesOf(to).write(to, bytes, { ...relocation.guardFor(to), mustBeNew: true }, { signal });
    return copied;
  }

  /** Whether every file has the content that was copied, on both servers. */
  private async areProven({ from, to, signal }: Place, files: readonly CopiedFile[]): Promise<boolean> {
    const slots = new Slots(filesAtOnce);
    let areProven = true;
    const prove = async (file: CopiedFile) => {
      if (!areProven) return;
      // A server may have stored only a part of what it confirmed, and an original may change without its version.
      for (const where of [movedTo(file.resource, from, to), file.resource])
        if (!(await this.hasContent(where, file, signal))) areProven = false;
    };
    await Promise.all(files.map((file) => slots.run(() => prove(file))));
    return areProven;
  }

  /** What cannot be read is not proven. */
  private async hasContent(
    resource: ResourceId,
    { digest, size }: CopiedFile,
    signal: AbortSignal,
  ): Promise<boolean> {
    const options = { signal, maxBytes: size };
    const content = await orElse(undefined, () => this.deps.filesOf(resource).read(resource, options));
    return content?.bytes.length === size && sameBytes(await digestOf(content.bytes), digest);
  }

  /** Whether the original is listed with the same versions, and with nothing else in it. */
  private async isUnchanged(place: Place, copied: Copied): Promise<boolean> {
    const { from } = place;
    const { directory } = this.deps;
    if (copied.kind === 'file') await directory.stat(from, 0, { exact: true });
    const now =
      copied.kind === 'file' ? { folders: [], files: [from], leftOut: 0 } : await this.treeOf(place);
    const versions = new Map(copied.files.map(({ resource, version }) => [resource, version]));
    const folders = new Set(copied.folders);
    return (
      now.leftOut === 0 &&
      now.folders.every((folder) => folders.has(folder)) &&
      now.files.length === versions.size &&
      now.files.every((resource) => {
        const version = versions.get(resource);
        const current = directory.cached(resource)?.version;
        return version && current && compareVersions(version, current) === 'same';
      })
    );
  }
}

async function digestOf(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function movedTo(resource: ResourceId, from: ResourceId, to: ResourceId): ResourceId {
  return (to + resource.slice(from.length)) as ResourceId;
}
