import type { ResourceId } from '../core/model/resource';
import { Restrictions } from '../editor/trust/restrictions';
import { SeenConfiguration } from '../editor/trust/seenConfiguration';
import { ServerTrust } from '../editor/trust/serverTrust';
import { TrustQuestions } from '../editor/trust/trustQuestions';
import type { EditorParts } from './parts';

/** Which servers the person trusts, and what is hidden of the others. */
export function restrictServers({ owned, log, settings }: Pick<EditorParts, 'owned' | 'log' | 'settings'>) {
  const trust = owned.add(new ServerTrust(settings));
  const seen = owned.add(new SeenConfiguration());
  const restrictions = owned.add(new Restrictions(trust, seen));
  const questions = new TrustQuestions(trust, (error) =>
    log.failure('Storing whether a server is trusted', error),
  );
  const onContact = (resource: ResourceId) => questions.contacted(resource);
  return { trust, seen, restrictions, onContact };
}
