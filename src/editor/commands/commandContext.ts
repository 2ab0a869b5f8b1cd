import type { BlockedSaves } from '../../core/saving/blockedSaves';
import type { DiagnosisService } from '../../core/diagnosis/diagnosisService';
import type { Journal } from '../../core/saving/journal';
import type { Directory } from '../../core/polling/directory';
import type { LeaseRecovery } from '../../core/leases/leaseRecovery';
import type { Leases } from '../../core/leases/leases';
import type { LockPoller, Wanted } from '../../core/polling/lockPoller';
import type { LockStore } from '../../core/locks/lockStore';
import type { Clock, ServerOf } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import type { ServerCheck } from '../../core/diagnosis/serverCheck';
import type { BaseVersions } from '../../core/saving/baseVersions';
import type { WaitList } from '../../core/waiting/waitList';
import type { KeptCopies } from '../files/keptCopies';
import type { ServerCopies } from '../files/serverCopies';
import type { Connections } from '../connection/connections';
import type { Documents } from '../files/documents';
import type { LeaseStore } from '../../storage/leaseStore';
import type { Merges } from '../files/merges';
import type { Log } from '../log';
import type { CurrentSettings } from '../connection/settings';

/** What commands work with. */
export interface CommandContext {
  readonly poller: LockPoller;
  readonly blockedSaves: BlockedSaves;
  readonly diagnosisService: DiagnosisService;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly copies: ServerCopies;
  readonly directory: Directory;
  readonly documents: Documents;
  /** The pages that explain a lock. */
  readonly explanations: {
    show(resource: ResourceId): Promise<void>;
    /** What the last check of its server found. */
    checkOf(resource: ResourceId): ServerCheck | undefined;
  };
  /** What the person can see of locks now: files that are looked at or in the Locks view, and open folders. */
  readonly visibleResources: () => Required<Wanted>;
  readonly journal: Journal;
  readonly keptCopies: KeptCopies;
  readonly leases: Leases;
  /** Our locks of earlier runs, and those of our other windows. */
  readonly recovery: LeaseRecovery;
  readonly leaseStore: LeaseStore;
  readonly log: Log;
  readonly merges: Merges;
  readonly baseVersions: BaseVersions;
  readonly serverOf: ServerOf;
  readonly settings: CurrentSettings;
  readonly store: LockStore;
  readonly waits: WaitList;
}

/** A command: what it works with, then whatever the menu, link or program gave. */
export type Command = (context: CommandContext, argument: unknown) => unknown;
