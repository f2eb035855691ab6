/** The pages of our views, which are frames in frames, and what a test asks of them. */
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { waitFor } from './workbench.ts';

export interface SearchViews {
  readonly search: FrameLocator;
  readonly index: FrameLocator;
  /** Types these words into the box of the search view, in place of what is there, with real keys, and waits for their answer. */
  ask(words: string): Promise<void>;
  /** What was found, as `file: symbol`, or `file: lines` where it has no name. */
  found(): Promise<string[]>;
  /** Waits until the index view has this headline. */
  headline(wanted: RegExp): Promise<string>;
  /** Value of a row of the index view. */
  fact(name: string): Promise<string>;
  button(label: string): Locator;
}

/** Opens our side bar. */
export async function openSearchViews(page: Page): Promise<SearchViews> {
  await page.locator('.activitybar .action-label[aria-label^="Tabstop"]').click();
  const search = await frameWith(page, '#query');
  const index = await frameWith(page, '#headline');
  // Away from the activity bar, whose hover lies over the views.
  await page.mouse.move(700, 500);
  const box = search.locator('#query');
  return {
    search,
    index,
    async ask(words) {
      // A click right after a file was opened may come before the editor takes the focus.
      const here = () =>
        box.evaluate((input) => input.ownerDocument.hasFocus() && input.ownerDocument.activeElement === input);
      let since = 0;
      await waitFor(
        async () => {
          if (!(await here())) {
            await box.click();
            since = Date.now();
          }
          return Date.now() - since;
        },
        (kept) => kept > 250,
      );
      await page.keyboard.press('End');
      await page.keyboard.press('Shift+Home');
      await page.keyboard.type(words, { delay: 15 });
      expect(await box.inputValue()).toBe(words);
      await waitFor(
        () => search.locator('#results').getAttribute('aria-busy'),
        (busy) => busy === 'false',
      );
    },
    found: () =>
      search.locator('#results [role="group"]').evaluateAll((groups) =>
        groups.flatMap((group) => {
          const file = group.querySelector('.name')?.textContent;
          return [...group.querySelectorAll('[role="option"]')].map(
            (option) =>
              `${file}: ${option.querySelector('.symbol')?.textContent || option.querySelector('.range')?.textContent}`,
          );
        }),
      ),
    headline: (wanted) => says(() => index.locator('#headline'), wanted),
    fact: (name) => textOf(index.locator('#facts div', { hasText: name }).locator('dd')),
    button: (label) => index.locator('#actions button', { hasText: label }),
  };
}

/** The text of the first that matches, '' while there is none. */
export function textOf(locator: Locator): Promise<string> {
  return locator
    .first()
    .textContent({ timeout: 3_000 })
    .then(
      (text) => text ?? '',
      () => '',
    );
}

export function says(locator: () => Locator, wanted: RegExp): Promise<string> {
  return waitFor(
    () => textOf(locator()),
    (text) => wanted.test(text),
    60_000,
  );
}

/** The view that has something which only its page has. */
async function frameWith(page: Page, selector: string): Promise<FrameLocator> {
  const found = await waitFor(
    async () => {
      const frames = page.locator('iframe.webview.ready');
      for (let at = 0; at < (await frames.count()); at++) {
        const inner = frames.nth(at).contentFrame().frameLocator('#active-frame');
        if ((await inner.locator(selector).count()) > 0) return inner;
      }
      return undefined;
    },
    (view) => view !== undefined,
    60_000,
  );
  return found!;
}
