/**
 * The part of an origin where one realm was seen to ask (RFC 9110 section 11.5). Only a path that was challenged, and
 * what lies below it, counts: RFC 7617 section 2.2 would also include the siblings of the path, and on a shared host
 * those may belong to somebody else.
 */
export class ProtectionSpace {
  private readonly roots = new Set<string>();

  add(path: string): void {
    this.roots.add(withoutSlash(path));
  }

  /** The length of the longest root that covers the path; undefined where none does. */
  depthOf(path: string): number | undefined {
    for (let at = withoutSlash(path); ; at = at.slice(0, at.lastIndexOf('/'))) {
      if (this.roots.has(at)) return at.length;
      if (at === '') return undefined;
    }
  }
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
