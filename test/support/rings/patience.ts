import type { Ring } from './files';

/** Milliseconds for one test: many times what it takes, because a busy machine is no failure. */
export const patience: Readonly<Record<Ring, number>> = {
  unit: 120_000,
  tools: 120_000,
  server: 120_000,
  editor: 180_000,
  window: 300_000,
};
