/** Settings without what draws or computes much at each key and is no matter of any test. */
export const plainLook: Readonly<Record<string, unknown>> = {
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.stickyScroll.enabled': false,
  'editor.wordBasedSuggestions': 'off',
  // Markdown has more grammars in it than any other language.
  'files.associations': { '*.md': 'plaintext' },
};
