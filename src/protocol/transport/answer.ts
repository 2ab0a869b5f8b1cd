import type { Readable } from 'node:stream';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { ReadRefusal, RefusalInfo } from '../../core/model/refusalInfo';
import { wholeBodyMs } from './sending/deadlines';
import { decoded } from './decoding';
import type { HttpAnswer, SignIn } from './http';
import { GivenUp, type Watch } from './sending/watch';

/** Bytes that restart the time limit: with fewer, a server that sends byte by byte could keep a reader forever. */
const progressBytes = 64 * 1024;
/** How much of an unwanted body is read so that the connection can be reused. */
const drainBytes = 64 * 1024;
const drainMs = 500;
/** How much of a refusal is read to find out what it means. */
const headBytes = 64 * 1024;

export interface AnswerParts {
  readonly method: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly sentAt: number;
  readonly body: Readable;
  readonly watch: Watch;
  /** Milliseconds for the body, or for each 64 KiB of it. */
  readonly bodyMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly maxBytes: number;
  /** The content codings that the request accepts. */
  readonly accepts: readonly string[];
  /** Translates an error of the body's stream. */
  readonly failure: (error: unknown) => RemoteFailure;
  /** Reads the beginning of a refusal's body. */
  readonly readRefusal: (body: string) => ReadRefusal;
}

/** An answer whose body is still on its way. */
export class Answer implements HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly sentAt: number;
  /** Settles when the body has ended, with its failure if it had one. Never rejects. */
  readonly closed: Promise<RemoteFailure | undefined>;
  /** Set by the transport for a 401. */
  signIn: SignIn | undefined;
  private head: Uint8Array[] | undefined;
  private readHead: ReadRefusal | undefined;
  private readonly stream: Readable;
  private taken = false;
  private left = false;
  private handedOverAt = 0;

  constructor(private readonly parts: AnswerParts) {
    ({ status: this.status, headers: this.headers, sentAt: this.sentAt } = parts);
    this.stream = this.isEmpty
      ? parts.body
      : decoded(parts.body, this.headers['content-encoding'], parts.accepts);
    this.closed = new Promise((resolve) => {
      let failure: RemoteFailure | undefined;
      this.stream.once('error', (error) => {
        if (!this.left) failure = parts.failure(error);
      });
      this.stream.once('close', () => resolve(failure));
    });
    if (this.isEmpty) this.stream.resume();
  }

  /** Starts the caller's time for the body; until now the transport itself was using the answer. */
  handOver(): void {
    this.handedOverAt = this.parts.now();
    this.allow(0);
    void this.closed.then(() => this.parts.watch.end());
  }

  /** Resolves at once where a body follows, else when the connection is free for the next request. */
  async withoutBodyOver(): Promise<this> {
    if (!this.isEmpty) return this;
    await this.closed;
    await connectionFree();
    return this;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void> {
    if (this.taken) throw new TypeError('The body of an answer is read once.');
    this.taken = true;
    if (this.isEmpty) return;
    let ended = false;
    try {
      const { maxBytes } = this.parts;
      if (Number(this.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
      let total = 0;
      let progress = 0;
      // Leaving early is handled below; the stream itself would report it as an error.
      for await (const chunk of this.stream.iterator({
        destroyOnReturn: false,
      }) as AsyncIterable<Uint8Array>) {
        total += chunk.length;
        progress += chunk.length;
        if (total > maxBytes) throw tooLarge();
        if (progress >= progressBytes) {
          progress = 0;
          this.allow(total);
        }
        this.note(chunk);
        yield chunk;
      }
      ended = true;
      await connectionFree();
    } catch (error) {
      ended = true;
      if (error instanceof GivenUp) this.stream.destroy(error);
      throw this.parts.failure(error);
    } finally {
      // A reader that stops early is not a failure, but the connection cannot be reused.
      if (!ended) this.leave();
    }
  }

  async bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.chunks()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async text(limit = this.parts.maxBytes): Promise<string> {
    const chunks: Uint8Array[] = [];
    let kept = 0;
    for await (const chunk of this.chunks()) {
      chunks.push(chunk.subarray(0, limit - kept));
      kept = Math.min(kept + chunk.length, limit);
      if (kept === limit) break;
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
  }

  async refusal(): Promise<RefusalInfo> {
    try {
      await this.text(headBytes);
    } catch (error) {
      if (!isFailure(error)) throw error;
      // A name or a sentence that breaks off may say something else.
      this.head = [];
    }
    return (this.said ?? this.parts.readRefusal('')).info;
  }

  /** What a refusal says, as far as it was read. */
  get said(): ReadRefusal | undefined {
    if (!this.isRefusal) return undefined;
    return (this.readHead ??= this.parts.readRefusal(
      new TextDecoder().decode(Buffer.concat(this.head ?? [])),
    ));
  }

  /** Reads a short rest, so that the connection can be reused; closes the connection on a long or slow one. Never rejects. */
  async discard(): Promise<void> {
    if (this.taken || this.isEmpty) return;
    this.taken = true;
    this.left = true;
    let seen = 0;
    this.stream.on('data', (chunk: Uint8Array) => {
      seen += chunk.length;
      if (seen > drainBytes) this.leave();
    });
    const timer = setTimeout(() => this.leave(), drainMs);
    await this.closed;
    clearTimeout(timer);
    await connectionFree();
  }

  /** Sets the time limit for the next part of the body, within the limit for all of it. */
  private allow(received: number): void {
    const { watch, bodyMs, method, now } = this.parts;
    const left = this.handedOverAt + wholeBodyMs(method, bodyMs, received) - now();
    watch.allow(Math.max(0, Math.min(bodyMs, left)), 'BODY');
  }

  private note(chunk: Uint8Array): void {
    const { status, method } = this.parts;
    if (status < 400 && (status !== 207 || method === 'PROPFIND')) return;
    const head = (this.head ??= []);
    const kept = head.reduce((sum, part) => sum + part.length, 0);
    if (kept < headBytes) head.push(chunk.subarray(0, headBytes - kept));
  }

  private get isRefusal(): boolean {
    return this.status >= 400 || this.head !== undefined;
  }

  private leave(): void {
    this.left = true;
    this.stream.destroy();
  }

  /** RFC 9112 section 6.3: there is no body, whatever the headers say about its length and coding. */
  private get isEmpty(): boolean {
    const { method, status, headers } = this.parts;
    return method === 'HEAD' || status === 204 || status === 304 || headers['content-length'] === '0';
  }
}

/** undici frees a connection one turn of the event loop after its answer ended; a request before that opens another. */
function connectionFree(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function tooLarge(): GivenUp {
  return new GivenUp('badAnswer', 'TOO_LARGE');
}
