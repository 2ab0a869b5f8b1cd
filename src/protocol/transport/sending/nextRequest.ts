import type { Answer } from '../answer';
import type { Signature } from '../authentication/authentication';
import type { HttpRequest, PipelinedRequest } from '../http';
import { GivenUp, Watch } from './watch';
import { isMistake, networkFailure } from '../failures/networkFailures';
import type { Wire } from './wire';

/**
 * Larger bodies take longer than the round trip that is saved, and a server that refuses one may close the connection
 * instead of reading it to its end.
 */
const maxBodyBytes = 64 * 1024;
/** After the end of the answer before it. A server that has not seen the second request by then never will. */
const nextMs = 2_000;

/**
 * Whether the next request may be sent right behind this one: signed alike, and no challenge is to be expected, after
 * which both would be sent again. Digest is left out, because a server may want each request signed for the answer
 * before it.
 */
export function mayBeFollowed(
  { url, body, onSent, next }: HttpRequest,
  signature: Signature | undefined,
): boolean {
  if (next?.request.url !== url || onSent || Buffer.byteLength(body ?? '') > maxBodyBytes) return false;
  return signature !== undefined && signature.realm.isProven && !signature.signer.digest;
}

/** A request that is sent right behind another, if its connection allows that. */
export class NextRequest {
  private readonly watch = new Watch(undefined);
  private isSent = false;
  private isInTurn = false;
  private isAnswered = false;
  private inTurn: () => void = () => undefined;
  private outOfTurn: (error: unknown) => void = () => undefined;
  private readonly first = new Promise<void>((resolve, reject) => {
    this.inTurn = resolve;
    this.outOfTurn = reject;
  });

  constructor(
    private readonly next: PipelinedRequest,
    private readonly run: (
      request: HttpRequest,
      wire: Pick<Wire, 'request'>,
      watch: Watch,
    ) => Promise<Answer>,
  ) {
    // Nobody waits for it if this request is never sent.
    this.first.catch(() => undefined);
  }

  readonly send = (wire: Pick<Wire, 'request'>): void => {
    this.isSent = true;
    this.next.onSent(this.answered(this.run(this.next.request, wire, this.watch)));
  };

  /**
   * The request before it has its final answer. The time of this one begins where that ends: until then, to give up
   * would break the connection under the answer before it.
   */
  firstAnswered({ closed }: Pick<Answer, 'closed'>): void {
    this.isInTurn = true;
    void closed.then(() => {
      if (this.isSent && !this.isAnswered) this.watch.allow(nextMs, 'HEADERS');
    });
    this.inTurn();
  }

  /** The request before it is over: without a final answer, whatever this one finds does not belong to it. */
  firstOver(): void {
    if (this.isInTurn) return;
    const reason = new GivenUp('canceled', 'OUT_OF_TURN');
    this.outOfTurn(reason);
    this.watch.giveUp(reason);
  }

  private async answered(answering: Promise<Answer>): Promise<Answer> {
    try {
      const [answer] = await Promise.all([answering, this.first]);
      this.isAnswered = true;
      answer.handOver();
      return answer;
    } catch (error) {
      this.watch.end();
      const { method, resource } = this.next.request;
      throw isMistake(error) ? error : networkFailure(error, { method, resource, sent: true });
    }
  }
}
