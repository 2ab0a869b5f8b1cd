import type { ResourceId } from './resource';
import type { Secret } from './secret';

/** A sign-in that the person completes in the browser. */
export interface BrowserSignIn {
  /** To open in the browser: an address of the server itself. */
  readonly url: string;
  /**
   * A password for this program alone, which the server gives once; undefined until the person has granted it. Rejects
   * with a RemoteFailure.
   */
  poll(): Promise<{ readonly user: string; readonly password: Secret } | undefined>;
  close(): Promise<void>;
}

export interface BrowserSignIns {
  /** Whether the address is of a kind that may offer it. Sends nothing. */
  mayOffer(folder: ResourceId): boolean;
  /** Rejects with a RemoteFailure, `unsupported` where the server offers none. */
  start(folder: ResourceId): Promise<BrowserSignIn>;
}
