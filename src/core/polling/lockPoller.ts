import type { Directory } from './directory';
import { isFailure, RemoteFailure, type FailureKind } from '../model/failure';
import type { Clock } from '../model/ports';
import { parentOf, serverOf, type ResourceId, type ServerId } from '../model/resource';
import type { ServerPauses } from './serverPauses';

export interface PollTargets {
  readonly files?: readonly ResourceId[];
  /** Collections to list in full. */
  readonly folders?: readonly ResourceId[];
}

/** The result of one request, for one or more of the wanted resources. */
export interface PollResult {
  readonly about: readonly ResourceId[];
  /** The members, for a listing. */
  readonly members?: readonly ResourceId[];
  /** How long the server took. */
  readonly tookMs: number;
  readonly failure?: RemoteFailure;
  /** The failure is from another request to the same server; this one was not sent. */
  readonly skipped?: true;
}

/** `patient`: no user is waiting, so a server's Retry-After is honored; `byPerson`: a person asked for just this. */
export type PollOrigin = 'patient' | 'insistent' | 'byPerson';

interface PollRequest {
  readonly how: 'list' | 'stat';
  readonly resource: ResourceId;
  readonly about: readonly ResourceId[];
}

/** A listing of s members is cheaper than n single requests if s ≤ 40·(n − 1). */
const membersPerRequest = 40;
/** Of the six connections to a server, two stay free for saves and clicks. */
const maxParallel = 4;

/**
 * Polls locks with as few requests as possible: several files of one folder become one listing if that is cheaper.
 * Results go into the store; failures too, as "unknown".
 */
export class LockPoller {
  /** Servers whose last failure concerned the whole server; the next poll tries one request first. */
  private readonly failing = new Set<ServerId>();
  /** Folders that cannot be listed although their files can be polled. */
  private readonly unlistable = new Set<ResourceId>();

  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly pauses: ServerPauses,
  ) {}

  async ask(resources: readonly ResourceId[], maxAgeMs = 0, manner: PollOrigin = 'insistent'): Promise<void> {
    await this.askAll({ files: resources }, maxAgeMs, manner);
  }

  /** When the folder was last listed in full, in monotonic milliseconds. */
  listedAt(folder: ResourceId): number | undefined {
    return this.directory.listedAt(folder);
  }

  /** Lists whole folders for a person, one request each. */
  async askFolders(folders: readonly ResourceId[]): Promise<void> {
    await this.askAll({ folders }, 0, 'byPerson');
  }

  /** Polls in the given order, each server separately. Never rejects with a RemoteFailure; returns failures. */
  async askAll(wanted: PollTargets, maxAgeMs: number, manner: PollOrigin): Promise<readonly PollResult[]> {
    const byServer = grouped(this.requestsFor(wanted), ({ resource }) => serverOf(resource));
    const answers = [...byServer].map(([server, requests]) =>
      this.askServer(server, requests, { maxAgeMs, manner }),
    );
    return (await Promise.all(answers)).flat();
  }

  private requestsFor({ files = [], folders = [] }: PollTargets): PollRequest[] {
    const folderSet = new Set(folders);
    const groups = grouped(new Set(files), parentOf);
    const requests: PollRequest[] = [];
    for (const [folder, about] of groups) {
      if (folder && folderSet.has(folder)) continue;
      if (folder && this.isListedCheaper(folder, about.length))
        requests.push({ how: 'list', resource: folder, about });
      else requests.push(...about.map(single));
    }
    for (const folder of folderSet)
      requests.push({ how: 'list', resource: folder, about: [folder, ...(groups.get(folder) ?? [])] });
    return requests;
  }

  private isListedCheaper(folder: ResourceId, files: number): boolean {
    if (files < 2 || this.unlistable.has(folder)) return false;
    return (this.directory.sizeOf(folder) ?? 0) <= membersPerRequest * (files - 1);
  }

  private async askServer(
    server: ServerId,
    requests: readonly PollRequest[],
    { maxAgeMs, manner }: { maxAgeMs: number; manner: PollOrigin },
  ): Promise<PollResult[]> {
    const since = this.clock.now().mono;
    const retryAfterMs = this.pauses.leftOfServer(server);
    if (manner === 'patient' && retryAfterMs > 0)
      return requests.map(({ resource, about }) => {
        const failure = new RemoteFailure('busy', { resource, retryAfterMs });
        return { about, tookMs: 0, failure, skipped: true };
      });
    const answers: PollResult[] = [];
    const queue = [...requests];
    let serverFailure: RemoteFailure | undefined;
    // Each lane takes the next request when it is free.
    const lane = async (limit = Infinity) => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const answer = await (serverFailure ? this.skip(next, serverFailure) : this.send(next, maxAgeMs));
        answers.push(answer);
        // A listing of the folder was to answer for its files as well, so its failure is theirs.
        if (answer.failure && aboutServer(answer.failure)) this.noteFailure(answer.about, answer.failure);
        if (manner === 'byPerson' && !answer.failure) this.pauses.lift(next.resource, since);
        serverFailure ??= this.recordOutcome(server, answer);
        if (answer.failure && !serverFailure) queue.push(...this.fallbackFor(next));
        if ((limit -= 1) === 0) return;
      }
    };
    if (this.failing.has(server)) await lane(1);
    await Promise.all(Array.from({ length: Math.min(maxParallel, requests.length) }, () => lane()));
    return answers;
  }

  private async send({ how, resource, about }: PollRequest, maxAgeMs: number): Promise<PollResult> {
    const { directory, clock } = this;
    const start = clock.now().mono;
    const result = () => ({ about, tookMs: clock.now().mono - start });
    try {
      if (how === 'list') {
        const known = about.filter((id) => directory.cached(id));
        const members = await directory.list(resource, maxAgeMs, { brief: true });
        // Not where we have changed something meanwhile, which the listing may predate.
        if (directory.listedAt(resource) !== undefined) for (const id of known) directory.noteIfMissing(id);
        return { members, ...result() };
      }
      await directory.stat(resource, maxAgeMs);
      return result();
    } catch (error) {
      if (!isFailure(error)) throw error;
      // Whoever looks at a file that is no longer there is to see that, not that nobody has asked.
      if (how === 'stat' && error.kind === 'notFound') directory.noteIfMissing(resource);
      return { ...result(), failure: error };
    }
  }

  /** If a folder cannot be listed, polls its files one by one, now and later. */
  private fallbackFor({ how, resource, about }: PollRequest): PollRequest[] {
    if (how === 'stat') return [];
    this.unlistable.add(resource);
    return about.filter((id) => id !== resource).map(single);
  }

  /** The server just failed another request for a reason that applies to this one, so its state is unknown too. */
  private skip({ about }: PollRequest, failure: RemoteFailure): Promise<PollResult> {
    this.noteFailure(about, failure);
    return Promise.resolve({ about, tookMs: 0, failure, skipped: true });
  }

  private noteFailure(about: readonly ResourceId[], failure: RemoteFailure): void {
    for (const id of about) this.directory.noteFailure(id, failure);
  }

  /** Returns the failure if it applies to the server's other requests. */
  private recordOutcome(server: ServerId, { failure }: PollResult): RemoteFailure | undefined {
    const shared = failure && aboutServer(failure);
    if (!shared) {
      this.failing.delete(server);
      return undefined;
    }
    this.failing.add(server);
    this.pauses.note(shared);
    return shared;
  }
}

function single(resource: ResourceId): PollRequest {
  return { how: 'stat', resource, about: [resource] };
}

const serverKinds = new Set<FailureKind>(['unreachable', 'tls', 'signInNeeded', 'cannotSignIn', 'busy']);

/** A failure that any request to this server would get. A timeout is not one: a single folder may be huge. */
function aboutServer(failure: RemoteFailure): RemoteFailure | undefined {
  if (serverKinds.has(failure.kind)) return failure;
  // One missing file says nothing about others, but a Retry-After concerns the whole server.
  return failure.facts.retryAfterMs === undefined ? undefined : failure.as('busy');
}

function grouped<K, T>(all: Iterable<T>, keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
