import type { Locator, Page } from 'playwright-core';
import { readQuickPick, type QuickPickItem } from './readings';
import { selectors } from './selectors';
import { until } from './until';

export interface Prompt {
  readonly title: string;
  readonly message: string;
  readonly placeholder: string;
  readonly value: string;
  readonly secret: boolean;
}

/** The one input at the top of the window: the palette, quick picks and input boxes. */
export class QuickInput {
  constructor(private readonly page: Page) {}

  async runCommand(title: string): Promise<void> {
    const box = await this.openPalette(title);
    await this.choose(title);
    // The same input serves the command's own questions: wait until it is no longer the palette.
    await until(this.page, {
      what: `end of the command palette after ${title}`,
      read: async () => (await box.isVisible()) && (await box.inputValue()).startsWith('>'),
      accept: (palette) => !palette,
    });
  }

  /** The commands of a category that the palette offers; leaves it open. */
  async commands(category: string): Promise<readonly string[]> {
    await this.openPalette(`${category}: `);
    const ofCategory = async (): Promise<readonly string[]> => {
      const labels = (await readQuickPick(this.page)).map((item) => item.label);
      return labels.filter((label) => label.startsWith(`${category}: `));
    };
    return until(this.page, {
      what: `commands of the category ${category}`,
      read: ofCategory,
      accept: (all) => all.length > 0,
    });
  }

  /** The items of the quick pick that is open or about to open. */
  async items(): Promise<readonly QuickPickItem[]> {
    return until(this.page, {
      what: 'quick pick with items',
      read: () => readQuickPick(this.page),
      accept: (items) => items.length > 0,
    });
  }

  async pick(label: string): Promise<void> {
    await this.choose(label);
    const row = this.page.locator(selectors.quickPickRow).filter({ has: this.label(label) });
    await row.waitFor({ state: 'hidden' });
  }

  /** The input box that is open or about to open. */
  async prompt(): Promise<Prompt> {
    const box = this.page.locator(selectors.quickInputBox);
    await box.waitFor();
    return {
      title: (await this.page.locator(selectors.quickInputTitle).textContent()) ?? '',
      message: (await this.page.locator(selectors.quickInputMessage).textContent()) ?? '',
      placeholder: (await box.getAttribute('placeholder')) ?? '',
      value: await box.inputValue(),
      secret: (await box.getAttribute('type')) === 'password',
    };
  }

  /** Types into the input box that is open or about to open, and confirms. */
  async answer(text: string): Promise<void> {
    const box = this.page.locator(selectors.quickInputBox);
    await box.waitFor();
    const widget = this.page.locator(selectors.quickInput);
    const question = await widget.innerText();
    await box.fill(text);
    await this.page.keyboard.press('Enter');
    // Either the input closes, or it says something else, or it asks the next question, or the window loads anew.
    await until(this.page, {
      what: `end of the question ${question}`,
      read: async () =>
        (await box.isVisible()) &&
        // Waits for nothing: it may be gone by now.
        (await box.evaluateAll((all) => all.map((one) => (one as { value?: string }).value))).includes(
          text,
        ) &&
        (await widget.allInnerTexts()).join() === question,
      accept: (waiting) => !waiting || text === '',
    });
  }

  async dismiss(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator(selectors.quickInput).waitFor({ state: 'hidden' });
  }

  private async openPalette(words: string): Promise<Locator> {
    // The editor's own mark: from here on the palette knows the commands of extensions, and it looks only once.
    await this.page.waitForFunction("performance.getEntriesByName('code/didLoadExtensions').length > 0");
    const box = this.page.locator(selectors.quickInputBox);
    const asked = `>${words}`;
    await until(this.page, {
      what: `command palette for ${words}`,
      read: async () => {
        // What had the keyboard before may take it back, and that closes the palette: then it is opened again.
        if (!(await box.isVisible())) await this.page.keyboard.press('F1');
        return (await filled(box, asked)) ? box.inputValue() : '';
      },
      accept: (value) => value === asked,
    });
    return box;
  }

  private async choose(label: string): Promise<void> {
    const row = this.page
      .locator(selectors.quickPickRow)
      .filter({ has: this.label(label) })
      .first();
    await row.waitFor();
    // Until the input has the focus, what had it before may take it back, and that closes the input.
    await this.page.locator(selectors.quickInputBoxFocused).waitFor();
    // The mouse still lies where it chose last: a hover that it opens there would catch the click.
    await this.page.mouse.move(0, 0);
    await row.click();
  }

  private label(text: string) {
    return this.page.locator(selectors.quickPickLabel).getByText(text, { exact: true });
  }
}

/** Whether the words went into the box, or it was gone again before they could. */
async function filled(box: Locator, words: string): Promise<boolean> {
  try {
    await box.fill(words, { timeout: 2_000 });
    return await box.isVisible();
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return false;
    throw error;
  }
}
