// Where most tests of documents play: a server on which alice is signed in and bob works beside her.
import type Mocha from 'mocha';
import * as vscode from 'vscode';
import { Colleague } from '../support/colleague';
import { startFaultProxy, type FaultProxy } from '../support/faultProxy';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';
import type { ServerKind } from '../support/servers/server';
import { connect } from './extensionApi';

export interface Scene {
  readonly server: SuiteServer;
  /** The server's folder as the editor opens it. */
  readonly root: vscode.Uri;
  /** Reaches the server directly. */
  readonly bob: Colleague;
}

export interface ProxiedScene extends Scene {
  /** Stands between the editor and the server. */
  readonly proxy: FaultProxy;
}

/** Skips where the server cannot be had. */
export async function enter(context: Mocha.Context, kind: ServerKind): Promise<Scene> {
  const server = serverOrSkip(context, kind);
  return sceneAt(server.url, server);
}

/** The same behind a proxy that can let things go wrong. */
export async function enterBehindProxy(context: Mocha.Context, kind: ServerKind): Promise<ProxiedScene> {
  const server = serverOrSkip(context, kind);
  const proxy = await startFaultProxy(server.url);
  return { ...(await sceneAt(proxy.url, server)), proxy };
}

export async function leave({ root, proxy }: ProxiedScene): Promise<void> {
  await vscode.commands.executeCommand('lockStatus.signOut', root);
  await proxy.stop();
}

function serverOrSkip(context: Mocha.Context, kind: ServerKind): SuiteServer {
  const found = suiteServer(kind);
  return 'why' in found ? skipBecause(context, found.why) : found;
}

async function sceneAt(url: string, server: SuiteServer): Promise<Scene> {
  const bob = new Colleague(server.url, server.user('bob'));
  await connect({ url, ...server.user('alice') });
  return { server, bob, root: vscode.Uri.parse(url.replace(/^http/, 'dav')) };
}
