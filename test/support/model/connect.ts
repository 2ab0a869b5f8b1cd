// The real protocol over the model: what one window says to it, and what it is told.
import { toRecordedExchange } from '../../../src/protocol/refusals/recordedExchange';
import type { Server } from '../../../src/protocol/servers';
import { createWebdavServer } from '../../../src/protocol/webdav/server';
import type { WindowOf } from '../core/person';
import { ModelTransport } from './modelTransport';
import type { WireServer } from './wireServer';

export function connectTo(wire: WireServer, who: string) {
  const transport = new ModelTransport(wire, who);
  const { clock } = wire.model;
  const connect = ({ window, ownLocks, exchanges }: WindowOf): Server => {
    transport.window = window;
    transport.owns = (id) => ownLocks.owns(id);
    transport.onExchange = (exchange) => exchanges.record(toRecordedExchange(exchange, clock.now()));
    return createWebdavServer({
      transport,
      now: () => clock.now(),
      identity: {
        ownsLock: (id) => ownLocks.owns(id),
        mayOwn: (id) => ownLocks.mayOwn(id),
        heldOn: (resource) => ownLocks.heldOn(resource)?.id,
        lockByMark: (mark, resource) => {
          const held = ownLocks.heldOn(resource);
          return held?.mark === mark ? held.id : undefined;
        },
        awaits: (mark, resource) => ownLocks.unconfirmed.awaits(mark, resource),
        isMyAccount: (account) => account === who,
      },
    });
  };
  return { transport, connect };
}
