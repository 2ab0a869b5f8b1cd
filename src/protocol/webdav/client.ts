import type { Stamp } from '../../core/model/lock';
import type { ResourceId } from '../../core/model/resource';
import type { HttpAnswer, HttpRequest, Transport } from '../transport/http';
import type { DavReader } from './davReader';
import type { Identity } from './identity';
import { familyOf, modDavFs, unknownFamily } from './profiles/families';
import type { Profile } from './profiles/profile';

export interface WebdavOptions {
  readonly transport: Transport;
  /** Both clocks, its `mono` the one that the transport counts in. */
  readonly now: () => Stamp;
  readonly identity: Identity;
  /** Told where another number of a folder's members than before has names that cannot be shown, 0 included. */
  readonly onLeftOut?: (folder: ResourceId, count: number) => void;
}

/** One server: sends requests, and remembers what its answers tell about it. */
export class WebdavClient {
  readonly identity: Identity;
  readonly #transport: Transport;
  readonly #now: () => Stamp;
  #profile: Profile = unknownFamily;
  #product: string | undefined;
  readonly #otherForm = new Set<string>();
  readonly #leftOut = new Map<ResourceId, number>();
  readonly #onLeftOut: WebdavOptions['onLeftOut'];

  constructor({ transport, now, identity, onLeftOut }: WebdavOptions) {
    this.#onLeftOut = onLeftOut;
    this.#transport = transport;
    this.#now = now;
    this.identity = identity;
  }

  get profile(): Profile {
    return this.#profile;
  }

  /** The `Server` header that answers from here usually have; a refusal may be another program's. Foreign. */
  get product(): string | undefined {
    return this.#product;
  }

  /** Any status is an answer. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.#transport.send(request);
    this.#learn(answer);
    return answer;
  }

  now(): Stamp {
    return this.#now();
  }

  /** When the answer's request was sent, on both clocks. */
  sentAt(answer: HttpAnswer): Stamp {
    const now = this.#now();
    return { mono: answer.sentAt, wall: now.wall - (now.mono - answer.sentAt) };
  }

  /** The server's clock minus ours in milliseconds, by the answer's Date (one second's resolution); 0 where unknown. */
  skewMs(answer: HttpAnswer): number {
    const date = Date.parse(answer.headers['date'] ?? '');
    return Number.isNaN(date) ? 0 : date - this.#now().wall;
  }

  /** A listing held a lock: from now on "none listed" means something. */
  sawLock(): void {
    if (this.#profile.listsLocks !== true) this.#profile = { ...this.#profile, listsLocks: true };
  }

  /** How many members of the folder were not listed for their names. */
  leftOut(folder: ResourceId, count: number): void {
    if ((this.#leftOut.get(folder) ?? 0) === count) return;
    this.#leftOut.set(folder, count);
    this.#onLeftOut?.(folder, count);
  }

  /** Whether the method's If header has turned out to need the other form here. */
  needsOtherForm(method: string): boolean {
    return this.#otherForm.has(method);
  }

  learnOtherForm(method: string): void {
    if (!this.#otherForm.delete(method)) this.#otherForm.add(method);
  }

  /** What a listing itself shows of its writer. */
  sawMark(mark: DavReader['mark']): void {
    if (mark === 'modDavFs') this.#adopt(modDavFs);
    // By its name alone it may be a proxy that lets a condition pass which nobody checks.
    if (mark === 'lighttpd' && this.#profile.name === 'lighttpd')
      this.#profile = { ...this.#profile, honoursIfMatch: true };
  }

  #adopt(family: Profile): void {
    if (rank(family) <= rank(this.#profile)) return;
    this.#profile = { ...family, listsLocks: this.#profile.listsLocks ?? family.listsLocks };
  }

  #learn({ status, headers }: HttpAnswer): void {
    if (status < 400) this.#product = headers['server'] ?? this.#product;
    const family = familyOf(headers);
    // Some marks are only on some answers: what is known more closely is not lost to a plain `Server` header.
    if (family) this.#adopt(family);
  }
}

/** How closely a family names what answers: applications stand behind web servers that put their own name on it. */
function rank({ name }: Profile): number {
  const place = ['unknown', 'server', 'mod_dav_fs', 'sharepoint', 'sabre', 'nextcloud'].indexOf(name);
  return place < 0 ? 1 : place;
}
