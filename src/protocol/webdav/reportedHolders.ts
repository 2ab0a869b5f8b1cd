import { textOfBytes } from '../../base/headerBytes';
import { Serial } from '../../base/singleFlight';
import type { ResourceId } from '../../core/model/resource';
import { namespaces } from '../xml/names';

/** Who holds a lock and since when, as a server reports it beside DAV:activelock. */
export interface ReportedHolder {
  readonly account: string;
  readonly since: string | undefined;
}

const maxKnown = 20_000;

/**
 * Holders that a server reports beside its locks, by lock token. A lock never changes its holder, so each is asked for
 * once.
 */
export class ReportedHolders {
  #tells = false;
  readonly #known = new Map<string, ReportedHolder | undefined>();
  readonly #reports = new Serial<'report'>();
  /** Whether the server has refused to report its locks. */
  isReportRefused = false;
  /** The repository, once a report has shown where it begins. */
  root: ResourceId | undefined;

  /** Whether the server reports holders beside its locks: then DAV:owner is a comment. */
  get tells(): boolean {
    return this.#tells;
  }

  learn(headers: Readonly<Record<string, string>>): void {
    if (headers[holderHeader] !== undefined || headers['dav']?.includes(namespaces.svnDav))
      this.#tells = true;
  }

  learnNamespace(): void {
    this.#tells = true;
  }

  knows(token: string): boolean {
    return this.#known.has(token);
  }

  of(token: string): ReportedHolder | undefined {
    return this.#known.get(token);
  }

  /** @param holder undefined if the server does not report it for this lock. */
  remember(token: string, holder: ReportedHolder | undefined): void {
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(token, holder);
  }

  /** One report at a time: the next caller may find its answer in the one before. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.#reports.run('report', task);
  }
}

const holderHeader = 'x-svn-lock-owner';

/** The holder in the headers of an answer about one lock. */
export function holderInHeaders(headers: Readonly<Record<string, string>>): ReportedHolder | undefined {
  const account = headers[holderHeader];
  if (account === undefined || account === '') return undefined;
  return { account: textOfBytes(account), since: headers['x-svn-creation-date'] };
}
