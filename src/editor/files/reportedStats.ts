import { FileType, type FileStat } from 'vscode';
import type { RemoteStat } from '../../core/polling/remoteStat';
import { isWithin, type ResourceId } from '../../core/model/resource';
import type { BaseVersion, BaseVersions } from '../../core/saving/baseVersions';

/** What `stat` has reported to VS Code, which compares it with what it reports before the next save. */
export class ReportedStats {
  private readonly reported = new Map<ResourceId, FileStat>();

  /** @param loaded the version that VS Code itself has loaded, where the text has the changes of another one since */
  constructor(
    private readonly baseVersions: Pick<BaseVersions, 'of'>,
    private readonly loaded: (resource: ResourceId) => BaseVersion | undefined,
  ) {}

  /** The file is not dirty, or was just saved. */
  report(resource: ResourceId, now: RemoteStat): FileStat {
    const stat = asStat(now);
    this.reported.set(resource, stat);
    return stat;
  }

  /**
   * What a dirty file is based on, if known. Text restored after a restart of the window is based on the version that
   * was kept with it.
   */
  ofBase(resource: ResourceId): FileStat | undefined {
    const reported = this.reported.get(resource);
    const base = this.loaded(resource) ?? this.baseVersions.of(resource);
    const { modified, size } = base?.version ?? {};
    if (modified === undefined || size === undefined || (reported && reported.mtime <= modified))
      return reported;
    return { type: FileType.File, ctime: reported?.ctime ?? modified, mtime: modified, size };
  }

  forget(root: ResourceId): void {
    for (const id of [...this.reported.keys()]) if (isWithin(id, root)) this.reported.delete(id);
  }
}

function asStat({ kind, created, modified, size }: RemoteStat): FileStat {
  const type = kind === 'collection' ? FileType.Directory : FileType.File;
  return { type, ctime: created, mtime: modified, size };
}
