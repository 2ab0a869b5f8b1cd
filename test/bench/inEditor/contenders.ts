// Who opens the same folder in the same editor: ours, VS Code alone (the floor), a mount, and another extension where
// one is given.
import { createServer } from 'node:net';
import { Colleague } from '../../support/colleague';
import { editions, type Edition } from '../../support/hosts/editions';
import { openPersonWindow, type PersonWindow } from '../../support/hosts/personWindow';
import { acceptOffer, answerSignIn } from '../../support/hosts/signedIn';
import { folderOf } from '../../support/hosts/windowUnderTest';
import { startApache } from '../../support/servers/apache';
import { listenOnFreePort } from '../../support/servers/plain';
import type { LockServer } from '../../support/servers/server';
import { packageExtension } from '../../support/start/extension';
import { startRelay } from '../relay';
import type { Workshop } from '../report';
import { floorFolder, packFloor } from './floor';
import { mountByRclone } from './mount';
import { watchFirstRow } from './stopwatch';

export const roundTripMs = 50;
export const keyFiles = Array.from({ length: 8 }, (_, at) => `key ${String(at).padStart(2, '0')}.txt`);
export const files = { mine: 'mine.txt', theirs: 'theirs.txt' } as const;
const names = [files.mine, files.theirs, ...keyFiles];
const big = [...keyFiles, ...Array.from({ length: 10_000 - keyFiles.length }, (_, at) => `more ${at}.txt`)];

export interface Contender {
  readonly name: string;
  readonly window: PersonWindow;
  readonly folder: string;
  /** What it says of a refused save; nothing where it says nothing. */
  readonly refusal?: string;
}

export interface Stage {
  readonly edition: Edition;
  readonly contenders: readonly Contender[];
  /** Those who are not there, and why. */
  readonly absent: readonly string[];
  readonly ours: Contender;
  readonly floor: Contender;
  /** Hears the first line of each request of ours, and `changed` where the floor hears of a changed text. */
  listen(hear: (line: string) => void): void;
}

const nobody = (): void => undefined;

export async function onStage<T>(
  { scratch, account }: Workshop,
  run: (stage: Stage) => Promise<T>,
): Promise<T> {
  const ends: (() => unknown)[] = [];
  let hear: (line: string) => void = nobody;
  const late = (server: LockServer, onRequest?: (line: string) => void) =>
    startRelay(server.port, roundTripMs / 2, onRequest).then((relay) => {
      ends.push(() => relay.stop());
      return relay.url;
    });
  try {
    const apache = await prepared(ends, 'basic');
    const url = await late(apache, (line) => hear(line));
    const floorPort = createServer((socket) => socket.on('data', () => hear('changed')));
    ends.push(() => floorPort.close());
    const port = await listenOnFreePort(floorPort);
    const peer = await peerOf(ends, late);
    const beside = [await packFloor(scratch, { names, big, refused: files.theirs, port })];
    if (peer) beside.push(peer.vsix);
    const edition = editions[1];
    const window = await openPersonWindow({
      ...{ edition, beside, vsix: await packageExtension(scratch), folder: folderOf(url) },
      settings: { 'lockStatus.connections': [{ name: 'Bench', url, trusted: true }] },
    });
    ends.push(() => window.close());
    await acceptOffer(window);
    await answerSignIn(window, account);
    await watchFirstRow(window.page);
    const ours = { name: 'Lock Status', window, folder: folderOf(url), refusal: 'Bob' };
    const open = async (contender: Omit<Contender, 'window'>): Promise<Contender> => {
      const another = await window.another(contender.folder);
      await watchFirstRow(another.page);
      return { ...contender, window: another };
    };
    const refusal = 'Failed to save';
    const floor = await open({ name: 'floor', folder: floorFolder, refusal });
    const contenders = [ours, floor];
    const absent: string[] = [];
    if (peer) contenders.push(await open({ name: 'peer', folder: peer.folder, refusal }));
    else absent.push('No other extension was given (PEER_VSIX, and PEER_FOLDER as webdav://{host}/).');
    const mount = await mountByRclone(await late(apache), account);
    if (typeof mount === 'string') absent.push(`No mount by rclone: ${mount}.`);
    else {
      ends.push(() => mount.end());
      contenders.push(await open({ name: 'rclone mount', folder: mount.folder }));
    }
    return await run({ edition, contenders, absent, ours, floor, listen: (how) => (hear = how) });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function prepared(ends: (() => unknown)[], auth: 'basic' | 'none'): Promise<LockServer> {
  const apache = await startApache({ auth });
  ends.push(() => apache.stop());
  const inBig = auth === 'none' ? [] : big.map((name) => `big/${name}`);
  apache.seed(Object.fromEntries([...names, ...inBig].map((name) => [name, 'text'])));
  const bob = new Colleague(apache.url, apache.user('bob'));
  await bob.lock(files.theirs, { owner: 'Bob', timeout: 'Second-36000' });
  return apache;
}

/** On a server that asks nobody who they are, because how others ask is theirs. */
async function peerOf(
  ends: (() => unknown)[],
  late: (server: LockServer) => Promise<string>,
): Promise<{ vsix: string; folder: string } | undefined> {
  const vsix = process.env['PEER_VSIX'];
  if (!vsix) return undefined;
  const { host } = new URL(await late(await prepared(ends, 'none')));
  return { vsix, folder: (process.env['PEER_FOLDER'] ?? 'webdav://{host}/').replace('{host}', host) };
}
