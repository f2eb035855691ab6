import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const workbench = sharedWorkbench({
  files: {
    'package.json': '{ "name": "shop", "scripts": { "test": "node --test" }, "dependencies": {} }\n',
    'package-lock.json': '{ "lockfileVersion": 3 }\n',
    'cart.ts': 'export const cart = [];\n',
    'basket.ts': 'export const basket = [];\n',
    'save.ts': 'export function save(one: number) {\n  return one;\n}\n',
    'use.ts': "import { save } from './save';\n\nsave(1);\n",
  },
  engine: 'real',
  settings: {
    'editor.quickSuggestions': 'off',
    'tabstop.tab.disabledSources': ['continue'],
    'terminal.integrated.gpuAcceleration': 'off',
  },
});

/** The words behind the cursor's line: a decoration, so they stand in a style sheet. */
const hint = () =>
  workbench()
    .page.locator('.editor-group-container.active .view-line span')
    .evaluateAll((nodes) =>
      nodes
        .map((node) => node.ownerDocument.defaultView!.getComputedStyle(node, '::after').content)
        .filter((content) => content.includes('⇥'))
        .map((content) => content.replace(/^"|"$/g, '').replaceAll('\u00a0', ' '))
        .join('\n'),
    );

const terminalText = () =>
  workbench()
    .page.locator('.terminal-wrapper.active .xterm-rows')
    .innerText({ timeout: 1_000 })
    .then(
      (text) => text.replaceAll('\u00a0', ' '),
      () => '',
    );

describe('a command as the next stop', () => {
  test('is told at the cursor, put into the terminal by Tab, and not run', async () => {
    await workbench().openFile('cart.ts');
    await workbench().press('Control+Home');
    await workbench().press('Enter');
    await workbench().press('ArrowUp');
    await workbench().type("import { z } from 'zod';");
    await workbench().page.waitForTimeout(1_000);
    await waitFor(hint, (text) => text === '⇥ npm install zod (terminal)');
    expect(await workbench().statusBar()).toMatch(/^terminal · /);
    await workbench().picture('terminal');
    await workbench().press('Tab');
    await waitFor(terminalText, (text) => /npm install zod\s*$/.test(text));
    await workbench().page.waitForTimeout(1_500);
    expect(await terminalText()).toMatch(/npm install zod\s*$/);
    expect(await workbench().text()).toBe("import { z } from 'zod';\nexport const cart = [];\n");
  });

  test('is offered once: turned down by Esc, it stays away', async () => {
    await workbench().openFile('basket.ts');
    await workbench().press('Control+Home');
    await workbench().press('Enter');
    await workbench().press('ArrowUp');
    await workbench().type("import chalk from 'chalk';");
    await waitFor(hint, (text) => text === '⇥ npm install chalk (terminal)');
    // It may be drawn once before the line is all there.
    await workbench().page.waitForTimeout(1_000);
    await waitFor(hint, (text) => text === '⇥ npm install chalk (terminal)');
    await workbench().press('Escape');
    await waitFor(hint, (text) => text === '');
    await workbench().type(' // x');
    for (let step = 0; step < 5; step++) await workbench().press('Backspace');
    await workbench().page.waitForTimeout(1_000);
    expect(await hint()).toBe('');
    // Tab is Tab again.
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => /^import chalk from 'chalk';\s+\n/.test(text));
  });
});

describe('a definition first', () => {
  test('is told where a call no longer fits it, and Tab opens it in the peek view', async () => {
    await workbench().openFile('use.ts');
    await workbench().cursorAfter('save(1');
    await workbench().type(', 2');
    await workbench().press('End');
    await waitFor(hint, (text) => text === '⇥ Look at save.ts:1');
    await workbench().press('Tab');
    const peek = workbench().page.locator('.peekview-widget');
    await peek.waitFor();
    await waitFor(
      () => peek.innerText(),
      (text) => /save\.ts/.test(text),
    );
    await workbench().picture('definition');
    await workbench().press('Escape');
    expect(await workbench().activeFile()).toBe('use.ts');
  });
});
