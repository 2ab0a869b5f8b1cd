import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { isWithin, serverOf, type ResourceId, type ServerId } from '../../core/model/resource';

export interface ConfigurationEntry {
  readonly resource: ResourceId;
  readonly isFolder: boolean;
}

/** The configuration files in listings, and those that the editor asked for, whether they were shown or hidden. */
export class SeenConfiguration extends Owner {
  private readonly byFolder = new Map<ResourceId, readonly ConfigurationEntry[]>();
  private readonly asked = new Set<ResourceId>();
  private readonly changed = this.owned.add(new Emitter<void>());

  /** Other entries are listed. */
  readonly onDidChange = this.changed.event;

  noteAsked(resource: ResourceId): void {
    this.asked.add(resource);
  }

  /** Replaces what is known to be in a folder. */
  setListed(folder: ResourceId, entries: readonly ConfigurationEntry[]): void {
    const before = this.byFolder.get(folder) ?? [];
    if (sameEntries(before, entries)) return;
    if (entries.length > 0) this.byFolder.set(folder, entries);
    else this.byFolder.delete(folder);
    this.changed.fire();
  }

  /** The folder no longer exists. */
  forget(root: ResourceId): void {
    const gone = [...this.byFolder.keys()].filter((folder) => isWithin(folder, root));
    for (const folder of gone) this.byFolder.delete(folder);
    if (gone.length > 0) this.changed.fire();
  }

  listedOn(server: ServerId): ConfigurationEntry[] {
    return [...this.byFolder]
      .filter(([folder]) => serverOf(folder) === server)
      .flatMap(([, entries]) => entries);
  }

  /** Everything listed or asked for. */
  seenOn(server: ServerId): ResourceId[] {
    const listed = this.listedOn(server).map(({ resource }) => resource);
    return [...new Set([...listed, ...this.asked])].filter((resource) => serverOf(resource) === server);
  }

  /** Servers with listed entries. */
  servers(): ServerId[] {
    return [...new Set([...this.byFolder.keys()].map(serverOf))];
  }
}

function sameEntries(one: readonly ConfigurationEntry[], other: readonly ConfigurationEntry[]): boolean {
  return one.length === other.length && one.every(({ resource }, at) => resource === other[at]?.resource);
}
