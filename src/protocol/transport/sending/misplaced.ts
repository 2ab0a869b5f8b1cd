import Client from 'undici/lib/dispatcher/client.js';
import type { buildConnector } from 'undici';

/** Statuses that such a request never has: successes of others, and that of a condition, which questions are sent without. */
const impossible: Readonly<Record<string, readonly number[]>> = {
  GET: [201, 207, 412],
  HEAD: [201, 207, 412],
  PROPFIND: [201, 204, 206, 412],
  LOCK: [204, 206],
};

const lockToken = 'lock-token';

/** A second answer comes at once or with the next one; what comes later says that the connection was idle for too long. */
const straySoonMs = 2_000;

/** What the answers of one origin have shown. */
export interface AnswerHabits {
  /** An answer came to which there was no request. */
  answersTwice: boolean;
}

/**
 * A client that closes its connection over an answer that cannot be the one to its request, as if it had broken before
 * it: a server or a proxy that has answered one request twice would go on to answer each with what belongs to the one
 * before. From then on, each request to the origin gets a connection of its own: the first answer over a connection is
 * always that to its request.
 */
export function clientOfMatchingAnswers(to: URL, options: Client.Options, habits: AnswerHabits): Client {
  let socket: { destroy(): unknown } | undefined;
  let isAnswered = false;
  let answeredAt = 0;
  const open = options.connect as buildConnector.connector;
  const connect: buildConnector.connector = (how, callback) =>
    open(how, (...result: Parameters<buildConnector.Callback>) => {
      socket = result[1] ?? undefined;
      callback(...result);
    });
  const client = new Client(to, { ...options, connect });
  const dispatch = client.dispatch.bind(client);
  client.on('connect', () => void (isAnswered = false));
  client.on('disconnect', (_origin, _targets, error) => {
    if (isStray(error) && performance.now() - answeredAt < straySoonMs) habits.answersTwice = true;
  });
  const watching: Client['dispatch'] = (options, handler) => {
    if (habits.answersTwice && isAnswered && client.stats.size === 0) {
      isAnswered = false;
      socket?.destroy();
    }
    const onConnect = handler.onConnect?.bind(handler);
    const onHeaders = handler.onHeaders?.bind(handler);
    let close: (reason: Error) => void = () => undefined;
    handler.onConnect = (abort) => {
      close = abort;
      onConnect?.(abort);
    };
    handler.onHeaders = (status, head, ...rest) => {
      const mayBeMisplaced = isAnswered;
      isAnswered ||= status >= 200;
      answeredAt = performance.now();
      if (!mayBeMisplaced || isPossible(options.method, status, head))
        return onHeaders?.(status, head, ...rest) ?? true;
      habits.answersTwice = true;
      close(Object.assign(new Error('The answer belongs to another request'), { code: 'ECONNRESET' }));
      return true;
    };
    return dispatch(options, handler);
  };
  return Object.assign(client, { dispatch: watching });
}

/** @param head names and values in turn. */
function isPossible(method: string, status: number, head: readonly Buffer[]): boolean {
  if (impossible[method]?.includes(status)) return false;
  return method !== 'GET' || !head.some((name, index) => index % 2 === 0 && isLockToken(name));
}

/** The answer to a LOCK has it (RFC 4918 section 10.5), which would be shown as the content of a file. */
function isLockToken(name: Buffer): boolean {
  return name.length === lockToken.length && name.toString('latin1').toLowerCase() === lockToken;
}

/** undici's own words for an answer to no request. */
function isStray({ message }: Error): boolean {
  return message === 'bad response';
}
