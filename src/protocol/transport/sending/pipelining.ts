import type { Client, Dispatcher } from 'undici';
import type { AnswerHabits } from './misplaced';
import { GivenUp } from './watch';

/** Sends another request right behind the one whose options these are. */
export interface WithNext {
  readonly next?: (connection: Pick<Dispatcher, 'dispatch'>) => void;
}

type Handler = Dispatcher.DispatchHandler;

/** What the connections to one origin have shown. */
export interface ConnectionHabits extends AnswerHabits {
  /** The last answer has left its connection open. */
  areKept: boolean;
  /** How often in a row the answer to the first of two requests has said that it closes the connection. */
  closings: number;
}

/** Servers close a connection after so many requests. Twice in a row, it is rather for the second request. */
const mostClosings = 1;

/**
 * A connection that sends the `next` of a request right behind it (RFC 9112 section 9.3.2): at once if it is open and
 * idle, else when it has been opened, because servers close idle connections after seconds. Not where each answer ends
 * its connection: a server that closes one with a request still unread resets it, which may lose the answer on its way.
 *
 * undici pipelines only where the first request is not `blocking` and the second is `idempotent`. The limit is raised
 * until the second is answered, because below two undici expects no answer in the same packet as another; it is lowered
 * before a third request may come.
 */
export function pipelining(client: Client, habits: ConnectionHabits): Client {
  const dispatch = client.dispatch.bind(client);
  const lower = () => void (client.pipelining > 1 && (client.pipelining = 1));
  // Free for the next request, over this connection or the next.
  client.on('drain', () => void (habits.areKept = client.stats.connected));
  const withNext: Client['dispatch'] = (options, handler) => {
    lower();
    const { next } = options as WithNext;
    const { connected, size } = client.stats;
    const isWorthIt = !habits.answersTwice && habits.closings <= mostClosings;
    if (!next || size > 0 || !(connected || habits.areKept) || !isWorthIt) return dispatch(options, handler);
    client.pipelining = 2;
    let closes = false;
    const first = sentOnce(handler, {
      onAnswer: (head) => (closes = head.closes),
      whyNotAgain: lost,
    });
    let isFree = dispatch({ ...options, blocking: false }, first);
    next({
      dispatch: (second, secondHandler) => {
        const once = sentOnce(secondHandler, {
          onAnswer: () => (habits.closings = 0),
          onOver: lower,
          whyNotAgain: () => {
            if (!closes) return lost();
            habits.closings += 1;
            return new GivenUp('canceled', 'CONNECTION_CLOSE');
          },
        });
        return (isFree = dispatch({ ...second, idempotent: true }, once));
      },
    });
    if (isFree) lower();
    return isFree;
  };
  return Object.assign(client, { dispatch: withNext });
}

function lost(): Error {
  return Object.assign(new Error('The connection closed'), { code: 'ECONNRESET' });
}

interface Once {
  /** Called with each head of an answer: whether it says that the server closes the connection after it. */
  readonly onAnswer: (head: { readonly closes: boolean }) => void;
  readonly onOver?: () => void;
  /** The failure of what undici would send again. */
  readonly whyNotAgain: () => Error;
}

/**
 * undici sends again what was under way on a connection that closed after one request was given up: a write, although
 * the server may have done it, and a look, which then no longer stands behind its write.
 */
function sentOnce(handler: Handler, { onAnswer, onOver, whyNotAgain }: Once): Handler {
  const onConnect = handler.onConnect?.bind(handler);
  const onHeaders = handler.onHeaders?.bind(handler);
  const onError = handler.onError?.bind(handler);
  // Not at once: the setter makes undici go on, which it must not in the middle of closing a connection.
  const over = () => onOver && queueMicrotask(onOver);
  let isSent = false;
  handler.onConnect = (abort) => {
    if (isSent) throw whyNotAgain();
    isSent = true;
    onConnect?.(abort);
  };
  handler.onHeaders = (status, head, ...rest) => {
    onAnswer({ closes: saysClose(head) });
    over();
    return onHeaders?.(status, head, ...rest) ?? true;
  };
  handler.onError = (error) => {
    over();
    onError?.(error);
  };
  return handler;
}

/** @param head names and values in turn (RFC 9112 section 9.6). */
function saysClose(head: readonly Buffer[]): boolean {
  const at = head.findIndex(
    (name, index) => index % 2 === 0 && /^connection$/i.test(name.toString('latin1')),
  );
  return at >= 0 && /\bclose\b/i.test(head[at + 1]?.toString('latin1') ?? '');
}
