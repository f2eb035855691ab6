import { beforeAll, describe, expect, test } from 'vitest';
import { openSearchViews, type SearchViews, says, textOf } from './search-views.ts';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const workbench = sharedWorkbench({ files: { 'a.ts': 'const a = 1;\n' }, engine: [] });
let views: SearchViews;

beforeAll(async () => {
  views = await openSearchViews(workbench().page);
}, 120_000);

/** The engine of this test says what it is told in a search. */
const become = (status: object) => views.ask(`status ${JSON.stringify(status)}`);
const short = () => textOf(views.search.locator('#index'));
const actions = () => views.index.locator('#actions button').allTextContents();

describe('what the views say of the index', () => {
  test('before the engine has said anything: that it comes', async () => {
    await views.headline(/^Opened in a moment$/);
    expect(await views.index.locator('#progress').getAttribute('aria-valuenow')).toBe(null);
    expect(await views.index.locator('#progress').isVisible()).toBe(true);
  });

  test.each<[object, string, string, string[]]>([
    [
      { state: 'indexing', done: 25, total: 100 },
      'Indexing 25 %',
      'Indexing 25 %: not everything is found yet.',
      ['Pause'],
    ],
    [
      { state: 'embedding', done: 1, total: 3 },
      'Reading for meaning 33 %',
      'Reading for meaning 33 %: found by words so far.',
      ['Pause'],
    ],
    [{ state: 'ready' }, 'Up to date', 'Up to date: 12 files.', ['Pause', 'Rebuild', 'Delete…']],
    [{ state: 'paused' }, 'Paused', 'Paused.', ['Resume', 'Rebuild', 'Delete…']],
    [
      { state: 'failed', problem: 'no space left' },
      'Failed',
      'The index failed: no space left',
      ['Rebuild', 'Show Log'],
    ],
    [{ state: 'off' }, 'Switched off', 'The index is switched off.', ['Settings']],
    [{ state: 'no-folder' }, 'No folder is open', 'No folder is open.', ['Open Folder']],
  ])('%j', async (status, headline, line, buttons) => {
    await become(status);
    await waitFor(
      () => textOf(views.index.locator('#headline')),
      (text) => text === headline,
    );
    await waitFor(short, (text) => text === line);
    expect(await actions()).toEqual(buttons);
  });

  test('the progress bar tells how far it is, to eyes and to screen readers', async () => {
    await become({ state: 'indexing', done: 25, total: 100 });
    const bar = views.index.locator('#progress');
    await waitFor(
      () => bar.getAttribute('aria-valuenow'),
      (now) => now === '25',
    );
    expect(await bar.getAttribute('aria-valuetext')).toBe(
      'Indexing 25 %. 25 of 100 files. What is read already can be searched.',
    );
    const [whole, part] = await Promise.all([bar.boundingBox(), bar.locator('div').boundingBox()]);
    expect(part!.width / whole!.width).toBeCloseTo(0.25, 1);
    await become({ state: 'ready' });
    await waitFor(
      () => bar.isVisible(),
      (visible) => !visible,
    );
  });

  test('a button asks the engine for what it says', async () => {
    await become({ state: 'failed', problem: 'no space left' });
    await views.headline(/^Failed$/);
    await views.button('Rebuild').click();
    await become({ state: 'paused' });
    await views.headline(/^Paused$/);
    await views.button('Resume').click();
    await views.ask('control');
    await says(() => views.search.locator('#said'), /rebuild · resume$/);
  });
});

describe('what the search view says', () => {
  test('an answer by words alone is said to be one; a file that is gone does not open', async () => {
    await views.ask('lexical');
    await says(
      () => views.search.locator('#said'),
      /^1 place in 1 file · 1 ms · by words so far: meaning is still being read$/,
    );
    await workbench().press('Enter');
    await says(
      () => workbench().page.locator('.notification-toast'),
      /gone\.ts cannot be opened: it was moved or deleted/,
    );
  });

  test('all of it keeps in the colours of the theme, high contrast too', async () => {
    await become({ state: 'ready' });
    await views.ask('lexical');
    const { page } = workbench();
    const colours = () =>
      views.search.locator('.option.active').evaluate((option) => {
        const style = option.ownerDocument.defaultView!.getComputedStyle(option);
        return [style.outlineStyle, style.outlineColor !== 'rgba(0, 0, 0, 0)'];
      });
    await waitFor(
      async () => (await views.found()).length,
      (many) => many === 1,
    );
    const dark = await views.search
      .locator('body')
      .evaluate((body) => body.ownerDocument.defaultView!.getComputedStyle(body).color);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.locator('.monaco-workbench.vs').waitFor();
    await waitFor(
      () =>
        views.search.locator('body').evaluate((body) => body.ownerDocument.defaultView!.getComputedStyle(body).color),
      (colour) => colour !== dark,
    );
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    await page.locator('.monaco-workbench.hc-black').waitFor();
    await waitFor(colours, ([outline, seen]) => outline === 'solid' && seen === true);
    if (process.env.TABSTOP_LOOK) await workbench().screenshot(process.env.TABSTOP_LOOK);
  });
});
