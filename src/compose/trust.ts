import type { Disposables } from '../base/disposable';
import type { ResourceId } from '../core/model/resource';
import type { CurrentSettings } from '../editor/connection/settings';
import type { Log } from '../editor/log';
import { Restrictions } from '../editor/trust/restrictions';
import { SeenConfiguration } from '../editor/trust/seenConfiguration';
import { ServerTrust } from '../editor/trust/serverTrust';
import { TrustQuestions } from '../editor/trust/trustQuestions';

interface RestrictDeps {
  readonly owned: Disposables;
  readonly log: Log;
  readonly settings: CurrentSettings;
}

/** Which servers the person trusts, and what is hidden of the others. */
export function restrictServers({ owned, log, settings }: RestrictDeps) {
  const trust = owned.add(new ServerTrust(settings));
  const seen = owned.add(new SeenConfiguration());
  const restrictions = owned.add(new Restrictions(trust, seen));
  const questions = new TrustQuestions(trust, (error) =>
    log.failure('Storing whether a server is trusted', error),
  );
  const onContact = (resource: ResourceId) => questions.contacted(resource);
  return { trust, seen, restrictions, onContact };
}
