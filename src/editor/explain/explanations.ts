import { env, l10n, ViewColumn, window, type Uri, type WebviewPanel } from 'vscode';
import { asObject } from '../../base/untrusted';
import { Disposables, Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import { diagnose } from '../../core/diagnosis/diagnose';
import { isFailure } from '../../core/model/failure';
import { nameOf, resourceId, serverOf, type ResourceId, type ServerId } from '../../core/model/resource';
import type { ServerCheck } from '../../core/diagnosis/serverCheck';
import type { CommandContext } from '../commands/commandContext';
import { failureSentence } from '../words/failureWords';
import { plain } from '../words/plainText';
import { showLogStep, showRefusal, stepAfter } from '../messages/nextStep';
import { actionIn } from './actions';
import { checkServer } from './checkServer';
import { pageModel } from './model';
import { pageFolder, pageHtml } from './page';

const viewType = 'lock-status.explanation';
/** Keeps displayed ages and remaining times current. */
const redrawMs = 30_000;
const minRecheckMs = 2_000;
/** Further automatic checks show nothing new; the user can still ask again. */
const maxRechecks = 40;

interface Page {
  readonly panel: WebviewPanel;
  readonly owned: Disposables;
  rechecks: number;
  readonly recheck: Timer;
  readonly redraw: Timer;
}

/** The webview pages that explain a lock: one per file, current while open, restored after a reload. */
export class Explanations extends Owner {
  private readonly pages = new Map<ResourceId, Page>();
  private readonly checks = new Map<ServerId, ServerCheck>();
  constructor(
    private readonly extension: Uri,
    private readonly context: Omit<CommandContext, 'explanations'>,
  ) {
    super();
    this.owned.add(
      window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel, state: unknown) => Promise.resolve(this.restore(panel, state)),
      }),
    );
  }

  /** Shows the page of a file and asks the server for the current state. */
  async show(resource: ResourceId): Promise<void> {
    const known = this.pages.get(resource);
    if (known) known.panel.reveal();
    else {
      const options = { viewColumn: ViewColumn.Beside, preserveFocus: false };
      this.fill(
        window.createWebviewPanel(viewType, titleOf(resource), options, this.webviewOptions()),
        resource,
      );
    }
    await this.context.diagnosisService.requestFacts(resource);
  }

  checkOf(resource: ResourceId): ServerCheck | undefined {
    return this.checks.get(serverOf(resource));
  }

  override dispose(): void {
    super.dispose();
    for (const { owned, panel } of this.pages.values()) {
      owned.dispose();
      panel.dispose();
    }
    this.pages.clear();
  }

  private webviewOptions() {
    return { enableScripts: true, localResourceRoots: [pageFolder(this.extension)] };
  }

  private restore(panel: WebviewPanel, state: unknown): void {
    const resource = resourceIn(state);
    // State that a page saved is as untrusted as its messages.
    if (!resource || this.pages.has(resource)) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.webviewOptions();
    this.fill(panel, resource);
    void this.context.diagnosisService.requestFacts(resource);
  }

  private fill(panel: WebviewPanel, resource: ResourceId): void {
    const owned = new Disposables();
    const { diagnosisService, clock } = this.context;
    const newTimer = () => owned.add(new Timer(clock));
    const page: Page = { panel, owned, rechecks: 0, recheck: newTimer(), redraw: newTimer() };
    this.pages.set(resource, page);
    const draw = () => this.draw(page, resource);
    owned.add(
      diagnosisService.onDidChange((id) => {
        if (id === resource) this.drawSoon(page, resource);
      }),
    );
    owned.add(
      panel.webview.onDidReceiveMessage((message: unknown) => void this.receive(page, resource, message)),
    );
    owned.add(
      panel.onDidChangeViewState(() => {
        if (panel.visible) draw();
      }),
    );
    const ticking = newTimer();
    const tick = () =>
      ticking.set(redrawMs, () => {
        draw();
        tick();
      });
    tick();
    panel.onDidDispose(() => {
      owned.dispose();
      this.pages.delete(resource);
    });
    panel.webview.html = pageHtml(panel.webview, this.extension, env.language);
  }

  /** One answer of a server changes several facts, each of which reports itself. */
  private drawSoon(page: Page, resource: ResourceId): void {
    page.redraw.setOnce(0, () => this.draw(page, resource));
  }

  private draw(page: Page, resource: ResourceId): void {
    const { panel } = page;
    page.redraw.clear();
    if (!panel.visible) return;
    const { diagnosisService, directory } = this.context;
    const facts = diagnosisService.facts(resource);
    const diagnosis = diagnose(facts);
    const kind = directory.cached(resource)?.kind === 'collection' ? 'folder' : 'file';
    const model = pageModel({ facts, diagnosis, kind, check: this.checkOf(resource) }, env.language);
    void panel.webview.postMessage({ resource, model });
    this.scheduleRecheck(page, resource, diagnosis.recheckAfterMs);
  }

  /** Some causes show only in how the answers change over time. */
  private scheduleRecheck(page: Page, resource: ResourceId, recheckAfterMs: number | undefined): void {
    const { diagnosisService } = this.context;
    if (recheckAfterMs === undefined || page.rechecks >= maxRechecks) return;
    page.recheck.setOnce(Math.max(minRecheckMs, recheckAfterMs), () => {
      page.rechecks += 1;
      if (page.panel.visible) void diagnosisService.requestFacts(resource);
    });
  }

  private async receive(page: Page, resource: ResourceId, message: unknown): Promise<void> {
    const context = this.context;
    const { ready, act } = asObject(message) ?? {};
    if (ready !== undefined) return this.draw(page, resource);
    try {
      if (act === 'check') {
        const check = await checkServer(context, resource);
        if (check) this.checks.set(serverOf(resource), check);
        return this.draw(page, resource);
      }
      const action = actionIn(message);
      if (!action) return;
      page.rechecks = 0;
      await action(context, resource);
      await context.diagnosisService.requestFacts(resource);
    } catch (error) {
      context.log.failure('Running an action of an explanation', error);
      if (isFailure(error)) void showRefusal(failureSentence(error), stepAfter(error));
      else void showRefusal(l10n.t('That didn’t work. The log has the details.'), showLogStep());
    }
  }
}

function titleOf(resource: ResourceId): string {
  return l10n.t('Lock: {0}', plain(nameOf(resource), 60));
}

function resourceIn(state: unknown): ResourceId | undefined {
  const resource = asObject(state)?.resource;
  return typeof resource === 'string' && /^https?:\/\/[^/]/i.test(resource) && URL.canParse(resource)
    ? resourceId(resource)
    : undefined;
}
