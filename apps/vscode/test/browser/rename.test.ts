import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { walkByTab } from './walk.ts';
import { waitFor } from './workbench.ts';

const workbench = sharedWorkbench({
  folders: ['shop', 'library'],
  files: {
    'shop/tsconfig.json':
      '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler" } }\n',
    'shop/src/cart.ts': [
      'export interface Item {',
      '  price: number;',
      '  amount: number;',
      '}',
      '',
      'export function computeTotal(items: Item[]): number {',
      '  return items.reduce((sum, item) => sum + item.price * item.amount, 0);',
      '}',
      '',
    ].join('\n'),
    'shop/src/checkout.ts': [
      "import { computeTotal, type Item } from './cart';",
      '',
      'export function checkout(items: Item[]): string {',
      '  const total = computeTotal(items);',
      '  return `You pay ${total}`;',
      '}',
      '',
    ].join('\n'),
    'shop/src/report.ts': [
      "import { computeTotal, type Item } from './cart';",
      '',
      'export function report(days: Item[][]): number[] {',
      '  // computeTotal is told once more in a comment',
      '  return days.map((items) => computeTotal(items));',
      '}',
      '',
    ].join('\n'),
    'library/money.ts': 'export function roundPrice(cents: number): number {\n  return Math.round(cents);\n}\n',
    'shop/src/price.ts':
      "import { roundPrice } from '../../library/money';\n\nexport const price = roundPrice(199.5);\n",
    'shop/stock.py': [
      'def count_items(shelf):',
      '    return sum(shelf)',
      '',
      'def report(shelves):',
      '    for shelf in shelves:',
      '        print(count_items(shelf))',
      '    return count_items(shelves[0])',
      '',
    ].join('\n'),
  },
  engine: 'real',
});

/** Replaces the last letters before the cursor by hand. */
async function retype(letters: number, text: string): Promise<void> {
  for (let step = 0; step < letters; step++) await workbench().press('Backspace');
  await workbench().type(text);
}

async function saved(name: string): Promise<string> {
  await workbench().command('File: Save All');
  await workbench().page.waitForTimeout(300);
  return readFile(join(workbench().root, name), 'utf8');
}

describe('a rename with the engine that ships', () => {
  test('is walked through three files with Tab alone', async () => {
    await workbench().openFile('cart.ts');
    await workbench().cursorAfter('computeTotal');
    await workbench().languageReady('computeTotal');
    await retype('Total'.length, 'Sum');
    await waitFor(workbench().nextEdit, (edit) => edit !== '');
    await workbench().picture('rename-same-file');
    const walk = await walkByTab(workbench());
    expect(walk.files).toEqual(['cart.ts', 'checkout.ts', 'report.ts']);
    expect(walk.statuses[0]).toMatch(/^rename \d of \d · /);
    expect(walk.tabs).toBeLessThanOrEqual(8);
    expect(await saved('shop/src/checkout.ts')).toBe(
      [
        "import { computeSum, type Item } from './cart';",
        '',
        'export function checkout(items: Item[]): string {',
        '  const total = computeSum(items);',
        '  return `You pay ${total}`;',
        '}',
        '',
      ].join('\n'),
    );
    const report = await saved('shop/src/report.ts');
    expect(report).toContain("import { computeSum, type Item } from './cart';");
    expect(report).toContain('return days.map((items) => computeSum(items));');
  });

  test('reaches the other folder of the workspace', async () => {
    await workbench().openFile('money.ts');
    await workbench().cursorAfter('roundPrice');
    await workbench().languageReady('roundPrice');
    await retype('Price'.length, 'Money');
    const walk = await walkByTab(workbench());
    expect(walk.files).toEqual(['money.ts', 'price.ts']);
    expect(await saved('shop/src/price.ts')).toBe(
      "import { roundMoney } from '../../library/money';\n\nexport const price = roundMoney(199.5);\n",
    );
  });

  test('works by syntax where there is no language server: Python', async () => {
    await workbench().openFile('stock.py');
    await workbench().cursorAfter('count_items');
    await retype('items'.length, 'goods');
    await walkByTab(workbench());
    expect(await saved('shop/stock.py')).toBe(
      [
        'def count_goods(shelf):',
        '    return sum(shelf)',
        '',
        'def report(shelves):',
        '    for shelf in shelves:',
        '        print(count_goods(shelf))',
        '    return count_goods(shelves[0])',
        '',
      ].join('\n'),
    );
  });

  test('works in a new file that was never saved', async () => {
    await workbench().command('File: New Untitled Text File');
    await workbench().command('Change Language Mode');
    await workbench().page.locator('.quick-input-widget input').first().fill('TypeScript');
    await workbench().page.waitForSelector('.quick-input-list .monaco-list-row[aria-label^="TypeScript"]');
    await workbench().press('Enter');
    await waitFor(
      () => workbench().page.locator('.statusbar').innerText(),
      (text) => /TypeScript/.test(text),
    );
    await workbench().page.keyboard.insertText('const speed = 3;\n\nconsole.log(speed);\nconsole.log(speed + 1);\n');
    // What is typed within a moment of a paste counts as part of it.
    await workbench().page.waitForTimeout(8_000);
    await workbench().cursorAfter('const speed');
    await retype('speed'.length, 'pace');
    await walkByTab(workbench());
    expect(await workbench().text()).toBe('const pace = 3;\n\nconsole.log(pace);\nconsole.log(pace + 1);\n');
  });
});
