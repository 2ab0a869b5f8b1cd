import type { BlockedSaves } from '../../core/saving/blockedSaves';
import type { DiagnosisService } from '../../core/diagnosis/diagnosisService';
import type { Journal } from '../../core/saving/journal';
import type { Directory } from '../../core/polling/directory';
import type { LeaseRecovery } from '../../core/leases/leaseRecovery';
import type { Leases } from '../../core/leases/leases';
import type { LockPoller, PollTargets } from '../../core/polling/lockPoller';
import type { ServerPauses } from '../../core/polling/serverPauses';
import type { LockStore } from '../../core/locks/lockStore';
import type { LockProviders } from '../../core/model/lockProviders';
import type { Clock, FilesOf } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import type { ServerCheck } from '../../core/diagnosis/serverCheck';
import type { BaseVersions } from '../../core/saving/baseVersions';
import type { WaitList } from '../../core/waiting/waitList';
import type { Contents } from '../../core/search/contents';
import type { ResultDocuments } from '../search/resultDocuments';
import type { KeptCopies } from '../files/keptCopies';
import type { ServerCopies } from '../files/serverCopies';
import type { Connections } from '../connection/connections';
import type { PlaceOpener } from '../connection/placeOpener';
import type { Documents } from '../files/documents';
import type { LeaseStore } from '../../storage/leaseStore';
import type { Merges } from '../files/merges';
import type { Log } from '../log';
import type { WaitMessages } from '../messages/waitMessages';
import type { CurrentSettings } from '../connection/settings';
import type { ServerTrust } from '../trust/serverTrust';

/** Everything that commands depend on. */
export interface CommandContext {
  readonly poller: LockPoller;
  readonly blockedSaves: BlockedSaves;
  readonly diagnosisService: DiagnosisService;
  readonly clock: Clock;
  readonly connections: Connections;
  /** Contents of files for a search, from the disk where it has them. */
  readonly contents: Contents;
  readonly copies: ServerCopies;
  readonly directory: Directory;
  readonly documents: Documents;
  /** The webview pages that explain a lock. */
  readonly explanations: {
    show(resource: ResourceId): Promise<void>;
    /** The result of the last check of the resource's server. */
    checkOf(resource: ResourceId): ServerCheck | undefined;
  };
  /** Where locks are visible now: files in editors or the Locks view, and expanded folders. */
  readonly visibleResources: () => Required<PollTargets>;
  readonly journal: Journal;
  readonly keptCopies: KeptCopies;
  readonly leases: Leases;
  /** Leases of earlier sessions, and those of our other windows. */
  readonly leaseRecovery: LeaseRecovery;
  readonly leaseStore: LeaseStore;
  readonly log: Log;
  readonly merges: Merges;
  readonly pauses: ServerPauses;
  readonly places: PlaceOpener;
  readonly baseVersions: BaseVersions;
  readonly filesOf: FilesOf;
  readonly lockProviders: LockProviders;
  /** Documents that show search results. */
  readonly resultDocuments: ResultDocuments;
  readonly settings: CurrentSettings;
  readonly store: LockStore;
  readonly trust: ServerTrust;
  readonly waits: WaitList;
  readonly waitMessages: WaitMessages;
}

/** What a function that works for a command depends on. */
export type Needs<Part extends keyof CommandContext> = Pick<CommandContext, Part>;

/** A command: what it depends on, and the argument from a menu, link or program. */
export type Command<Part extends keyof CommandContext = never> = (
  context: Needs<Part>,
  argument: unknown,
) => unknown;
