import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { makeCertificate } from '../support/servers/certificate';
import { emptyFolder, startPlainServer, type PlainHandler } from '../support/servers/plain';
import { connect } from './extensionApi';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';

/** The sentence that connecting rejects with. */
async function refusal(options: Parameters<typeof connect>[0]): Promise<string> {
  let sentence = '';
  await assert.rejects(
    async () => connect(options),
    (error: Error) => {
      sentence = error.message;
      return true;
    },
  );
  assert.match(sentence, /\.$/, 'a sentence');
  return sentence;
}

async function refusalOf(handler: PlainHandler): Promise<string> {
  const server = await startPlainServer(handler);
  try {
    return await refusal({ url: server.url });
  } finally {
    await server.stop();
  }
}

async function refusalBehind(proxy: string): Promise<string> {
  const http = vscode.workspace.getConfiguration('http');
  const before = http.inspect('proxy')?.globalValue;
  const set = (value: unknown) => http.update('proxy', value, vscode.ConfigurationTarget.Global);
  await set(proxy);
  try {
    return await refusal({ url: 'http://dav.example.org/' });
  } finally {
    await set(before);
  }
}

describe('Connecting says in a sentence what is wrong', () => {
  let real: SuiteServer;

  before(function () {
    const found = suiteServer('nephele');
    if ('why' in found) return skipBecause(this, found.why);
    real = found;
  });

  it('a wrong password', async () => {
    const sentence = await refusal({ url: real.url, user: 'alice', password: 'wrong' });
    assert.match(sentence, /You’re not signed in to /);
    // The refused password is not kept: the right one works at once.
    await connect({ url: real.url, ...real.user('alice') });
  });

  it('a folder that is not there', async () => {
    await connect({ url: real.url, ...real.user('alice') });
    assert.match(await refusal({ url: `${real.url}nowhere/` }), /Can’t find nowhere on .* \(404\)/);
  });

  it('an unknown host', async () => {
    assert.match(
      await refusal({ url: 'http://no-such-host.invalid/' }),
      /Can’t find server "no-such-host\.invalid/,
    );
  });

  it('a refused connection', async () => {
    const server = await startPlainServer(() => undefined);
    await server.stop();
    assert.match(await refusal({ url: server.url }), /refused the connection/);
  });

  it('a certificate that nobody vouches for', async () => {
    const { key, certificate: cert } = makeCertificate('selfSigned');
    const server = createServer({ key, cert }, (_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      assert.match(
        await refusal({ url: `https://127.0.0.1:${port}/` }),
        /certificate of .* can’t be trusted: the server signed it itself\. Add/,
      );
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('a web server that is no WebDAV server', async () => {
    const sentence = await refusalOf((request, reply) =>
      request.method === 'GET'
        ? reply.send(200, {}, '<html></html>')
        : reply.send(405, { Allow: 'GET, HEAD' }),
    );
    assert.match(sentence, /not as a WebDAV server/);
  });

  it('a proxy that cannot be used, with its setting and value', async () => {
    const sentence = await refusalBehind('socks5://bob:secret@proxy:1080');
    assert.match(
      sentence,
      /the proxy in the setting "http\.proxy" or the environment is "socks5:\/\/…@proxy:1080", but must be/,
    );
  });

  it('a proxy that wants a password', async () => {
    const proxy = await startPlainServer((_, reply) => reply.send(407));
    try {
      assert.match(
        await refusalBehind(proxy.url),
        /The proxy in front of dav\.example\.org asks for a user name and password.*"http\.proxyAuthorization"/,
      );
    } finally {
      await proxy.stop();
    }
  });

  it('a server without locks, and asks before it opens the folder', async () => {
    const server = await startPlainServer(({ method, path }, reply) =>
      method === 'PROPFIND' ? reply.xml(207, emptyFolder(path)) : reply.send(200, { DAV: '1' }),
    );
    const { showWarningMessage } = vscode.window;
    const asked: unknown[][] = [];
    // The extension and its tests are given the same `vscode`.
    vscode.window.showWarningMessage = (...question: unknown[]) => {
      asked.push(question);
      return Promise.resolve(undefined);
    };
    const stored = () => vscode.workspace.getConfiguration('lockStatus').get('connections');
    const before = stored();
    try {
      await vscode.commands.executeCommand('lockStatus.openRemoteFolder', vscode.Uri.parse(server.url));
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
      await server.stop();
    }
    assert.deepEqual(asked, [
      [
        `127.0.0.1:${server.port} doesn’t support locks. Open the folder anyway?`,
        {
          modal: true,
          detail:
            'You won’t see who edits a file, but a save still never overwrites a version that you haven’t seen.',
        },
        'Open',
      ],
    ]);
    assert.deepEqual(stored(), before, 'nothing is stored without an answer');
  });

  it('a server that fails', async () => {
    assert.match(await refusalOf((_, reply) => reply.send(500)), /failed with a server error \(500\)/);
  });

  it('an answer that is cut off', async () => {
    assert.match(
      await refusalOf((_, reply) => reply.truncated(207, 500, '<D:multistatus xmlns:D="DAV:">')),
      /unreadable answer|connection to .* was lost/,
    );
  });

  it('an address that is none', async () => {
    assert.match(
      await refusal({ url: 'ftp://example.org/' }),
      /"ftp:\/\/example\.org\/" isn’t the address of a remote folder/,
    );
  });
});
