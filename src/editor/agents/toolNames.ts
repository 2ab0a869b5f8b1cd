/** The tools that language models may call, as package.json declares them. */
export const toolNames = {
  holder: 'lock-status_holder',
  lock: 'lock-status_lock',
  saveWhenFree: 'lock-status_save_when_free',
} as const;
