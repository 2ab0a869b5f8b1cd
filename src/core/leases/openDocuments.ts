import type { ResourceId } from '../model/resource';

/** The editor's open documents, as far as the core needs them. */
export interface OpenDocuments {
  isOpen(resource: ResourceId): boolean;
  /** Whether a tab shows it. Another extension may keep a document open that no tab shows. */
  isShown(resource: ResourceId): boolean;
  /** Also in an editor that gives no document, such as a notebook. */
  isDirty(resource: ResourceId): boolean;
  /** Whether the document's text, as it would be saved now, is these bytes. Unsure counts as no; may reject. */
  holds(resource: ResourceId, bytes: Uint8Array): Promise<boolean>;
  /** Saves the newest text as an explicit save; false if the save failed. */
  save(resource: ResourceId): Promise<boolean>;
}
