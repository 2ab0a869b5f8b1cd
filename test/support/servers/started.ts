/** The servers that this process has started, with their versions. */
export const startedServers = new Set<string>();
