import type { ResourceId } from '../../core/model/resource';

/**
 * Which file the person was asked about, for each path that a model gave: a folder that is opened or a server that is
 * trusted meanwhile may change what the path names.
 */
export class AskedFiles {
  /** Of the questions that no call has followed yet; undefined where the path named nothing. */
  private readonly asked = new Map<string, readonly (ResourceId | undefined)[]>();

  note(path: string, resource: ResourceId | undefined): void {
    this.asked.set(path, [...(this.asked.get(path) ?? []), resource]);
  }

  /** Whether the call follows a question about this file. Where questions differ, nobody knows which one it was. */
  take(path: string, resource: ResourceId | undefined): boolean {
    const asked = this.asked.get(path) ?? [];
    const isSame = resource !== undefined && asked.length > 0 && asked.every((one) => one === resource);
    const rest = isSame ? asked.slice(1) : [];
    if (rest.length > 0) this.asked.set(path, rest);
    else this.asked.delete(path);
    return isSame;
  }
}
