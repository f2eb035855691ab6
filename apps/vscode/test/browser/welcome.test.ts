import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const workbench = sharedWorkbench({
  files: { 'notes.md': '# Notes\n' },
  engine: 'real',
  settings: { 'tabstop.welcome.show': true },
});

const page = () => workbench().page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');

describe('the welcome page', () => {
  test('is there at the first start and leads through the first walk in ten seconds', async () => {
    await page().getByRole('heading', { name: 'Tabstop', exact: true }).waitFor({ timeout: 60_000 });
    expect(await page().locator('#done').isVisible()).toBe(false);
    await workbench().picture('welcome');
    await page().getByRole('button', { name: 'Open the sample' }).press('Enter');
    await waitFor(workbench().text, (text) => text.includes('const total ='));
    await workbench().type('Price');
    const places = (text: string) => text.match(/\btotalPrice\b/g)?.length ?? 0;
    for (let place = 2; place <= 4; place++) {
      await waitFor(workbench().nextEdit, (shown) => shown !== '');
      await workbench().press('Tab');
      // Where the next place is far, the first Tab goes there.
      if (places(await workbench().text()) < place) await workbench().press('Tab');
      await waitFor(workbench().text, (text) => places(text) >= place);
    }
    await waitFor(
      () => page().locator('#done').isVisible(),
      (visible) => visible,
    );
    expect(await page().locator('li.done, li[data-done]').count()).toBe(3);
  });

  test('comes back by its command, and its buttons lead on', async () => {
    await workbench().command('Tabstop: Welcome');
    await page().getByRole('button', { name: 'Settings' }).press('Enter');
    await workbench().page.locator('.settings-editor').waitFor();
    await waitFor(
      () =>
        workbench()
          .page.locator('.settings-editor .monaco-inputbox, .settings-header .suggest-input-container')
          .first()
          .innerText(),
      (text) => text.includes('tabstop.'),
    );
  });
});
