// Whether servers are recognized in this run: nothing may depend on it but speed.

/** `off`: every server counts as unknown. */
export const recognitionVariable = 'LOCK_STATUS_TEST_RECOGNITION';

export const recognize = process.env[recognitionVariable] !== 'off';
