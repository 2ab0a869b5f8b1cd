// The settings as VS Code keeps them: what cannot be read is named, and never lost when we write beside it.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BadSetting } from '../../src/core/settings/settings';
import { announceBadSettings } from '../../src/editor/messages/announce';
import { CurrentSettings } from '../../src/editor/connection/settings';
import { connect } from './extensionApi';
import { emptyFolder, startPlainServer, type PlainServer } from '../support/servers/plain';

const set = (name: string, value: unknown) =>
  vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
const written = () => vscode.workspace.getConfiguration('lockStatus').inspect('connections')?.globalValue;

/** Runs with current settings that are at an end afterwards; `told` is what was found bad in them, each time. */
async function withSettings(
  run: (settings: CurrentSettings, told: (readonly BadSetting[])[]) => Promise<void> | void,
): Promise<void> {
  const told: (readonly BadSetting[])[] = [];
  const settings = new CurrentSettings((bad) => told.push(bad));
  try {
    await run(settings, told);
  } finally {
    settings.dispose();
  }
}

describe('Settings in VS Code', () => {
  const names = [
    ...['connections', 'lockOn', 'administrator'].map((name) => `lockStatus.${name}`),
    ...['proxy', 'noProxy', 'proxyAuthorization', 'proxyStrictSSL', 'proxySupport'].map(
      (name) => `http.${name}`,
    ),
  ];
  let before: unknown[];
  let server: PlainServer;

  beforeEach(async () => {
    before = names.map((name) => vscode.workspace.getConfiguration().inspect(name)?.globalValue);
    server = await startPlainServer(({ method, path }, reply) =>
      method === 'PROPFIND' ? reply.xml(207, emptyFolder(path)) : reply.send(200, { DAV: '1, 2' }),
    );
  });
  afterEach(async () => {
    for (const [index, name] of names.entries()) await set(name, before[index]);
    await server.stop();
  });

  it('keep entries that cannot be read beside those that come and go', async () => {
    const odd = [
      { url: 'https//typo', tls: { ca: '/etc/ca.pem' } },
      { url: 'https://my server/' },
      { url: 'https://host:99999/' },
      'not an entry',
    ];
    await set('lockStatus.connections', odd);
    await connect({ url: `${server.url}a/`, name: 'A' });
    assert.deepEqual(written(), [...odd, { name: 'A', url: `${server.url}a/` }]);
    const uri = vscode.Uri.parse(server.url.replace(/^http/, 'dav'));
    await vscode.commands.executeCommand('lockStatus.signOut', uri);
    assert.deepEqual(written(), odd);
  });

  it('are not written over where they are no list', async () => {
    const odd = { url: 'https://a.example/' };
    await set('lockStatus.connections', odd);
    await assert.rejects(
      async () => connect({ url: server.url }),
      /"lockStatus\.connections" isn’t a list, so http:\/\/127.* can’t be added/,
    );
    assert.deepEqual(written(), odd);
  });

  it('are told of when they are bad: once, and all of them', async () => {
    await set('lockStatus.connections', [{ url: 'https//typo' }]);
    await set('lockStatus.administrator', 'somebody');
    await withSettings(async (settings, told) => {
      const places = () => told.map((bad) => bad.map(({ place }) => place));
      assert.deepEqual(places(), [['connections[0].url', 'administrator']]);
      const changed = new Promise((resolve) => settings.onDidChange(resolve));
      await set('lockStatus.lockOn', 'manual');
      await changed;
      assert.equal(places().length, 1);
    });
  });

  it('are named in one message, with place and value', async () => {
    const { showWarningMessage } = vscode.window;
    const said: string[] = [];
    vscode.window.showWarningMessage = (message: string) => {
      said.push(message);
      return Promise.resolve(undefined);
    };
    try {
      await announceBadSettings([
        { place: 'connections[1].url', value: 'https//typo', expected: 'webAddress' },
        {
          place: 'lockOn',
          value: '[x](command:y)',
          expected: { kind: 'choice', names: ['edit', 'open', 'manual'] },
        },
      ]);
    } finally {
      vscode.window.showWarningMessage = showWarningMessage;
    }
    assert.deepEqual(said, [
      'The setting "lockStatus.connections[1].url" can’t be "https//typo". ' +
        'Enter an address such as https://files.example.org/projects/, without a user name. ' +
        'The setting "lockStatus.lockOn" can’t be "[x]\u200b(command:y)". ' +
        'Choose one of these: "edit", "open", "manual". ' +
        'Invalid values are ignored.',
    ]);
  });

  it('send nothing that signs in where a connection is set to none, and say so', async () => {
    server.answerWith(({ headers }, reply) =>
      headers.authorization === undefined
        ? reply.send(401, { 'WWW-Authenticate': 'Basic realm="x"' })
        : reply.send(500),
    );
    await set('lockStatus.connections', [{ url: server.url, auth: 'none' }]);
    await assert.rejects(
      async () => connect({ url: server.url, user: 'a', password: 'b' }),
      /^HumanError: 127\.0\.0\.1:\d+ asks you to sign in, but its "auth" .* is "none"\./,
    );
    assert.deepEqual(
      server.requests.filter(({ headers }) => headers.authorization !== undefined),
      [],
    );
  });

  it('lead through the proxy of the environment where VS Code has none, with the same exceptions', async () => {
    const before = { ...process.env };
    await withSettings(async (settings) => {
      try {
        Object.assign(process.env, { https_proxy: 'http://env:3128', no_proxy: 'intern.example.org:8443' });
        const far = 'https://dav.example.org';
        assert.deepEqual(settings.proxyFor(far), { url: 'http://env:3128' });
        assert.equal(settings.proxyFor('https://localhost'), undefined);
        assert.equal(settings.proxyFor('https://intern.example.org:8443'), undefined);
        await set('http.noProxy', ['example.org:443']);
        assert.equal(settings.proxyFor(far), undefined);
        assert.deepEqual(settings.proxyFor(`${far}:8443`), { url: 'http://env:3128' });
        await set('http.noProxy', []);
        await set('http.proxy', 'http://proxy:3128');
        assert.deepEqual(settings.proxyFor(far), { url: 'http://proxy:3128' });
        await set('http.proxySupport', 'off');
        assert.equal(settings.proxyFor(far), undefined);
      } finally {
        for (const name of ['https_proxy', 'no_proxy']) {
          if (before[name] === undefined) delete process.env[name];
          else process.env[name] = before[name];
        }
      }
    });
  });

  it('lead through the proxy of VS Code, with all that is set for it', async () => {
    await withSettings(async (settings) => {
      const near = ['http://localhost:1', 'http://127.0.0.1', 'https://[::1]:8443'];
      const far = 'https://dav.example.org';
      assert.equal(settings.proxyFor(far), undefined);
      await set('http.proxy', 'http://proxy:3128');
      assert.deepEqual(settings.proxyFor(far), { url: 'http://proxy:3128' });
      for (const origin of near) assert.equal(settings.proxyFor(origin), undefined, origin);
      await set('http.proxyAuthorization', 'Basic YQ==');
      await set('http.proxyStrictSSL', false);
      assert.deepEqual(settings.proxyFor(far), {
        url: 'http://proxy:3128',
        authorization: 'Basic YQ==',
        rejectUnauthorized: false,
      });
      const exempt = {
        'example.org': true,
        '*.example.org': true,
        '.Example.org': true,
        'xample.org': false,
      };
      for (const [rule, isExempt] of Object.entries(exempt)) {
        await set('http.noProxy', [rule]);
        assert.equal(settings.proxyFor(far) === undefined, isExempt, rule);
      }
      await set('http.noProxy', []);
      await set('http.proxySupport', 'off');
      assert.equal(settings.proxyFor(far), undefined);
    });
  });
});
