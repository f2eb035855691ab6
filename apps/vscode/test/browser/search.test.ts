import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openSearchViews, type SearchViews, says, textOf } from './search-views.ts';
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
let views: SearchViews;
const active = () => textOf(views.search.locator('.option.active .symbol'));
/** A file that is opened takes the focus a moment after it is there, and a list over the editor that has lost the focus is gone. */
const editorFocused = () => page().locator('.editor-group-container.active .monaco-editor.focused').first().waitFor();
const cursor = () => textOf(page().locator('.statusbar-item[id="status.editor.selection"]'));

beforeAll(async () => {
  views = await openSearchViews(page());
  await views.headline(/^Up to date$/);
}, 120_000);

describe('search in the side bar', () => {
  test('finds as one types, marks what matches, and Enter opens at the place', async () => {
    await views.ask('where do we retry uploads');
    await waitFor(views.found, (places) => places[0] === 'upload.ts: retryUpload');
    await says(() => views.search.locator('#said'), /^\d+ places? in \d+ files? · \S+ ms$/);
    expect(await views.search.locator('.option.active mark').allTextContents()).toContain('retryUpload');
    expect(await views.search.locator('#query').getAttribute('aria-activedescendant')).toBe('option-0');
    await workbench().picture('search');
    await page().keyboard.press('Enter');
    await waitFor(workbench().activeFile, (name) => name === 'upload.ts');
    await waitFor(cursor, (text) => text === 'Ln 4, Col 1');
  });

  test('the arrow keys walk through the results, and the focus stays in the box', async () => {
    await views.ask('retry upload queue oldest');
    await waitFor(
      views.found,
      (places) => places.length >= 2 && new Set(places.map((place) => place.split(':')[0])).size >= 2,
    );
    const places = await views.found();
    await page().keyboard.press('ArrowDown');
    await waitFor(
      async () => views.search.locator('#query').getAttribute('aria-activedescendant'),
      (id) => id === 'option-1',
    );
    const second = places[1]!.split(': ');
    expect([second[1], '']).toContain(await active());
    await page().keyboard.press('Enter');
    await waitFor(workbench().activeFile, (name) => name === second[0]);
    await views.search.locator('#query').click();
    await page().keyboard.press('Escape');
    await waitFor(views.found, (left) => left.length === 0);
    expect(await textOf(views.search.locator('#said'))).toBe('');
  });

  test('secrets are not found, and nothing found is said', async () => {
    await views.ask('unsearchable');
    await says(() => views.search.locator('#said'), /place|^Nothing was found/);
    expect((await views.found()).filter((place) => place.startsWith('.env'))).toEqual([]);
    await views.ask('path:nowhere retry');
    await says(() => views.search.locator('#said'), /^Nothing was found/);
    expect(await views.found()).toEqual([]);
  });

  test('what is written now is found a moment later', async () => {
    await views.ask('chameleon');
    await says(() => views.search.locator('#said'), /place|^Nothing was found/);
    await writeFile(join(workbench().root, 'src/lizard.ts'), 'export function chameleon() {\n  return "green";\n}\n');
    // Typed again and again, as one does: an answer that was complete is not asked for by itself.
    await waitFor(
      async () => {
        await views.ask('chameleon green');
        await views.ask('chameleon');
        await page().waitForTimeout(300);
        return views.found();
      },
      (places) => places[0] === 'lizard.ts: chameleon',
      60_000,
    );
  });
});

describe('the quick pick', () => {
  test('Ctrl+Alt+F, words, arrows, Enter', async () => {
    await workbench().openFile('wait.ts');
    await editorFocused();
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
    await editorFocused();
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
    // The list in the side bar keeps the focus.
    await page().keyboard.press('Control+1');
    await editorFocused();
    await workbench().command('Tabstop: Files Related to This One');
    await waitFor(
      () => textOf(page().locator('.quick-input-list .monaco-list-row')),
      (row) => row.includes('upload.ts'),
    );
    await page().keyboard.press('Escape');
  });
});

describe('the index view', () => {
  test('tells what was left out and why', async () => {
    await views.index.locator('#skipped summary').click();
    await says(() => views.index.locator('#skipped ul'), /secret/);
    expect(await views.index.locator('#skipped li li').allTextContents()).toContain('.env');
    await workbench().picture('index-view');
    await views.index.locator('#skipped summary').click();
  });

  test('paused: said in both views, newer files wait until it is resumed', async () => {
    const files = await views.fact('Files');
    await views.button('Pause').click();
    await views.headline(/^Paused$/);
    await says(() => views.search.locator('#index'), /^Paused/);
    await writeFile(join(workbench().root, 'src/newt.ts'), 'export const newt = "amphibian";\n');
    await page().waitForTimeout(4_000);
    expect(await views.fact('Files')).toBe(files);
    await views.button('Resume').click();
    await views.headline(/^Up to date$/);
    await waitFor(
      () => views.fact('Files'),
      (now) => now !== files,
      60_000,
    );
  });

  test('deleting asks first; resuming builds it anew', async () => {
    const files = await views.fact('Files');
    await views.button('Delete…').click();
    const dialog = page().locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await textOf(dialog)).toContain('Your files are not touched');
    await page().keyboard.press('Escape');
    await page().waitForTimeout(300);
    await views.headline(/^Up to date$/);
    expect(await views.fact('Files')).toBe(files);
    await views.button('Delete…').click();
    await dialog.locator('.monaco-button', { hasText: 'Delete' }).first().click();
    await views.headline(/^Paused, and empty$/);
    await views.ask('retry uploads');
    await says(() => views.search.locator('#said'), /^Nothing was found/);
    await views.button('Resume').click();
    await views.headline(/^Up to date$/);
    await waitFor(
      () => views.fact('Files'),
      (now) => now === files,
      60_000,
    );
    await waitFor(views.found, (places) => places[0] === 'upload.ts: retryUpload', 60_000);
  });

  test('the engine killed: said, and back by itself with what is stored', async () => {
    const [engine] = workbench().engines();
    process.kill(engine!, 'SIGKILL');
    await views.headline(/^The engine/);
    await views.headline(/^Up to date$/);
    await views.ask('take the oldest item out');
    await waitFor(views.found, (places) => places.some((place) => place.startsWith('queue.ts')), 60_000);
  });
});
