import type { ResourceId } from '../model/resource';

/** The editor's open documents, as far as the core needs them. */
export interface OpenDocuments {
  isOpen(resource: ResourceId): boolean;
  isDirty(resource: ResourceId): boolean;
  /** Saves the newest text as an explicit save; false if the save failed. */
  save(resource: ResourceId): Promise<boolean>;
}
