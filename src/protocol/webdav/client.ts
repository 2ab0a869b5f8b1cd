import type { Stamp } from '../../core/model/lock';
import type { ResourceId } from '../../core/model/resource';
import type { HttpAnswer, HttpRequest, Transport } from '../transport/http';
import type { MultistatusReader } from './reading/multistatusReader';
import type { Identity } from './identity';
import { changesLocks, LockChanges } from './lockChanges';
import { familyOf, lighttpd, modDavFs, unknownFamily } from './profiles/families';
import type { Profile } from './profiles/profile';
import { ReportedHolders } from './reportedHolders';

export interface WebdavOptions {
  readonly transport: Transport;
  /** Reads both clocks; `mono` must be the transport's clock. */
  readonly now: () => Stamp;
  readonly identity: Identity;
  /** Called when the number of a folder's members with unshowable names changes, also to 0. */
  readonly onHiddenMembers?: (folder: ResourceId, count: number) => void;
  /** False: every server counts as unknown. Nothing may become wrong by that, only slower. Default true. */
  readonly recognize?: boolean;
}

/** Sends requests to one server and learns its behavior from the responses. */
export class WebdavClient {
  readonly identity: Identity;
  readonly holders = new ReportedHolders();
  readonly #lockChanges = new LockChanges();
  readonly #transport: Transport;
  readonly #now: () => Stamp;
  #profile: Profile = unknownFamily;
  #product: string | undefined;
  #timeoutUnitMs = 1000;
  #tellsLockProps = false;
  #pipelines = true;
  readonly #otherForm = new Set<string>();
  readonly #unansweredForm = new Set<string>();
  readonly #leftOut = new Map<ResourceId, number>();
  readonly #onLeftOut: WebdavOptions['onHiddenMembers'];
  readonly #recognizes: boolean;

  constructor({ transport, now, identity, onHiddenMembers, recognize = true }: WebdavOptions) {
    this.#onLeftOut = onHiddenMembers;
    this.#recognizes = recognize;
    this.#transport = transport;
    this.#now = now;
    this.identity = identity;
  }

  get profile(): Profile {
    return this.#profile;
  }

  /** The server's usual `Server` header, untrusted. Not taken from refusals, which may come from another program. */
  get product(): string | undefined {
    return this.#product;
  }

  get answersTwice(): boolean {
    return this.#transport.answersTwice;
  }

  /** Resolves for any HTTP status. */
  send(request: HttpRequest): Promise<HttpAnswer> {
    const send = () => this.#transport.send(request);
    return this.learning(changesLocks(request) ? this.#lockChanges.inTurn(send) : send());
  }

  /** Learns from an answer as from any other. */
  async learning(answering: Promise<HttpAnswer>): Promise<HttpAnswer> {
    const answer = await answering;
    this.#learn(answer);
    return answer;
  }

  /** Whether a request may be sent right behind another. */
  get pipelines(): boolean {
    return this.#pipelines;
  }

  /** Two requests at once went wrong here: from now on, each waits for the answer to the one before it. */
  stopPipelining(): void {
    this.#pipelines = false;
  }

  now(): Stamp {
    return this.#now();
  }

  /** When the request was sent, on both clocks. */
  sentAt(answer: HttpAnswer): Stamp {
    const now = this.#now();
    return { mono: answer.sentAt, wall: now.wall - (now.mono - answer.sentAt) };
  }

  /** The server's clock minus ours in milliseconds, from the Date header (resolution one second), 0 if unknown. */
  skewMs(answer: HttpAnswer): number {
    const date = Date.parse(answer.headers['date'] ?? '');
    return Number.isNaN(date) ? 0 : date - this.#now().wall;
  }

  /** Records that this server lists locks: from now on, an unlisted lock is a lost lock. */
  learnListsLocks(): void {
    if (this.#profile.listsLocks !== true) this.#profile = { ...this.#profile, listsLocks: true };
  }

  /** Whether the server offers properties that name the holders of its locks (those of files_lock). */
  get tellsLockProps(): boolean {
    return this.#tellsLockProps;
  }

  /** What this server means by a second in DAV:timeout: some write milliseconds. */
  get timeoutUnitMs(): number {
    return this.#timeoutUnitMs;
  }

  /** The timeout that a LOCK of ours was granted, in seconds. */
  learnTimeoutUnit(granted: number | undefined, requested: number): void {
    if (granted !== undefined && granted === requested * 1000) this.#timeoutUnitMs = 1;
    else if (granted === requested) this.#timeoutUnitMs = 1000;
  }

  /** Reports how many members of the folder have unshowable names. */
  reportHiddenMembers(folder: ResourceId, count: number): void {
    if ((this.#leftOut.get(folder) ?? 0) === count) return;
    this.#leftOut.set(folder, count);
    this.#onLeftOut?.(folder, count);
  }

  /** Whether this server has accepted the method's If header only in the other form. */
  needsOtherForm(method: string): boolean {
    return this.#otherForm.has(method);
  }

  learnOtherForm(method: string): void {
    if (!this.#otherForm.delete(method)) this.#otherForm.add(method);
  }

  /** Whether the server has once given no answer at all to the other form: it may have ended the server. */
  avoidsOtherForm(method: string): boolean {
    return this.#unansweredForm.has(method);
  }

  learnUnansweredForm(method: string): void {
    this.#unansweredForm.add(method);
  }

  /** Adopts the server family identified by a listing's namespaces. */
  learnFamily(mark: MultistatusReader['family']): void {
    if (mark === 'modDavFs') this.#adopt(modDavFs);
    if (mark === 'subversion') this.holders.learnNamespace();
    // Others use the namespace too, and with the name alone it may be a proxy.
    if (mark === 'lighttpd' && /^lighttpd\b/i.test(this.#product ?? '')) this.#adopt(lighttpd);
  }

  #adopt(family: Profile): void {
    if (!this.#recognizes || rank(family) <= rank(this.#profile)) return;
    this.#profile = { ...family, listsLocks: this.#profile.listsLocks ?? family.listsLocks };
  }

  #learn({ status, headers }: HttpAnswer): void {
    if (status < 400) this.#product = headers['server'] ?? this.#product;
    this.holders.learn(headers);
    if (/(?:^|[\s,])(?:nc-|nextcloud)/i.test(headers['dav'] ?? '')) this.#tellsLockProps = true;
    const family = familyOf(headers);
    // Identifying headers are on some responses only: a plain `Server` header must not replace a better match.
    if (family) this.#adopt(family);
  }
}

/** How specific a family is: web servers put their own name on responses of the applications behind them. */
function rank({ name }: Profile): number {
  const index = ['unknown', 'server', 'lighttpd', 'mod_dav_fs', 'sharepoint', 'sabre', 'nextcloud'].indexOf(
    name,
  );
  return index < 0 ? 1 : index;
}
