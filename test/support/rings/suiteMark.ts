/** What the suite in the extension host puts before each line that it prints, so that it is told from the rest. */
export const suiteMark = '[suite] ';
