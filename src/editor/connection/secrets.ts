import { Secret } from '../../core/model/secret';
import type { ServerId } from '../../core/model/resource';
import type { SecretStorage } from '../../storage/limitedSecrets';

export interface Credentials {
  readonly user?: string;
  readonly password?: Secret;
  readonly token?: Secret;
}

/** Keeps credentials in VS Code's secret storage and nowhere else. */
export class CredentialStore {
  constructor(private readonly storage: SecretStorage) {}

  async get(server: ServerId): Promise<Credentials | undefined> {
    const text = await this.storage.get(keyOf(server));
    if (text === undefined) return undefined;
    const { user, password, token } = JSON.parse(text) as {
      user?: string;
      password?: string;
      token?: string;
    };
    return {
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password: new Secret(password) }),
      ...(token !== undefined && { token: new Secret(token) }),
    };
  }

  async set(server: ServerId, { user, password, token }: Credentials): Promise<void> {
    await this.storage.store(
      keyOf(server),
      JSON.stringify({ user, password: password?.reveal(), token: token?.reveal() }),
    );
  }

  async forget(server: ServerId): Promise<void> {
    await this.storage.delete(keyOf(server));
  }
}

function keyOf(server: ServerId): string {
  return `credentials ${server}`;
}
