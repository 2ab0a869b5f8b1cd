import { RemoteFailure } from './failure';
import type { LockProvider } from './ports';
import type { ResourceId } from './resource';

/** A source of locks: answers for the resources that it is responsible for, and for no others. */
export type LockSource = (resource: ResourceId) => LockProvider | undefined;

/** Who knows the locks of a resource? The first source that is responsible for it. */
export class LockProviders {
  constructor(private readonly sources: readonly LockSource[]) {}

  find(resource: ResourceId): LockProvider | undefined {
    for (const source of this.sources) {
      const provider = source(resource);
      if (provider) return provider;
    }
    return undefined;
  }

  /** Throws a RemoteFailure `unsupported` where no source is responsible. */
  of(resource: ResourceId): LockProvider {
    const provider = this.find(resource);
    if (!provider) throw new RemoteFailure('unsupported', { resource });
    return provider;
  }
}
