// What stands between a person and a server besides a password: an address that others can read along with, a client
// certificate with a passphrase, another realm, and a way to sign in that is not supported.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { LockStore } from '../../src/core/locks/lockStore';
import { RemoteFailure, type FailureFacts, type FailureKind } from '../../src/core/model/failure';
import type { RemoteFiles } from '../../src/core/model/ports';
import { resourceId, serverOf } from '../../src/core/model/resource';
import { Connections } from '../../src/editor/connection/connections';
import { CredentialStore, type KeptCredentials } from '../../src/editor/connection/secrets';
import { CurrentSettings } from '../../src/editor/connection/settings';
import { typing } from './inputByHand';
import { failureSentence } from '../../src/editor/words/failureWords';

const folder = resourceId('http://dav.example.org/team/');
const server = serverOf(folder);

type Refusing = (
  kept: KeptCredentials | undefined,
  passphrase: string | undefined,
) => RemoteFailure | undefined;

const failure = (kind: FailureKind, more: Partial<FailureFacts>) =>
  new RemoteFailure(kind, { resource: folder, ...more });
const signInNeeded = (signIn: FailureFacts['signIn']) =>
  failure('signInNeeded', { status: 401, ...(signIn && { signIn }) });

/** A person who types the answers one by one and then turns away, and answers modal questions with yes or no. */
async function meeting(refuses: Refusing, answers: readonly string[], agrees = true) {
  const modals: string[] = [];
  const errors: string[] = [];
  const kept = new Map<string, string>();
  const secrets = new CredentialStore({
    get: (key) => Promise.resolve(kept.get(key)),
    store: (key, value) => Promise.resolve(void kept.set(key, value)),
    delete: (key) => Promise.resolve(void kept.delete(key)),
  });
  const settings = new CurrentSettings(() => undefined);
  settings.connectionTo = () => ({ name: 'A', folder });
  const probe = async () => {
    const passphrase = (await secrets.passphraseOf(server))?.reveal();
    const failed = refuses(await secrets.get(server), passphrase);
    if (failed) throw failed;
    return { webdav: true, locks: true };
  };
  const connections = new Connections({
    settings,
    secrets,
    store: new LockStore(),
    filesOf: () => ({ probe }) as unknown as RemoteFiles,
    reset: () => Promise.resolve(),
  });
  const { showWarningMessage, showErrorMessage } = vscode.window;
  Object.assign(vscode.window, {
    showWarningMessage: (message: string, _: unknown, action: string) => {
      modals.push(message);
      return Promise.resolve(agrees ? action : undefined);
    },
    showErrorMessage: (message: string) => Promise.resolve(void errors.push(message)),
  });
  try {
    let accepted = false;
    const { asked } = await typing(answers, async () => (accepted = await connections.askToSignIn(folder)));
    return { accepted, asked, modals, errors, stored: await secrets.get(server) };
  } finally {
    Object.assign(vscode.window, { showWarningMessage, showErrorMessage });
    connections.dispose();
    settings.dispose();
  }
}

describe('On the way to a server', () => {
  const inClear: Refusing = (kept) => {
    if (!kept) return signInNeeded({ realm: 'Team' });
    return kept.inClear ? undefined : signInNeeded({ realm: 'Team', why: 'inClear' });
  };

  it('a password that others could read is sent after a yes, which is asked for once', async () => {
    const { accepted, asked, modals, stored } = await meeting(inClear, ['ann', 'pw']);
    assert.equal(accepted, true);
    assert.deepEqual(modals, ['Send your password or token to http://dav.example.org unprotected?']);
    assert.deepEqual([stored?.user, stored?.realm, stored?.inClear], ['ann', 'Team', true]);
    assert.equal(stored?.below, '/team/');
    assert.equal(asked[0]?.title, 'Sign In to http://dav.example.org (not encrypted) for "Team"');
  });

  it('a password that others could read is not kept after a no', async () => {
    const { accepted, stored, asked } = await meeting(inClear, ['ann', 'pw'], false);
    assert.deepEqual([accepted, stored, asked.length], [false, undefined, 2]);
  });

  it('the yes also holds where the first password was wrong', async () => {
    const strict: Refusing = (kept) =>
      kept?.inClear && kept.password?.reveal() !== 'right'
        ? signInNeeded({ realm: 'Team' })
        : inClear(kept, undefined);
    const { accepted, modals } = await meeting(strict, ['ann', 'wrong', 'right']);
    assert.deepEqual([accepted, modals.length], [true, 1]);
  });

  it('the passphrase of a client certificate is asked for until it is right', async () => {
    const { accepted, asked } = await meeting(
      (_, passphrase) =>
        passphrase === 'right'
          ? undefined
          : failure('signInNeeded', { code: 'CLIENT_CERTIFICATE_PASSPHRASE' }),
      ['wrong', 'right'],
    );
    assert.equal(accepted, true);
    assert.deepEqual(
      asked.map(({ prompt, problem }) => [prompt, problem]),
      [
        ['Passphrase of your client certificate', undefined],
        ['Passphrase of your client certificate', 'Wrong passphrase.'],
      ],
    );
  });

  it('a realm with a link for a name shows no link', async () => {
    const { asked } = await meeting(() => signInNeeded({ realm: '[x](command:y) \u202e$(key)' }), []);
    const title = asked[0]?.title ?? '';
    assert.match(title, /^Sign In to http:\/\/dav\.example\.org \(not encrypted\) for "/);
    assert.equal(/\]\(command|\u202e|\$\(key/.test(title), false, title);
  });

  it('a realm is read in the encoding that the server wrote it in', async () => {
    const realm = Buffer.from('Bäckerei').toString('latin1');
    const { asked } = await meeting(() => signInNeeded({ realm }), []);
    assert.equal(asked[0]?.title, 'Sign In to http://dav.example.org (not encrypted) for "Bäckerei"');
  });

  it('a way to sign in that is not supported is named, and nobody is asked for a password', async () => {
    const refused = failure('cannotSignIn', { status: 401, signIn: { methods: ['Negotiate', 'NTLM'] } });
    const { accepted, asked, errors } = await meeting(() => refused, ['ann', 'pw']);
    assert.deepEqual([accepted, asked], [false, []]);
    assert.deepEqual(errors, [
      'http://dav.example.org wants you to sign in with Negotiate, NTLM, which isn’t supported. Ask the administrator for Basic, Digest or an access token.',
    ]);
  });

  it('each refusal has a sentence of its own', () => {
    const rows: readonly (readonly [RemoteFailure, RegExp])[] = [
      [
        failure('cannotSignIn', { status: 401, signIn: { why: 'downgrade' } }),
        /used to sign you in with Digest/,
      ],
      [signInNeeded({ why: 'unsendable' }), /contains a line break/],
      [signInNeeded({ why: 'inClear' }), /wasn’t sent to http:\/\/dav\.example\.org/],
      [failure('signInNeeded', { code: 'CREDENTIALS_UNREADABLE' }), /Sign in again/],
      [failure('forbidden', { status: 401 }), /You don’t have write permission for team/],
      [failure('forbidden', { status: 403 }), /You don’t have permission to do this/],
      [failure('unreachable', { code: 'BAD_PROXY_AUTHORIZATION' }), /"http\.proxyAuthorization" contains/],
      [failure('unreachable', { status: 407, signIn: { methods: ['NTLM'] } }), /proxy .* sign in with NTLM/],
      [
        failure('unreachable', { status: 407, signIn: { methods: ['Basic'] } }),
        /proxy .* asks for a user name/,
      ],
      [
        failure('tls', { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }),
        /requires a client certificate/,
      ],
      [
        failure('tls', {
          code: 'CLIENT_CERTIFICATE',
          cause: new Error('x', { cause: new Error('ENOENT: no such file') }),
        }),
        /Can’t use the client certificate for .* \(ENOENT: no such file\)/,
      ],
      [failure('tls', { code: 'CERT_HAS_EXPIRED' }), /has expired\. .* renew/],
      [failure('tls', { code: 'CERT_NOT_YET_VALID' }), /isn’t valid yet\. Check the clock/],
      [failure('tls', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), /is for another name\. Check/],
      [
        failure('tls', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
        /trusted: this computer doesn’t know who .* "tls\.ca"/,
      ],
      [failure('tls', { code: 'EPROTO' }), /secure connection to .* \(EPROTO\)\. Check the address/],
    ];
    for (const [one, sentence] of rows) assert.match(failureSentence(one), sentence);
  });
});
