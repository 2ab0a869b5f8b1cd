import { asObject, parsedJson } from '../../base/untrusted';
import { defined } from '../../base/defined';
import { Serial } from '../../base/singleFlight';
import { secretOf, type Secret } from '../../core/model/secret';
import type { ServerId } from '../../core/model/resource';
import type { SecretStorage } from '../../storage/limitedSecrets';

/** What a person enters to sign in. */
export interface Credentials {
  readonly user?: string;
  readonly password?: Secret;
  readonly token?: Secret;
}

/** Credentials with what is known about their use. */
export interface KeptCredentials extends Credentials {
  /** The realm that they are for (RFC 9110 section 11.5); undefined until the first one asks. */
  readonly realm?: string;
  /** The path below which a token may be sent before it was asked for. */
  readonly below?: string;
  /** The server has accepted Digest with these. */
  readonly digest?: boolean;
  /** The person accepts that others on the network can read these. */
  readonly inClear?: boolean;
}

/** One of the accounts that sign in to a server. */
export interface Account {
  /** Absent where a token signs in. */
  readonly user?: string;
  readonly realm?: string;
}

/** What the secret store holds for a server cannot be read. */
class DamagedSecret extends Error {}

/** Credentials and passphrases, in the editor's secret store and nowhere else. */
export class CredentialStore {
  /** Each change reads and writes all of a server's credentials, so changes wait for each other. */
  private readonly changes = new Serial<ServerId>();

  constructor(private readonly storage: SecretStorage) {}

  /** The credentials entered last; undefined also where they are damaged, because then new ones are asked for. */
  async get(server: ServerId): Promise<KeptCredentials | undefined> {
    return (await this.all(server))?.[0];
  }

  /**
   * The credentials for a realm, and before any realm has asked the ones entered last. Credentials without a realm, such
   * as those of version 0.1.0, are bound to the first that asks. Rejects where they are damaged.
   */
  async forRealm(server: ServerId, realm: string | undefined): Promise<KeptCredentials | undefined> {
    const find = async () => {
      const all = await this.all(server);
      if (!all) throw new DamagedSecret(`The stored sign-in for ${server} is damaged`);
      // What was just entered is tried before what is kept, or a wrong password would seem to be accepted.
      const isJustEntered = all[0] !== undefined && all[0].realm === undefined;
      return { all, found: isJustEntered ? undefined : all.find((kept) => kept.realm === realm) };
    };
    if (realm === undefined) return (await find()).all[0];
    const { found } = await find();
    if (found) return found;
    return this.changes.run(server, async () => {
      const { all, found: meanwhile } = await find();
      const free = meanwhile ?? all.find((kept) => kept.realm === undefined);
      if (!free || meanwhile) return meanwhile;
      const bound = { ...free, realm };
      const others = all.filter((kept) => kept !== free && (kept.realm !== realm || kept.user !== free.user));
      await this.write(server, [bound, ...others]);
      return bound;
    });
  }

  /** The accounts that sign in to a server, the one in use first. */
  async accounts(server: ServerId): Promise<readonly Account[]> {
    const all = (await this.all(server)) ?? [];
    return all.map(({ user, realm }) => defined({ user, realm }));
  }

  /** From now on this account signs in to its realm. */
  use(server: ServerId, account: Account): Promise<void> {
    return this.changes.run(server, async () => {
      const all = await this.all(server);
      const found = all?.find((kept) => kept.user === account.user && kept.realm === account.realm);
      if (all && found) await this.write(server, [found, ...all.filter((kept) => kept !== found)]);
    });
  }

  /** Keeps credentials in the place of those of the same account for the same realm; they are in use from now on. */
  set(server: ServerId, credentials: KeptCredentials): Promise<void> {
    return this.changes.run(server, async () => {
      const all = (await this.all(server)) ?? [];
      const alike = all.filter(({ realm }) => realm === undefined || realm === credentials.realm);
      const inClear = credentials.inClear ?? alike.some((kept) => kept.inClear);
      const replaced = alike.filter(({ realm, user }) => realm === undefined || user === credentials.user);
      const rest = all.filter((kept) => !replaced.includes(kept));
      await this.write(server, [{ ...credentials, ...(inClear && { inClear }) }, ...rest]);
    });
  }

  /** Notes something about the credentials for a realm. */
  note(
    server: ServerId,
    realm: string | undefined,
    fact: Pick<KeptCredentials, 'digest' | 'inClear'>,
  ): Promise<void> {
    return this.changes.run(server, async () => {
      const all = await this.all(server);
      const found = all?.find((kept) => kept.realm === realm) ?? all?.[0];
      if (!all || !found) return;
      await this.write(
        server,
        all.map((kept) => (kept === found ? { ...kept, ...fact } : kept)),
      );
    });
  }

  /** All credentials for a server as they are stored, for {@link restore}. */
  async snapshot(server: ServerId): Promise<string | undefined> {
    return this.storage.get(keyOf(server));
  }

  restore(server: ServerId, snapshot: string | undefined): Promise<void> {
    return this.changes.run(server, async () =>
      snapshot === undefined
        ? this.storage.delete(keyOf(server))
        : this.storage.store(keyOf(server), snapshot),
    );
  }

  async passphraseOf(server: ServerId): Promise<Secret | undefined> {
    const text = await this.storage.get(passphraseKeyOf(server));
    return secretOf(text);
  }

  async setPassphrase(server: ServerId, passphrase: Secret): Promise<void> {
    await this.storage.store(passphraseKeyOf(server), passphrase.reveal());
  }

  async forget(server: ServerId): Promise<void> {
    await this.changes.run(server, async () => this.storage.delete(keyOf(server)));
    await this.storage.delete(passphraseKeyOf(server));
  }

  /** The last entered first; undefined where they are damaged. */
  private async all(server: ServerId): Promise<readonly KeptCredentials[] | undefined> {
    const text = await this.storage.get(keyOf(server));
    return text === undefined ? [] : read(text);
  }

  private async write(server: ServerId, [first, ...others]: readonly KeptCredentials[]): Promise<void> {
    // Version 0.1.0 wrote one object with a name, a password and a token, and still finds these there.
    const stored = {
      ...(first && plainOf(first)),
      ...(others.length > 0 && { others: others.map(plainOf) }),
    };
    await this.storage.store(keyOf(server), JSON.stringify(stored));
  }
}

function plainOf({ password, token, ...rest }: KeptCredentials): Record<string, unknown> {
  return { ...rest, password: password?.reveal(), token: token?.reveal() };
}

function read(text: string): KeptCredentials[] | undefined {
  const stored = asObject(parsedJson(text));
  const others = stored && (stored.others ?? []);
  if (!Array.isArray(others)) return undefined;
  const all = [stored, ...(others as unknown[])].map(readOne);
  const good = all.filter((one) => one !== undefined);
  return good.length === all.length ? good : undefined;
}

function readOne(value: unknown): KeptCredentials | undefined {
  const kept = asObject(value);
  if (!kept) return undefined;
  const { user, password, token, realm, below, digest, inClear } = kept;
  const texts = { user, password, token, realm, below };
  const flags = { digest, inClear };
  if (!areAll(texts, (text) => typeof text === 'string')) return undefined;
  if (!areAll(flags, (flag) => typeof flag === 'boolean')) return undefined;
  return defined({
    ...texts,
    ...flags,
    password: secretOf(texts.password),
    token: secretOf(texts.token),
  });
}

/** Whether each member is missing or of the type. */
function areAll<K extends string, T>(
  members: Record<K, unknown>,
  isOfType: (value: unknown) => value is T,
): members is Record<K, T | undefined> {
  return Object.values(members).every((value) => value === undefined || isOfType(value));
}

function keyOf(server: ServerId): string {
  return `credentials ${server}`;
}

function passphraseKeyOf(server: ServerId): string {
  return `certificate passphrase ${server}`;
}
