import { l10n, Uri, workspace, type WorkspaceFolder } from 'vscode';
import { isWithin, parentOf, type ResourceId } from '../../core/model/resource';
import type { Directory } from '../../core/polling/directory';
import type { CurrentSettings } from '../connection/settings';
import { HumanError } from '../messages/humanError';
import type { ServerTrust } from '../trust/serverTrust';
import { isRemote, toResource, toUri } from '../uris';
import { plain } from '../words/plainText';
import { settingGlobs, type PathTest } from './globs';

interface Root {
  readonly resource: ResourceId;
  readonly folder: WorkspaceFolder;
  readonly isExcluded: PathTest | undefined;
}

interface ScopeDeps {
  readonly settings: CurrentSettings;
  readonly trust: ServerTrust;
}

/** Where a search looks: the remote folders of the workspace, or one folder in them. */
export class SearchScope {
  private readonly roots: readonly Root[];
  /** The folders to begin in; none is inside another. */
  readonly folders: readonly ResourceId[];

  /** @param within a folder of the workspace. Throws a HumanError if there is nothing to search. */
  constructor(
    private readonly deps: ScopeDeps,
    within?: ResourceId,
  ) {
    this.roots = (workspace.workspaceFolders ?? [])
      .filter(({ uri }) => isRemote(uri))
      .map((folder) => ({
        resource: toResource(folder.uri),
        folder,
        isExcluded: settingGlobs(deps.settings.searchExcludes(folder.uri)),
      }));
    const all = this.roots.map(({ resource }) => resource);
    if (all.length === 0)
      throw new HumanError(l10n.t('No remote folder is open. Use "Locks: Open Remote Folder…" first.'));
    if (within !== undefined && !all.some((root) => isWithin(within, root)))
      throw new HumanError(l10n.t('Only folders of this workspace can be searched.'));
    this.folders =
      within !== undefined
        ? [within]
        : all.filter((one) => !all.some((other) => other !== one && isWithin(one, other)));
  }

  /** Configuration of servers that are not trusted, and what the editor's settings exclude. */
  leavesOut(resource: ResourceId): boolean {
    if (this.deps.trust.hides(resource)) return true;
    const root = this.rootOf(resource);
    return root?.isExcluded?.(relativePath(root, resource)) ?? false;
  }

  /** Relative to its folder of the workspace, as in the editor's URIs. */
  pathOf(resource: ResourceId): string {
    const root = this.rootOf(resource);
    return root ? relativePath(root, resource) : toUri(resource).path;
  }

  /** The same with the folder's name in front where several are open, as VS Code itself writes it. */
  labelOf(resource: ResourceId): string {
    const root = this.rootOf(resource);
    const path = this.pathOf(resource);
    return root && (workspace.workspaceFolders ?? []).length > 1
      ? `${plain(root.folder.name, 80)} • ${path}`
      : path;
  }

  private rootOf(resource: ResourceId): Root | undefined {
    let best: Root | undefined;
    for (const root of this.roots)
      if (isWithin(resource, root.resource) && root.resource.length >= (best?.resource.length ?? 0))
        best = root;
    return best;
  }
}

function relativePath({ folder }: Root, resource: ResourceId): string {
  const base = folder.uri.path.replace(/\/$/, '');
  return toUri(resource).path.slice(base.length + 1);
}

/** The folder that a menu or a program names, or the folder of a file. Rejects with a RemoteFailure. */
export async function folderIn(
  directory: Pick<Directory, 'stat'>,
  argument: unknown,
): Promise<ResourceId | undefined> {
  if (!(argument instanceof Uri) || !isRemote(argument)) return undefined;
  const resource = toResource(argument);
  const { kind } = await directory.stat(resource, kindAgeMs);
  return kind === 'file' ? parentOf(resource) : resource;
}

/** Hardly any file becomes a folder. */
const kindAgeMs = 60_000;
