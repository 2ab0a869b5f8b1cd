/**
 * The API of the extension `lock-status.lock-status`, version 1. Members are only ever added.
 *
 *     const extension = vscode.extensions.getExtension<LockStatusApi>('lock-status.lock-status');
 *     const locks = await extension?.activate();
 *     const status = await locks?.getLockStatus(uri);
 *
 * No lock token and no credentials ever leave the extension.
 */
import type { Event, Uri } from 'vscode';

export interface LockStatusApi {
  readonly version: 1;
  /**
   * Asks the server unless what is known is younger than `maxAgeMs` (default 5000). Never rejects: an error is the state
   * `unknown` with its reason.
   */
  getLockStatus(uri: Uri, options?: { maxAgeMs?: number }): Promise<LockStatus>;
  /** Fires for files whose status would be answered differently than before. */
  readonly onDidChangeLockStatus: Event<readonly Uri[]>;
  /**
   * Stores a connection and its secret, and checks it; rejects with a sentence. For other extensions and automation: asks
   * nothing.
   */
  connect(options: ConnectOptions): Promise<void>;
  /** Files with a blocked save or a wait, newest first. */
  blockedSaves(): readonly { uri: Uri; since: Date; waiting: boolean }[];
}

export interface ConnectOptions {
  /** The folder's address: `https://dav.example.org/projects/`. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  readonly name?: string;
  /** Trusts the server without asking the person. */
  readonly trust?: boolean;
}

export interface LockStatus {
  readonly uri: Uri;
  /**
   * `free`: the server says that nobody holds a lock. `mine`: this window holds it; `mineElsewhere`: another window or
   * machine of the same person. `other`, `shared`: someone else. `lost`: this window held it and has unsaved text.
   * `unknown`: nothing is proven, see `reason`.
   */
  readonly state: 'free' | 'mine' | 'mineElsewhere' | 'other' | 'shared' | 'lost' | 'unknown';
  /** A sentence; only for `unknown`. */
  readonly reason?: string;
  readonly locks: readonly LockInfo[];
}

export interface LockInfo {
  /** Plain text of foreign origin: show it, and never follow or run it. */
  readonly holder?: string;
  /** Whether the server vouches for the holder; else only the text in the lock says so. */
  readonly verified?: boolean;
  readonly provider: 'webdav' | 'git-lfs' | 'subversion' | 'http';
  readonly contact?: Uri;
  readonly since?: Date;
  readonly until?: Date | 'never';
  readonly scope: 'exclusive' | 'shared';
  readonly depth: 'file' | 'tree';
  /** The lock root of a tree lock on a folder above the file. */
  readonly root?: Uri;
}
