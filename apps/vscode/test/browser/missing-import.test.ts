import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const workbench = sharedWorkbench({
  files: {
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler" } }\n',
    'price.ts': 'export function roundPrice(value: number): number {\n  return Math.round(value);\n}\n',
    'a.ts': "import { roundPrice } from './price';\n\nexport const a = roundPrice(1.5);\n",
    'b.ts': "import { roundPrice } from './price';\n\nexport const b = roundPrice(2.5);\n",
    'bill.ts':
      "import { a } from './a';\n\nexport function bill(total: number): string {\n  return `${a} of ${total}`;\n}\n",
    'stock.py': 'from __future__ import annotations\n\n\ndef stock() -> int:\n    return 1\n',
    'one.py': 'from collections import OrderedDict\n\nx = OrderedDict()\n',
    'two.py': 'from collections import OrderedDict\n\ny = OrderedDict()\n',
  },
  engine: 'real',
  settings: { 'editor.quickSuggestions': 'off', 'tabstop.tab.disabledSources': ['continue'] },
});

async function replaceAfter(before: string, letters: number, text: string): Promise<void> {
  await workbench().cursorAfter(before);
  for (let step = 0; step < letters; step++) await workbench().press('Backspace');
  await workbench().type(text);
}

async function importByTab(line: string): Promise<void> {
  await waitFor(workbench().statusBar, (bar) => /^repair /.test(bar));
  await workbench().picture('missing-import');
  // The first Tab may lead there, the next one accepts.
  for (let step = 0; step < 2 && !(await workbench().text()).includes(line); step++) {
    await workbench().press('Tab');
    await workbench().page.waitForTimeout(400);
  }
  await waitFor(workbench().text, (text) => text.includes(line));
}

describe('a name that is not imported yet', () => {
  test('gets the import that the other files have: TypeScript', async () => {
    await workbench().openFile('bill.ts');
    await replaceAfter('${total', 'total'.length, 'roundPrice(total)');
    await importByTab("import { roundPrice } from './price';");
    await workbench().command('File: Save All');
    await waitFor(
      () => readFile(join(workbench().root, 'bill.ts'), 'utf8'),
      (text) => text.includes('roundPrice(total)'),
    );
    expect((await workbench().text()).match(/import \{ roundPrice \}/g)).toHaveLength(1);
    await workbench().press('Control+Z');
    await waitFor(workbench().text, (text) => !text.includes('import { roundPrice }'));
  });

  test('also where no language server helps: Python', async () => {
    await workbench().openFile('stock.py');
    await replaceAfter('return 1', 1, 'len(OrderedDict())');
    await importByTab('from collections import OrderedDict');
  });
});
