import { resolveHref, type ResourceId } from '../../../core/model/resource';
import { detached } from '../../xml/detached';

/** An ASCII segment already encoded as in a resource id, and neither `.` nor `..`. */
const plainSegment = /^(?!\.\.?$)(?:[A-Za-z0-9\-_.!~*'()]|%(?:2[02-6BC]|3[A-F]|40|5[B-E]|60|7[B-D]))+$/;

/**
 * Resolves the hrefs of one response. The members of a folder differ only in their last segment, so the folder's
 * part is resolved once.
 */
export class HrefReader {
  readonly #requestResource: ResourceId;
  #folder = '';
  #folderId: ResourceId | undefined;

  constructor(about: ResourceId) {
    this.#requestResource = about;
  }

  resolve(href: string): ResourceId | undefined {
    const end = href.endsWith('/') ? href.length - 1 : href.length;
    const cut = href.lastIndexOf('/', end - 1);
    const segment = href.slice(cut + 1, end);
    if (cut < 0 || !plainSegment.test(segment) || href.charCodeAt(cut - 1) === slash)
      return this.#resolveWhole(href);
    const folder = href.slice(0, cut);
    // Trailing whitespace belongs to the folder's name here, but would be trimmed at the end of a whole href.
    if (folder.trim() !== folder) return this.#resolveWhole(href);
    if (folder !== this.#folder || this.#folderId === undefined) {
      this.#folder = detached(folder);
      this.#folderId = this.#resolveWhole(folder === '' ? '/' : folder);
    }
    return this.#folderId && (detached(`${this.#folderId}/${segment}`) as ResourceId);
  }

  #resolveWhole(href: string): ResourceId | undefined {
    const id = resolveHref(this.#requestResource, href);
    return id && (detached(id) as ResourceId);
  }
}

const slash = 0x2f;
