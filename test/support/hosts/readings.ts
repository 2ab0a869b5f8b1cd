// What stands in the window right now. Each reading is one step inside the page, so that nothing moves under it.
import type { Page } from 'playwright-core';
import { selectors } from './selectors';

export interface ExplorerRow {
  readonly name: string;
  /** The decoration's letters, '' without one. */
  readonly badge: string;
  /** Path and the decoration's words, as the hover says them. */
  readonly tooltip: string;
}

export interface Toast {
  readonly text: string;
  readonly links: readonly string[];
  readonly buttons: readonly string[];
}

export interface StatusBarItem {
  readonly id: string;
  readonly text: string;
  readonly icons: readonly string[];
  /** Text and tooltip, as a screen reader says them. */
  readonly label: string;
  readonly kind: 'plain' | 'warning' | 'error' | 'prominent';
}

export interface Tab {
  readonly name: string;
  readonly dirty: boolean;
  readonly active: boolean;
  readonly badge: string;
}

export interface ViewRow {
  readonly name: string;
  readonly description: string;
  readonly level: number;
  /** undefined for a row without children. */
  readonly expanded: boolean | undefined;
}

export interface QuickPickItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

// The part of the page's element type that the readings need; the page's own types are not those of Node.
interface PageElement {
  readonly textContent: string | null;
  readonly classList: { contains(name: string): boolean };
  readonly className: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}
declare function getComputedStyle(element: PageElement, pseudo: string): { readonly content: string };

export async function readExplorer(page: Page): Promise<ExplorerRow[]> {
  const rows = await page.locator(selectors.explorerRow).evaluateAll(
    (elements: PageElement[], css) =>
      elements.map((row) => {
        const label = row.querySelector(css.explorerLabel);
        return {
          name: row.getAttribute('aria-label') ?? '',
          badge: label ? getComputedStyle(label, '::after').content : '',
          tooltip: label?.getAttribute('aria-label') ?? '',
        };
      }),
    selectors,
  );
  return rows.map((row) => ({ ...row, badge: plainContent(row.badge) }));
}

export async function readTabs(page: Page): Promise<Tab[]> {
  const tabs = await page.locator(selectors.tab).evaluateAll(
    (elements: PageElement[], css) =>
      elements.map((tab) => {
        const label = tab.querySelector(css.tabLabel);
        return {
          name: tab.getAttribute('data-resource-name') ?? '',
          dirty: tab.classList.contains('dirty'),
          active: tab.classList.contains('active'),
          badge: label ? getComputedStyle(label, '::after').content : '',
        };
      }),
    selectors,
  );
  return tabs.map((tab) => ({ ...tab, badge: plainContent(tab.badge) }));
}

export function readToasts(page: Page): Promise<Toast[]> {
  return readMessages(page, selectors.toast);
}

/** What stands behind the bell, where that is open. */
export function readNotifications(page: Page): Promise<Toast[]> {
  return readMessages(page, selectors.notification);
}

function readMessages(page: Page, selector: string): Promise<Toast[]> {
  return page.locator(selector).evaluateAll(
    (elements: PageElement[], css) =>
      elements.map((toast) => ({
        text: toast.querySelector(css.toastMessage)?.textContent ?? '',
        links: [...toast.querySelectorAll(css.toastLink)].map((link) => link.textContent ?? ''),
        buttons: [...toast.querySelectorAll(css.toastButton)].map((button) => button.textContent ?? ''),
      })),
    selectors,
  );
}

export async function readStatusBar(page: Page): Promise<StatusBarItem[]> {
  return page.locator(selectors.statusBarItem).evaluateAll(
    (elements: PageElement[], css) =>
      elements.map((item) => ({
        id: item.getAttribute('id') ?? '',
        text: (item.textContent ?? '').trim(),
        icons: [...item.querySelectorAll('.codicon')].flatMap(
          (icon) => /codicon-([\w-]+)/.exec(icon.className)?.[1] ?? [],
        ),
        label: item.querySelector(css.statusBarLabel)?.getAttribute('aria-label') ?? '',
        kind:
          (['warning', 'error', 'prominent'] as const).find((kind) =>
            item.classList.contains(`${kind}-kind`),
          ) ?? ('plain' as const),
      })),
    selectors,
  );
}

export async function readViewRows(page: Page, view: string): Promise<ViewRow[]> {
  return page
    .locator(selectors.sideBarPane)
    .filter({ has: page.locator(selectors.sideBarPaneHeader, { hasText: view }) })
    .locator(selectors.viewRow)
    .evaluateAll(
      (elements: PageElement[], css) =>
        elements.map((row) => {
          const expanded = row.getAttribute('aria-expanded');
          return {
            name: row.querySelector(css.treeRowName)?.textContent ?? '',
            description: row.querySelector(css.treeRowDescription)?.textContent ?? '',
            level: Number(row.getAttribute('aria-level')),
            expanded: expanded === null ? undefined : expanded === 'true',
          };
        }),
      selectors,
    );
}

export async function readQuickPick(page: Page): Promise<QuickPickItem[]> {
  return page
    .locator(selectors.quickPickRow)
    .filter({ visible: true })
    .evaluateAll(
      (elements: PageElement[], css) =>
        elements.map((row) => ({
          label: (row.querySelector(css.quickPickLabel)?.textContent ?? '').trim(),
          description: row.querySelector(css.quickPickDescription)?.textContent ?? '',
          detail: row.querySelector(css.quickPickDetail)?.textContent ?? '',
        })),
      selectors,
    );
}

export async function readEditorText(page: Page): Promise<string> {
  const lines = await page.locator(selectors.editorLines).evaluateAll((elements: PageElement[]) =>
    elements.map((line) => ({
      text: line.textContent ?? '',
      top: Number.parseFloat(/top:\s*([\d.]+)px/.exec(line.getAttribute('style') ?? '')?.[1] ?? '0'),
    })),
  );
  return lines
    .sort((one, other) => one.top - other.top)
    .map((line) => line.text.replaceAll('\u00a0', ' '))
    .join('\n');
}

/** Running extensions with their activation time, where the editor tells one. */
export async function readRunningExtensions(
  page: Page,
): Promise<readonly { readonly name: string; readonly ms: number | undefined }[]> {
  const rows = await page.locator(selectors.runningExtension).evaluateAll(
    (elements: PageElement[], css) =>
      elements.map((row) => ({
        name: row.querySelector(css.runningExtensionName)?.textContent ?? '',
        time: row.querySelector(css.runningExtensionTime)?.textContent ?? '',
      })),
    selectors,
  );
  return rows.map(({ name, time }) => {
    const ms = /Activation: (\d+)ms/.exec(time)?.[1];
    return { name, ms: ms === undefined ? undefined : Number(ms) };
  });
}

// CSS gives the text in quotes, and the words `none` or `normal` where there is none.
function plainContent(content: string): string {
  return /^"(.*)"$/s.exec(content)?.[1]?.trim() ?? '';
}

/** The names of the buttons in the title of the active editor. */
export function readTitleActions(page: Page): Promise<string[]> {
  return page
    .locator(selectors.titleAction)
    .evaluateAll((buttons: PageElement[]) =>
      buttons.map((button) => button.getAttribute('aria-label') ?? ''),
    );
}
