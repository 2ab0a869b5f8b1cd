// Alice at her editor, without the editor: the core and the protocols over a real connection.
import type { Core } from '../../../../src/core/createCore';
import { OwnLocks } from '../../../../src/core/leases/ownLocks';
import { Exchanges } from '../../../../src/core/locks/exchanges';
import { LockProviders } from '../../../../src/core/model/lockProviders';
import { ownerText } from '../../../../src/core/model/ownerText';
import type { Clock } from '../../../../src/core/model/ports';
import { resourceId, type ResourceId } from '../../../../src/core/model/resource';
import { Secret } from '../../../../src/core/model/secret';
import { readBase } from '../../../../src/core/saving/baseVersions';
import { readSettings } from '../../../../src/core/settings/settings';
import { endpointNamed } from '../../../../src/core/settings/shippedEndpoints';
import { createOriginFiles } from '../../../../src/protocol/createOriginFiles';
import { readRefusal } from '../../../../src/protocol/refusals/read';
import { toRecordedExchange } from '../../../../src/protocol/refusals/recordedExchange';
import type { OriginFiles } from '../../../../src/protocol/originFiles';
import { createTransport } from '../../../../src/protocol/transport/transport';
import { testCore } from '../../../support/core/core';

export interface SessionOptions {
  /** As in the setting. */
  readonly mapping?: unknown;
  /** A mapping that is known without a setting. */
  readonly endpoint?: string;
  readonly account?: { readonly user: string; readonly password: string };
}

export class Session {
  readonly core: Core;
  readonly files: OriginFiles;
  private readonly transport;

  constructor(
    private readonly url: string,
    { mapping, endpoint = 'mapped', account }: SessionOptions = {},
  ) {
    const clock: Clock = {
      now: () => ({ mono: performance.now(), wall: Date.now() }),
      after: (ms, run) => {
        const timer = setTimeout(run, ms).unref();
        return { dispose: () => clearTimeout(timer) };
      },
      random: () => 0.5,
    };
    const exchanges = new Exchanges();
    const ownLocks = new OwnLocks();
    this.transport = createTransport({
      origin: new URL(url).origin,
      credentials: () =>
        Promise.resolve(account && { user: account.user, password: new Secret(account.password) }),
      userAgent: 'test',
      now: () => clock.now().mono,
      readRefusal,
      onExchange: (exchange) => exchanges.record(toRecordedExchange(exchange, clock.now())),
    });
    const given = mapping === undefined ? {} : { endpoints: { mapped: mapping } };
    const { settings, bad } = readSettings((name) => (name === 'endpoints' ? given.endpoints : undefined));
    if (bad.length > 0) throw new Error(JSON.stringify(bad));
    const known = endpointNamed(endpoint, settings.endpoints);
    this.files = createOriginFiles({
      transport: this.transport,
      now: () => clock.now(),
      user: () => account?.user,
      endpoints: known ? [{ base: resourceId(url), endpoint: known }] : [],
      identity: {
        ownsLock: (id) => ownLocks.owns(id),
        heldOn: (resource) => ownLocks.heldOn(resource)?.id,
        isMyAccount: () => false,
      },
    });
    this.core = testCore({
      clock,
      server: { files: this.files, locks: this.files.locksOf(this.at('any')) },
      exchanges,
      ownLocks,
      lockProviders: new LockProviders([(resource) => this.files.locksOf(resource)]),
      lockRequest: () => ({
        seconds: 600,
        owner: ownerText({ name: 'Alice Ray', contacts: [], app: 'VS Code', mark: 'alice-1' }),
        mark: 'alice-1',
      }),
    });
  }

  at(path: string): ResourceId {
    return resourceId(`${this.url}/${path}`);
  }

  /** As when the editor shows the file. */
  async open(path: string): Promise<string> {
    const resource = this.at(path);
    await this.core.directory.stat(resource, 0);
    const content = await this.files.read(resource);
    this.core.baseVersions.setShown(resource, readBase(content, this.core.leases.covering(resource)));
    return Buffer.from(content.bytes).toString();
  }

  save(path: string, text: string) {
    return this.core.saver.save(this.at(path), Buffer.from(text), {
      mustBeNew: false,
      mayReplaceUnseen: false,
    });
  }

  view(path: string) {
    return this.core.store.viewOf(this.at(path));
  }

  async end(): Promise<void> {
    this.core.dispose();
    await this.transport.close();
  }
}
