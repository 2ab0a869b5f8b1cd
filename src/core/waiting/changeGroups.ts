import type { ResourceId } from '../model/resource';
import type { Wait } from './waits';

/** What a file's unsaved text or lock means for the person who works on it. */
export type ChangeGroup = 'waiting' | 'notSaved' | 'mine';

export interface ChangeSources {
  readonly waits: { all(): readonly Pick<Wait, 'resource' | 'phase'>[] };
  readonly blockedSaves: { all(): readonly { readonly resource: ResourceId }[] };
  /** Open files with unsaved changes. */
  readonly dirtyFiles: () => ReadonlySet<ResourceId>;
  /** The locks of this window. */
  readonly leases: { confirmed(): readonly { readonly resource: ResourceId }[] };
}

/**
 * The files that this window still has to save or to release. A file is in the first group that applies; what waits or was
 * refused comes newest first, the rest by name.
 */
export function changeGroups(sources: ChangeSources): Readonly<Record<ChangeGroup, readonly ResourceId[]>> {
  const { waits, blockedSaves, dirtyFiles, leases } = sources;
  const listed = new Set<ResourceId>();
  const fresh = (resources: readonly ResourceId[]) => {
    const found = [...new Set(resources)].filter((resource) => !listed.has(resource));
    for (const resource of found) listed.add(resource);
    return found;
  };
  const resources = (all: readonly { readonly resource: ResourceId }[]) =>
    all.map(({ resource }) => resource);
  return {
    // What was changed on the server waits for nobody but the person.
    waiting: fresh(resources(waits.all().filter(({ phase }) => phase !== 'conflict'))),
    notSaved: fresh([
      ...resources(waits.all()),
      ...resources(blockedSaves.all()),
      ...[...dirtyFiles()].sort(),
    ]),
    mine: fresh(resources(leases.confirmed()).sort()),
  };
}
