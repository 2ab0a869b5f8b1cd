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
