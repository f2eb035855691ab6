import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const UPLOAD = `import { wait } from './wait.ts';

/** Sends the file again when the network was gone, a little later each time. */
export async function retryUpload(file: File, attempts = 5): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await send(file)) return;
    await wait(2 ** attempt * 100);
  }
}

async function send(file: File): Promise<boolean> {
  return file.size > 0;
}
`;
const QUEUE = `/** Holds what waits for its turn. */
export class Queue<T> {
  readonly #items: T[] = [];

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the oldest one out. */
  shift(): T | undefined {
    return this.#items.shift();
  }
}
`;
const FILES = {
  'src/upload.ts': UPLOAD,
  'src/queue.ts': QUEUE,
  'src/wait.ts': 'export const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));\n',
  'docs/guide.md': '# Guide\n\n## Colours\n\nThe palette is chosen once.\n',
  '.gitignore': 'dist/\n',
  '.env': 'TOKEN=unsearchable\n',
};

const workbench = sharedWorkbench({
  files: FILES,
  engine: 'real',
  async prepare(dataDir) {
    const cwd = join(dataDir, '..', 'project');
    const git = (...argv: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...argv], { cwd, stdio: 'ignore' });
    git('init', '-q');
    // Upload and queue change together, again and again.
    for (let round = 0; round < 4; round++) {
      const last = round === 3 ? '' : `// ${round}\n`;
      await writeFile(join(cwd, 'src/upload.ts'), UPLOAD + last);
      await writeFile(join(cwd, 'src/queue.ts'), QUEUE + last);
      git('add', '-A', '--', 'src');
      git('commit', '-q', '-m', `round ${round}`);
    }
  },
});

const page = () => workbench().page;
let search: FrameLocator;
let index: FrameLocator;

/** The page of a view of ours (a frame in a frame), found by something that only it has. */
async function viewWith(selector: string): Promise<FrameLocator> {
  const found = await waitFor(
    async () => {
      const frames = page().locator('iframe.webview.ready');
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
const textOf = (locator: Locator) =>
  locator
    .first()
    .textContent({ timeout: 1_000 })
    .then(
      (text) => text ?? '',
      () => '',
    );
const says = (locator: () => Locator, wanted: RegExp) =>
  waitFor(
    () => textOf(locator()),
    (text) => wanted.test(text),
    60_000,
  );
const headline = (wanted: RegExp) => says(() => index.locator('#headline'), wanted);
/** Puts the cursor into the box, and types there with real keys. A click right after a file was opened may come before the editor takes the focus. */
async function ask(words: string): Promise<void> {
  const box = search.locator('#query');
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
  await page().keyboard.press('End');
  await page().keyboard.press('Shift+Home');
  await page().keyboard.type(words, { delay: 15 });
  expect(await box.inputValue()).toBe(words);
}
/** What was found, as `file: symbol or lines`. */
const found = () =>
  search.locator('#results [role="group"]').evaluateAll((groups) =>
    groups.flatMap((group) => {
      const file = group.querySelector('.name')?.textContent;
      return [...group.querySelectorAll('[role="option"]')].map(
        (option) =>
          `${file}: ${option.querySelector('.symbol')?.textContent || option.querySelector('.range')?.textContent}`,
      );
    }),
  );
const active = () => textOf(search.locator('.option.active .symbol'));
const cursor = () => textOf(page().locator('.statusbar-item[id="status.editor.selection"]'));

beforeAll(async () => {
  await page().locator('.activitybar .action-label[aria-label^="Tabstop"]').click();
  search = await viewWith('#query');
  index = await viewWith('#headline');
  // Away from the activity bar, whose hover lies over the views.
  await page().mouse.move(700, 500);
  await headline(/^Up to date$/);
}, 120_000);

describe('search in the side bar', () => {
  test('finds as one types, marks what matches, and Enter opens at the place', async () => {
    await ask('where do we retry uploads');
    await waitFor(found, (places) => places[0] === 'upload.ts: retryUpload');
    await says(() => search.locator('#said'), /^\d+ places? in \d+ files? · \S+ ms$/);
    expect(await search.locator('.option.active mark').allTextContents()).toContain('retryUpload');
    expect(await search.locator('#query').getAttribute('aria-activedescendant')).toBe('option-0');
    await workbench().picture('search');
    await page().keyboard.press('Enter');
    await waitFor(workbench().activeFile, (name) => name === 'upload.ts');
    await waitFor(cursor, (text) => text === 'Ln 4, Col 1');
  });

  test('the arrow keys walk through the results, and the focus stays in the box', async () => {
    await ask('retry upload queue oldest');
    await waitFor(
      found,
      (places) => places.length >= 2 && new Set(places.map((place) => place.split(':')[0])).size >= 2,
    );
    const places = await found();
    await page().keyboard.press('ArrowDown');
    await waitFor(
      async () => search.locator('#query').getAttribute('aria-activedescendant'),
      (id) => id === 'option-1',
    );
    const second = places[1]!.split(': ');
    expect([second[1], '']).toContain(await active());
    await page().keyboard.press('Enter');
    await waitFor(workbench().activeFile, (name) => name === second[0]);
    await search.locator('#query').click();
    await page().keyboard.press('Escape');
    await waitFor(found, (left) => left.length === 0);
    expect(await textOf(search.locator('#said'))).toBe('');
  });

  test('secrets are not found, and nothing found is said', async () => {
    await ask('unsearchable');
    await says(() => search.locator('#said'), /place|^Nothing was found/);
    expect((await found()).filter((place) => place.startsWith('.env'))).toEqual([]);
    await ask('path:nowhere retry');
    await says(() => search.locator('#said'), /^Nothing was found/);
    expect(await found()).toEqual([]);
  });

  test('what is written now is found a moment later', async () => {
    await ask('chameleon');
    await says(() => search.locator('#said'), /place|^Nothing was found/);
    await writeFile(join(workbench().root, 'src/lizard.ts'), 'export function chameleon() {\n  return "green";\n}\n');
    // Typed again and again, as one does: an answer that was complete is not asked for by itself.
    await waitFor(
      async () => {
        await ask('chameleon green');
        await ask('chameleon');
        await page().waitForTimeout(300);
        return found();
      },
      (places) => places[0] === 'lizard.ts: chameleon',
      60_000,
    );
  });
});

describe('the quick pick', () => {
  test('Ctrl+Alt+F, words, arrows, Enter', async () => {
    await workbench().openFile('wait.ts');
    await page().keyboard.press('Control+Alt+F');
    await page().locator('.quick-input-widget:visible input').first().waitFor();
    await page().keyboard.type('takes the oldest one out of the queue', { delay: 15 });
    const rows = page().locator('.quick-input-list .monaco-list-row');
    await waitFor(
      () => textOf(rows),
      (row) => row.includes('queue.ts'),
    );
    await workbench().picture('search-quick-pick');
    await page().keyboard.press('Enter');
    await waitFor(workbench().activeFile, (name) => name === 'queue.ts');
  });

  test('Esc goes back to where one was', async () => {
    await workbench().openFile('wait.ts');
    await page().keyboard.press('Control+Alt+F');
    await page().locator('.quick-input-widget:visible input').first().waitFor();
    await page().keyboard.type('retry upload queue', { delay: 15 });
    const rows = page().locator('.quick-input-list .monaco-list-row');
    await waitFor(
      () => rows.count(),
      (many) => many >= 2,
    );
    await page().keyboard.press('ArrowDown');
    await waitFor(workbench().activeFile, (name) => name !== 'wait.ts');
    await page().keyboard.press('Escape');
    await waitFor(workbench().activeFile, (name) => name === 'wait.ts');
  });
});

describe('related files', () => {
  test('of the active editor: those that change together with it, and why', async () => {
    await workbench().openFile('upload.ts');
    const rows = page().locator('.pane:has(.title:text-is("Related Files")) .monaco-list-row');
    await waitFor(
      () => textOf(rows),
      (row) => row.includes('queue.ts'),
      60_000,
    );
    expect(await textOf(rows)).toMatch(/changed together|4 times|of 4/);
    await workbench().picture('related-files');
    await rows.first().click();
    await waitFor(workbench().activeFile, (name) => name === 'queue.ts');
    await workbench().command('Tabstop: Files Related to This One');
    await waitFor(
      () => textOf(page().locator('.quick-input-list .monaco-list-row')),
      (row) => row.includes('upload.ts'),
    );
    await page().keyboard.press('Escape');
  });
});

describe('the index view', () => {
  const button = (label: string) => index.locator('#actions button', { hasText: label });
  const fact = (name: string) => textOf(index.locator('#facts div', { hasText: name }).locator('dd'));

  test('tells what was left out and why', async () => {
    await index.locator('#skipped summary').click();
    await says(() => index.locator('#skipped ul'), /secret/);
    expect(await index.locator('#skipped li li').allTextContents()).toContain('.env');
    await workbench().picture('index-view');
    await index.locator('#skipped summary').click();
  });

  test('paused: said in both views, newer files wait until it is resumed', async () => {
    const files = await fact('Files');
    await button('Pause').click();
    await headline(/^Paused$/);
    await says(() => search.locator('#index'), /^Paused/);
    await writeFile(join(workbench().root, 'src/newt.ts'), 'export const newt = "amphibian";\n');
    await page().waitForTimeout(4_000);
    expect(await fact('Files')).toBe(files);
    await button('Resume').click();
    await headline(/^Up to date$/);
    await waitFor(
      () => fact('Files'),
      (now) => now !== files,
      60_000,
    );
  });

  test('deleting asks first; resuming builds it anew', async () => {
    const files = await fact('Files');
    await button('Delete…').click();
    const dialog = page().locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await textOf(dialog)).toContain('Your files are not touched');
    await page().keyboard.press('Escape');
    await page().waitForTimeout(300);
    await headline(/^Up to date$/);
    expect(await fact('Files')).toBe(files);
    await button('Delete…').click();
    await dialog.locator('.monaco-button', { hasText: 'Delete' }).first().click();
    await headline(/^Paused, and empty$/);
    await ask('retry uploads');
    await says(() => search.locator('#said'), /^Nothing was found/);
    await button('Resume').click();
    await headline(/^Up to date$/);
    await waitFor(
      () => fact('Files'),
      (now) => now === files,
      60_000,
    );
    await waitFor(found, (places) => places[0] === 'upload.ts: retryUpload', 60_000);
  });

  test('the engine killed: said, and back by itself with what is stored', async () => {
    const [engine] = workbench().engines();
    process.kill(engine!, 'SIGKILL');
    await headline(/^The engine/);
    await headline(/^Up to date$/);
    await ask('take the oldest item out');
    await waitFor(found, (places) => places.some((place) => place.startsWith('queue.ts')), 60_000);
  });
});
