import { withinTime } from '../core/leases/withTimeout';
import type { Clock } from '../core/model/ports';

/** The part of the editor's secret storage that is used. */
export interface SecretStorage {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** A person may have to unlock the keyring first; one that never answers must not hold up locks and saves for ever. */
const limitMs = 30_000;

/** The editor's secret storage with a limit for each answer. */
export class LimitedSecrets implements SecretStorage {
  constructor(
    private readonly storage: SecretStorage,
    private readonly clock: Clock,
  ) {}

  get(key: string): Promise<string | undefined> {
    return this.limited(this.storage.get(key));
  }

  store(key: string, value: string): Promise<void> {
    return this.limited(this.storage.store(key, value));
  }

  delete(key: string): Promise<void> {
    return this.limited(this.storage.delete(key));
  }

  private limited<T>(answer: PromiseLike<T>): Promise<T> {
    return withinTime(
      this.clock,
      limitMs,
      answer,
      'The secret storage of the editor did not answer. Unlock the keyring of this computer and try again.',
    );
  }
}
