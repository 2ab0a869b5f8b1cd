import type { HttpRequest } from './http';

const headersMs = 30_000;
const bodyMs = 60_000;
/** 32 KiB a second: slower lines are rarer than servers that hang. */
const uploadBytesPerMs = 32;

/** Milliseconds from the start of a request to the headers of its answer; what is sent up is given its time on top. */
export function headersMsOf(request: HttpRequest): number {
  return request.headersMs ?? headersMs + Math.ceil((request.body?.length ?? 0) / uploadBytesPerMs);
}

/** Milliseconds for an answer's body, or for each 64 KiB of it. */
export function bodyMsOf(request: HttpRequest): number {
  return request.bodyMs ?? bodyMs;
}

/** 4 KiB a second: on average at least that fast must a file come. */
const contentBytesPerMs = 4;

/**
 * Milliseconds for the whole body, of which so many bytes have come: three times the time for a part of it. The content
 * of a file may be long, and is given the time that a slow line takes for what has come of it; other answers are not,
 * or a server that drips would keep a save waiting for hours.
 */
export function wholeBodyMs(method: string, partMs: number, bytes: number): number {
  return 3 * partMs + (method === 'GET' ? Math.floor(bytes / contentBytesPerMs) : 0);
}
