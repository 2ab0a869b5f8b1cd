import { resolveHref, type ResourceId } from '../../core/model/resource';
import { detached } from '../xml/detached';

/** A segment that is written as a resource's id writes it, in ASCII, and is neither `.` nor `..`. */
const plainSegment = /^(?!\.\.?$)(?:[A-Za-z0-9\-_.!~*'()]|%(?:2[02-6BC]|3[A-F]|40|5[B-E]|60|7[B-D]))+$/;

/**
 * Reads hrefs of one answer. The members of a folder differ in their last segment alone, so the folder's own part is
 * resolved once.
 */
export class HrefReader {
  readonly #about: ResourceId;
  #folder = '';
  #folderId: ResourceId | undefined;

  constructor(about: ResourceId) {
    this.#about = about;
  }

  resolve(href: string): ResourceId | undefined {
    const end = href.endsWith('/') ? href.length - 1 : href.length;
    const cut = href.lastIndexOf('/', end - 1);
    const segment = href.slice(cut + 1, end);
    if (cut < 0 || !plainSegment.test(segment) || href.charCodeAt(cut - 1) === slash)
      return this.#whole(href);
    const folder = href.slice(0, cut);
    // Space at its end is the folder's own, and at the end of a whole href it is not.
    if (folder.trim() !== folder) return this.#whole(href);
    if (folder !== this.#folder || this.#folderId === undefined) {
      this.#folder = detached(folder);
      this.#folderId = this.#whole(folder === '' ? '/' : folder);
    }
    return this.#folderId && (detached(`${this.#folderId}/${segment}`) as ResourceId);
  }

  #whole(href: string): ResourceId | undefined {
    const id = resolveHref(this.#about, href);
    return id && (detached(id) as ResourceId);
  }
}

const slash = 0x2f;
