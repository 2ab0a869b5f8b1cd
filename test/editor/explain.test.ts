// What an explanation shows and what can be done from it, with a server that means harm.
import assert from 'node:assert/strict';
import { commands, Uri, type LogOutputChannel, type Webview } from 'vscode';
import { diagnose } from '../../src/core/diagnosis/diagnose';
import type { Facts } from '../../src/core/diagnosis/facts';
import type { RecordedExchange } from '../../src/core/locks/exchanges';
import { RemoteFailure } from '../../src/core/model/failure';
import type { ObservedLock } from '../../src/core/locks/observedLock';
import { LockHistory } from '../../src/core/locks/lockHistory';
import { lockFromRefusal } from '../../src/core/model/refusalInfo';
import type { LockId, LockState } from '../../src/core/model/lock';
import { resourceId } from '../../src/core/model/resource';
import { actionIn } from '../../src/editor/explain/actions';
import { pageModel } from '../../src/editor/explain/model';
import { pageHtml } from '../../src/editor/explain/page';
import { reportText } from '../../src/editor/explain/report';
import { linked } from '../../src/editor/messages/links';
import { Log } from '../../src/editor/log';
import { openLink } from '../../src/editor/messages/openLink';
import { quotedFrom, refusedWith, secret, secretAddress, secretBodies } from '../support/secrets';

const hostile = [
  '<script>alert(1)</script>',
  '[x](command:workbench.action.quit)',
  '$(error) x',
  '\u202Efdp.exe\u2066',
  'a\nb\u0007\u001B[31m',
  '`code` **bold** | cell',
  'x'.repeat(1_000_000),
  'javascript:alert(1)',
];
const now = { mono: 1_000_000, wall: Date.parse('2026-11-22T10:00:00Z') };

function factsWith(text: string): Facts {
  const resource = resourceId(`https://dav.example/${encodeURIComponent(text.slice(0, 200))}`);
  const state: LockState = {
    kind: 'locked',
    at: now,
    locks: [
      {
        source: 'listing',
        id: 'fingerprint' as LockId,
        scope: 'exclusive',
        depth: 'tree',
        root: resourceId(`https://dav.example/${encodeURIComponent(text.slice(0, 100))}`),
        holder: { name: text, app: text, host: text, contacts: [], assertedBy: 'client', self: 'other' },
        expiry: { kind: 'at', at: { mono: now.mono + 60_000, wall: now.wall + 60_000 } },
      },
    ],
  };
  const refused: RecordedExchange = {
    method: 'PUT',
    resource,
    at: now,
    ms: 5,
    status: 423,
    sent: ['if'],
    headers: { server: text, via: text },
    excerpt: text,
    refusal: { shape: 'text', from: 'server', codes: [text], reason: text },
  };
  const history = new LockHistory();
  history.observed(resource, state);
  history.attempted(refused);
  return {
    resource,
    now,
    state,
    listingSupport: 'seen',
    history: history.of(resource),
    exchanges: [refused],
    leases: [],
    content: 'unknown',
  };
}

function modelOf(facts: Facts, kind: 'file' | 'folder' = 'file') {
  return pageModel({ facts, diagnosis: diagnose(facts), kind, check: undefined }, 'en');
}

function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) yield* texts(inner);
}

describe('An explanation', () => {
  for (const text of hostile)
    it(`shows ${JSON.stringify(text.slice(0, 30))} as harmless text`, () => {
      for (const shown of texts(modelOf(factsWith(text)))) {
        assert.ok(shown.length < 1_500, `${shown.length} characters`);
        assert.doesNotMatch(shown, /[\p{Cc}\u202A-\u202E\u2066-\u2069]|\$\(|\]\(/u);
      }
    });

  it('takes a name that only the lock gives for hearsay', () => {
    const { verdict, sections } = modelOf(factsWith('Ann Lee'));
    assert.match(verdict, /^Ann Lee \(unverified\) is editing this file\./);
    assert.match(sections[0]?.lines[0] ?? '', /names the holder: "Ann Lee/);
  });

  it('lists what was refused inside of a folder', () => {
    const facts = factsWith('docs');
    const at = (path: string) => resourceId(`${facts.resource}/${path}`);
    const refusedMembers = [
      { resource: facts.resource, status: 424 },
      { resource: at('a/b%20c.md'), status: 423 },
      { resource: at('d.md'), status: 424 },
      ...Array.from({ length: 30 }, (_, index) => ({ resource: at(`${index}.md`), status: 423 })),
    ];
    const { details } = modelOf({ ...facts, refusedMembers });
    const lines = details.find(({ heading }) => heading === 'Refused in this folder')?.lines;
    assert.deepEqual(lines?.slice(0, 2), [
      'a/b c.md: refused (423)',
      'd.md: skipped because another item was refused (424)',
    ]);
    assert.equal(lines?.at(-1), 'and 12 more');
    assert.equal(
      modelOf(facts).details.some(({ heading }) => heading === 'Refused in this folder'),
      false,
    );
  });

  it('says what was tried where nobody held a lock', () => {
    const attempts = [{ at: now.wall, last: now.wall, count: 1, method: 'PUT', status: 500 }];
    const tried: Facts = {
      ...factsWith('Ann Lee'),
      state: { kind: 'unknown', why: 'notAsked' },
      history: { locks: [], changes: [], attempts },
    };
    assert.equal(modelOf(tried).picture?.caption, 'Your attempts');
    assert.equal(modelOf(factsWith('Ann Lee')).picture?.caption, 'Who held the lock');
  });

  it('says folder of a folder, and where it is', () => {
    const { verdict, where } = modelOf(factsWith('Ann Lee'), 'folder');
    assert.match(verdict, /^Ann Lee \(unverified\) is working in this folder\./);
    assert.equal(where, 'Folder on https://dav.example');
  });

  describe('draws', () => {
    const minute = 60_000;
    const drawn = (seen: Partial<ObservedLock>) => {
      const facts = factsWith('Ann Lee');
      const [lock] = facts.history.locks;
      assert.ok(lock);
      const locks = [{ ...lock, firstSeen: now.wall - 20 * minute, unsynced: true as const, ...seen }];
      const shown = modelOf({ ...facts, history: { ...facts.history, locks } }).picture;
      assert.ok(shown);
      return shown;
    };

    it('a mark at its second', () => {
      const { bars, now: end } = drawn({ deadline: now.wall, refreshes: [now.wall - 5 * minute - 500] });
      const [bar] = bars;
      const [mark] = bar?.refreshes ?? [];
      assert.ok(bar && mark);
      const share = (mark.at - bar.from) / (end.at - bar.from);
      assert.ok(Math.abs(share - (15 * minute - 500) / (20 * minute)) < 1e-6, String(share));
      assert.match(mark.label, /^Refreshed at \d+:54:59/);
    });

    it('the end of a lock on the axis, or as beyond it', () => {
      assert.equal(drawn({ deadline: now.wall + 30 * minute }).bars[0]?.end?.beyond, false);
      const far = drawn({ deadline: now.wall + 10 * 60 * minute }).bars[0]?.end;
      assert.deepEqual([far?.at, far?.beyond], [1, true]);
      assert.match(far?.label ?? '', /^expires at /);
      const never = drawn({ deadline: 'never' });
      assert.deepEqual(never.bars[0]?.end, { at: 1, beyond: true, label: 'never expires' });
      assert.match(never.description, /locked since .*, never expires/);
    });
  });

  it('loads and runs its own two files and nothing else', () => {
    const webview = {
      cspSource: 'https://own.example',
      asWebviewUri: (uri: Uri) => uri,
    } as unknown as Webview;
    const html = pageHtml(webview, Uri.file('/extension'), 'en"><script>');
    const policy = /content="([^"]+)"/.exec(html)?.[1] ?? '';
    assert.match(
      policy,
      /^default-src 'none'; style-src https:\/\/own\.example; script-src 'nonce-[\w-]{20,}'/,
    );
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(html.match(/<script/g)?.length, 1);
    const nonces = new Set(
      Array.from({ length: 5 }, () => /nonce-([\w-]+)/.exec(pageHtml(webview, Uri.file('/e'), 'en'))?.[1]),
    );
    assert.equal(nonces.size, 5);
  });

  it('can cause what is in its table, whatever the page asks for', () => {
    assert.ok(actionIn({ act: 'wait' }));
    for (const message of [
      undefined,
      null,
      'wait',
      { act: 'workbench.action.quit' },
      { act: 'constructor' },
      { act: ['wait'] },
      { act: '__proto__' },
    ])
      assert.equal(actionIn(message), undefined);
  });

  it('can make a file read-only by a command that the editor has', async () => {
    assert.ok(actionIn({ act: 'openReadOnly' }));
    const known = await commands.getCommands(true);
    assert.ok(known.includes('workbench.action.files.setActiveEditorReadonlyInSession'));
  });
});

describe('A report', () => {
  for (const text of hostile)
    it(`quotes ${JSON.stringify(text.slice(0, 30))} as code`, () => {
      const report = reportText(factsWith(text), 'Lock Status, VS Code');
      assert.ok(report.length < 40_000);
      // Between the quotes anything may stand; outside of them nothing foreign.
      const outside = report.replaceAll(/`[^`\n]*`/g, '');
      assert.doesNotMatch(outside, /script|command:|\$\(|bold|exe|javascript/);
      assert.doesNotMatch(report.replaceAll('\n', ''), /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    });
});

describe('Secrets that a refusal repeats', () => {
  const factsOf = (body: string): Facts => {
    const exchange = refusedWith(body);
    const { refusal, resource } = exchange;
    const lock = refusal && lockFromRefusal(refusal, now);
    const state: LockState = { kind: 'locked', at: now, locks: lock ? [lock] : [] };
    const history = new LockHistory();
    history.observed(resource, state);
    history.attempted(exchange);
    return { ...factsWith('Ann Lee'), resource, state, exchanges: [exchange], history: history.of(resource) };
  };

  it('are in no report', () => {
    for (const body of secretBodies)
      assert.doesNotMatch(reportText(factsOf(body), 'Lock Status'), secret, body);
  });

  it('are on no page', () => {
    for (const body of secretBodies)
      assert.doesNotMatch(JSON.stringify(modelOf(factsOf(body))), secret, body);
  });

  it('are in no log', () => {
    const lines: string[] = [];
    const note = (line: string) => void lines.push(line);
    const log = new Log({ info: note, warn: note, debug: note, error: note } as unknown as LogOutputChannel);
    for (const body of secretBodies) {
      const serverText = quotedFrom(body);
      log.exchange(refusedWith(body));
      log.failure(
        'Saving',
        new RemoteFailure('locked', { resource: secretAddress, ...(serverText && { serverText }) }),
      );
      log.failure('Saving', new Error(`of ${secretAddress} with Authorization: Basic YWxpY2U6c2VjcmV0`));
    }
    assert.ok(lines.length > secretBodies.length);
    for (const line of lines) assert.doesNotMatch(line, secret);
  });
});

describe('A link to a file', () => {
  it('leads to the same file, whatever its name', () => {
    for (const name of ['a.md', 'a b.md', 'a#b?c&d=e+f%.md', 'ä/ö.md']) {
      const resource = resourceId(
        `https://dav.example:8443/${name.split('/').map(encodeURIComponent).join('/')}`,
      );
      assert.equal(linked(Uri.parse(openLink(resource))), resource);
    }
  });

  it('names nothing else than a file on a web server', () => {
    const bad = [
      '/open?url=file:///etc/passwd',
      '/open?url=command:workbench.action.quit',
      '/open?url=https%3A%2F%2Fann%3Asecret%40dav.example%2Fa.md',
      '/open?url=javascript%3Aalert(1)',
      '/open?url=dav.example',
      '/open',
      '/open?url=https%253A%252F%252Fdav.example%252F%25zz',
      '/break?url=https%3A%2F%2Fdav.example%2Fa.md',
      `/open?url=https%3A%2F%2Fdav.example%2F${'a'.repeat(5_000)}`,
    ];
    for (const path of bad)
      assert.equal(linked(Uri.parse(`vscode://lock-status.lock-status${path}`)), undefined, path);
  });
});
