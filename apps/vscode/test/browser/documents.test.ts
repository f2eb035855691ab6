import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const cell = (source: string) => ({
  cell_type: 'code',
  execution_count: null,
  metadata: {},
  outputs: [],
  source: [source],
});
const MIXED = 'first\r\nsecond\n// 🦀🦀 über\r\n';

const workbench = sharedWorkbench({
  files: {
    'book.ipynb': JSON.stringify({
      cells: [cell('# one'), cell('# two')],
      metadata: { language_info: { name: 'python' } },
      nbformat: 4,
      nbformat_minor: 5,
    }),
    'diff.ts': '// diff\n',
    'mixed.ts': MIXED,
  },
  engine: [{ kind: 'insert', after: 'sum = ', text: 'first + "🦀";', source: 'continue' }],
  settings: { 'editor.quickSuggestions': 'off', 'diffEditor.useInlineViewWhenSpaceIsLimited': false },
});

const ghost = () => waitFor(workbench().ghostText, (shown) => shown === 'first + "🦀";');
const onDisk = (name: string) => readFile(join(workbench().root, name), 'utf8');
const page = () => workbench().page;

describe('documents of other kinds', () => {
  test('mixed line endings and letters beyond the first plane stay as they are', async () => {
    await workbench().openFile('mixed.ts');
    await workbench().press('Control+End');
    await workbench().type('const sum = ');
    await ghost();
    await workbench().press('Tab');
    await workbench().save();
    // VS Code makes the line endings of a file the same when it opens it: the more frequent one.
    await waitFor(
      () => onDisk('mixed.ts'),
      (text) => text === `${MIXED.replace(/\r?\n/g, '\r\n')}const sum = first + "🦀";`,
    );
  });

  test('the cell of a notebook is edited like a file', async () => {
    await page().keyboard.press('Control+P');
    await page().locator('.quick-input-widget input').first().fill('book.ipynb');
    await page().locator('.quick-input-list .monaco-list-row.focused[aria-label^="book.ipynb"]').first().waitFor();
    await page().keyboard.press('Enter');
    const second = page().locator('.notebookOverlay .code-cell-row .monaco-editor').nth(1);
    await second.waitFor({ timeout: 60_000 });
    await second.locator('.view-line').first().click();
    await workbench().press('Control+End');
    await workbench().press('Enter');
    await workbench().type('sum = ');
    await ghost();
    await workbench().press('Tab');
    await workbench().save();
    await waitFor(
      () => onDisk('book.ipynb'),
      (text) => {
        // Read while it is written.
        if (text === '') return false;
        const { cells } = JSON.parse(text) as { cells: { source: string | string[] }[] };
        return [cells[1]!.source].flat().join('') === '# two\nsum = first + "🦀";';
      },
    );
  });

  test('in a comparison the side that can be edited works, and the other one is left alone', async () => {
    await workbench().openFile('diff.ts');
    await workbench().press('Control+End');
    await workbench().type('// unsaved');
    await workbench().command('File: Compare Active File with Saved');
    const modified = page().locator('.monaco-diff-editor .modified-in-monaco-diff-editor').first();
    await modified.waitFor();
    await modified.locator('.view-line').last().click();
    await workbench().press('Control+End');
    await workbench().press('Enter');
    await workbench().type('const sum = ');
    await ghost();
    await workbench().press('Escape');
    const original = page().locator('.monaco-diff-editor .original-in-monaco-diff-editor').first();
    await original.locator('.view-line').first().click();
    await workbench().press('Control+End');
    await page().keyboard.type('const sum = ');
    await page().waitForTimeout(700);
    expect(await workbench().ghostText()).toBe('');
    expect(await original.innerText()).not.toContain('sum');
  });
});
