import type { Client } from 'undici';

/** Successes that such a request never has. */
const impossible: Readonly<Record<string, readonly number[]>> = {
  GET: [201, 207],
  HEAD: [201, 207],
  PROPFIND: [201, 204, 206],
  LOCK: [204, 206],
};

/**
 * Closes a connection over which an answer comes that cannot be the one to its request, as if it had broken before it: a
 * server or a proxy that has answered one request twice would go on to answer each with what belongs to the one before.
 * The first answer over a connection is always that to its request.
 */
export function closedByMisplaced(client: Client): Client {
  const dispatch = client.dispatch.bind(client);
  let isAnswered = false;
  client.on('connect', () => void (isAnswered = false));
  const watching: Client['dispatch'] = (options, handler) => {
    const onConnect = handler.onConnect?.bind(handler);
    const onHeaders = handler.onHeaders?.bind(handler);
    let close: (reason: Error) => void = () => undefined;
    handler.onConnect = (abort) => {
      close = abort;
      onConnect?.(abort);
    };
    handler.onHeaders = (status, ...rest) => {
      const mayBeMisplaced = isAnswered;
      isAnswered ||= status >= 200;
      if (!mayBeMisplaced || !impossible[options.method]?.includes(status))
        return onHeaders?.(status, ...rest) ?? true;
      close(Object.assign(new Error('The answer belongs to another request'), { code: 'ECONNRESET' }));
      return true;
    };
    return dispatch(options, handler);
  };
  return Object.assign(client, { dispatch: watching });
}
