import type { HttpRequest } from '../http';

const headersMs = 30_000;
const bodyMs = 60_000;
/** 32 KiB a second: slower connections are rarer than servers that hang. */
const uploadBytesPerMs = 32;

/** Milliseconds from the start of a request to the headers of its answer; an upload gets extra time. */
export function headersMsOf(request: HttpRequest): number {
  return request.headersMs ?? headersMs + Math.ceil((request.body?.length ?? 0) / uploadBytesPerMs);
}

/** Milliseconds for an answer's body, or for each 64 KiB of it. */
export function bodyMsOf(request: HttpRequest): number {
  return request.bodyMs ?? bodyMs;
}

/** 4 KiB a second: the slowest average at which a file may arrive. */
const contentBytesPerMs = 4;

/**
 * Milliseconds for the whole body after `bytes` of it have arrived: three times the time for a part. The content of a
 * file may be long, so it also gets the time that a slow connection needs for what has arrived; other answers do not,
 * or a server that sends byte by byte could keep a save waiting for hours.
 */
export function wholeBodyMs(method: string, partMs: number, bytes: number): number {
  return 3 * partMs + (method === 'GET' ? Math.floor(bytes / contentBytesPerMs) : 0);
}
