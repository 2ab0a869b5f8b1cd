/**
 * What the person does about a version on the server that their text was not made from. `review`: compare or merge;
 * `resolve`: the merge left overlaps in the text; `save`: the text has both changes, and only the server lacks it.
 */
export type ServerChange = 'review' | 'resolve' | 'save';
