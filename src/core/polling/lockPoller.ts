import type { Directory } from './directory';
import { isFailure, type FailureKind, type RemoteFailure } from '../model/failure';
import type { Clock } from '../model/ports';
import { parentOf, serverOf, type ResourceId, type ServerId } from '../model/resource';

export interface Wanted {
  readonly files?: readonly ResourceId[];
  /** Collections whose members are wanted, all of them. */
  readonly folders?: readonly ResourceId[];
}

/** What became of one question, for one or more of the resources that were wanted. */
export interface Answered {
  readonly about: readonly ResourceId[];
  /** Of a listing. */
  readonly members?: readonly ResourceId[];
  /** How long the server took. */
  readonly tookMs: number;
  readonly failure?: RemoteFailure;
  /** The failure is that of another question to the same server; this one was not put. */
  readonly unasked?: true;
}

/** `patient`: it is nobody's click, so a server that asked to be left alone is. */
export type Manner = 'patient' | 'insistent';

interface Question {
  readonly how: 'list' | 'stat';
  readonly resource: ResourceId;
  readonly about: readonly ResourceId[];
}

/** A listing of s members is cheaper than n single questions while s ≤ 40·(n − 1). */
const membersPerQuestion = 40;
/** Of the six connections to a server two stay free for saves and for what somebody clicks on. */
const atOnce = 4;
/** However long a server asks to be left alone. */
const longestQuietMs = 15 * 60_000;

/**
 * Asks which locks stand, with as few requests as the folders allow: several files of one folder become one listing
 * where that is cheaper. What comes back is in the store; failures are there too, as "unknown".
 */
export class LockPoller {
  /** Servers whose last answer failed whatever the question was; they are asked one question before the others. */
  private readonly troubled = new Set<ServerId>();
  private readonly quiet = new Map<ServerId, { readonly until: number; readonly failure: RemoteFailure }>();
  /** Folders whose files can be asked about and which cannot be listed. */
  private readonly unlistable = new Set<ResourceId>();

  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  async ask(resources: readonly ResourceId[], maxAgeMs = 0, manner: Manner = 'insistent'): Promise<void> {
    await this.askAll({ files: resources }, maxAgeMs, manner);
  }

  /** Whole folders, one request each. */
  async askFolders(folders: readonly ResourceId[], maxAgeMs = 0): Promise<void> {
    await this.askAll({ folders }, maxAgeMs, 'insistent');
  }

  /** Asks in the order given, each server for itself. Never rejects with a RemoteFailure: what failed is told. */
  async askAll(wanted: Wanted, maxAgeMs: number, manner: Manner): Promise<readonly Answered[]> {
    const byServer = grouped(this.questionsFor(wanted), ({ resource }) => serverOf(resource));
    const answers = [...byServer].map(([server, questions]) =>
      this.askServer(server, questions, { maxAgeMs, manner }),
    );
    return (await Promise.all(answers)).flat();
  }

  private questionsFor({ files = [], folders = [] }: Wanted): Question[] {
    const whole = new Set(folders);
    const groups = grouped(new Set(files), parentOf);
    const questions: Question[] = [];
    for (const [folder, about] of groups) {
      if (folder && whole.has(folder)) continue;
      if (folder && this.isListedCheaper(folder, about.length))
        questions.push({ how: 'list', resource: folder, about });
      else questions.push(...about.map(single));
    }
    for (const folder of whole)
      questions.push({ how: 'list', resource: folder, about: [folder, ...(groups.get(folder) ?? [])] });
    return questions;
  }

  private isListedCheaper(folder: ResourceId, files: number): boolean {
    if (files < 2 || this.unlistable.has(folder)) return false;
    return (this.directory.sizeOf(folder) ?? 0) <= membersPerQuestion * (files - 1);
  }

  private async askServer(
    server: ServerId,
    questions: readonly Question[],
    { maxAgeMs, manner }: { maxAgeMs: number; manner: Manner },
  ): Promise<Answered[]> {
    const quiet = manner === 'patient' ? this.quietOf(server) : undefined;
    if (quiet) return questions.map(({ about }) => ({ about, tookMs: 0, failure: quiet, unasked: true }));
    const answers: Answered[] = [];
    const queue = [...questions];
    let down: RemoteFailure | undefined;
    // Each lane takes the next question when it is free.
    const lane = async (most = Infinity) => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const answer = await (down ? this.unasked(next, down) : this.put(next, maxAgeMs));
        answers.push(answer);
        down ??= this.learn(server, answer);
        if (answer.failure && !down) queue.push(...this.instead(next));
        if ((most -= 1) === 0) return;
      }
    };
    if (this.troubled.has(server)) await lane(1);
    await Promise.all(Array.from({ length: Math.min(atOnce, questions.length) }, () => lane()));
    return answers;
  }

  private async put({ how, resource, about }: Question, maxAgeMs: number): Promise<Answered> {
    const { directory, clock } = this;
    const start = clock.now().mono;
    const told = () => ({ about, tookMs: clock.now().mono - start });
    try {
      if (how === 'list')
        return { members: await directory.list(resource, maxAgeMs, { brief: true }), ...told() };
      await directory.stat(resource, maxAgeMs);
      return told();
    } catch (error) {
      if (!isFailure(error)) throw error;
      return { ...told(), failure: error };
    }
  }

  /** The files of a folder that could not be listed are asked about one by one, now and from now on. */
  private instead({ how, resource, about }: Question): Question[] {
    if (how === 'stat') return [];
    this.unlistable.add(resource);
    return about.filter((id) => id !== resource).map(single);
  }

  /** The server has just failed another question for a reason that holds for this one: nothing is known of it either. */
  private unasked({ about }: Question, failure: RemoteFailure): Promise<Answered> {
    for (const id of about) this.directory.noteFailure(id, failure);
    return Promise.resolve({ about, tookMs: 0, failure, unasked: true });
  }

  /** Gives the failure that the server's other questions share. */
  private learn(server: ServerId, { failure }: Answered): RemoteFailure | undefined {
    const shared = failure && aboutServer(failure);
    if (!shared) {
      this.troubled.delete(server);
      return undefined;
    }
    this.troubled.add(server);
    const ms = Math.min(longestQuietMs, shared.facts.retryAfterMs ?? 0);
    if (ms > 0) this.quiet.set(server, { until: this.clock.now().mono + ms, failure: shared });
    return shared;
  }

  private quietOf(server: ServerId): RemoteFailure | undefined {
    const quiet = this.quiet.get(server);
    if (quiet && this.clock.now().mono < quiet.until) return quiet.failure;
    this.quiet.delete(server);
    return undefined;
  }
}

function single(resource: ResourceId): Question {
  return { how: 'stat', resource, about: [resource] };
}

const serverKinds = new Set<FailureKind>(['unreachable', 'tls', 'signInNeeded', 'cannotSignIn', 'busy']);

/** What any other question to the same server would end in. A time-out says nothing: one folder may be huge. */
function aboutServer(failure: RemoteFailure): RemoteFailure | undefined {
  if (serverKinds.has(failure.kind)) return failure;
  // That one file is not there says nothing of the others; that the server wants to be left alone does.
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
