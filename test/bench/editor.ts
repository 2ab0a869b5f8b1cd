// What the extension costs in the real editor, beside the git that the editor brings along.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Colleague } from '../support/colleague';
import { chosenEditions, type Edition } from '../support/hosts/editions';
import { openPersonWindow, type PersonWindow } from '../support/hosts/personWindow';
import { answerSignIn } from '../support/hosts/signedIn';
import { folderOf } from '../support/hosts/windowUnderTest';
import { startApache } from '../support/servers/apache';
import { scratchFolder } from '../support/servers/scratch';
import { packageExtension } from '../support/start/extension';
import { interleaved, type Metrics, ratio, type Samples, table } from './measure';
import type { Row, Section, Workshop } from './report';

const names = Array.from({ length: 20 }, (_, at) => `file ${String(at).padStart(2, '0')}.txt`);
const changed = 'file 03.txt';

interface Start {
  readonly vscode: string;
  readonly ours: Samples;
  readonly git: Samples;
}

export async function editor({ scratch, account }: Workshop): Promise<Section> {
  const vsix = await packageExtension(scratch);
  const repository = repositoryIn(scratchFolder('repository'));
  const apache = await startApache();
  try {
    apache.seed(Object.fromEntries(names.map((name) => [name, 'text'])));
    await new Colleague(apache.url, apache.user('bob')).lock(changed, { timeout: 'Second-36000' });
    const starts: Start[] = [];
    for (const edition of chosenEditions()) {
      const window = await openPersonWindow({ edition, vsix, settings: { 'git.enabled': true } });
      try {
        const remote = folderOf(apache.url);
        await window.goTo(remote);
        await answerSignIn(window, account);
        starts.push(await startsOf(edition, window, { remote, repository }));
      } finally {
        await window.close();
      }
    }
    return { title: 'Starting in the editor', text: written(starts), rows: starts.flatMap(rowsOf) };
  } finally {
    await apache.stop();
  }
}

/** A folder on the disk in which git has one change to mark. */
function repositoryIn(folder: string): string {
  for (const name of names) writeFileSync(join(folder, name), 'text');
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('-c', 'user.name=Al Ice', '-c', 'user.email=al@example.com', 'commit', '-m', 'Files');
  writeFileSync(join(folder, changed), 'other text');
  return folder;
}

/** Each opens its folder in turn: ours on the server, with a lock to mark, git's on the disk, with a change to mark. */
async function startsOf(
  { vscode }: Edition,
  window: PersonWindow,
  { remote, repository }: { readonly remote: string; readonly repository: string },
): Promise<Start> {
  await window.explorerRow(changed, ({ badge }) => badge === 'L');
  const { ours, git } = await interleaved({
    ours: () => opened(window, { folder: remote, badge: 'L', extension: 'Lock Status' }),
    git: () => opened(window, { folder: repository, badge: 'M', extension: 'Git' }),
  });
  if (!ours || !git) throw new Error('Nothing was measured');
  return { vscode, ours, git };
}

async function opened(
  window: PersonWindow,
  { folder, badge, extension }: { folder: string; badge: string; extension: string },
): Promise<Metrics> {
  const start = performance.now();
  await window.goTo(folder);
  await window.explorerRow(changed);
  const rowsMs = performance.now() - start;
  await window.explorerRow(changed, (row) => row.badge === badge);
  const badgeMs = performance.now() - start;
  return { rowsMs, badgeMs, activationMs: await window.activationOf(extension) };
}

function written(starts: readonly Start[]): string {
  const line = (who: string, samples: Samples) => [
    who,
    ...['activationMs', 'rowsMs', 'badgeMs'].map((metric) => samples.shown(metric, 0)),
  ];
  const head = ['', 'load + call, ms', 'page → files in the explorer, ms', 'page → first badge, ms'];
  return starts
    .map(({ vscode, ours, git }) => {
      const rows = [line('Lock Status, on a server', ours), line('the editor’s own git, on the disk', git)];
      return `### VS Code ${vscode}\n\n${table(head, rows)}`;
    })
    .join('\n\n');
}

function rowsOf({ vscode, ours, git }: Start): Row[] {
  return [
    {
      what: `activation in VS Code ${vscode}, load + call ÷ the editor’s own git`,
      goal: '≤ 0.6',
      measured: ratio(ours, git, 'activationMs'),
    },
    {
      what: `page → first badge in VS Code ${vscode} ÷ git’s`,
      goal: '–',
      measured: ratio(ours, git, 'badgeMs'),
    },
  ];
}
