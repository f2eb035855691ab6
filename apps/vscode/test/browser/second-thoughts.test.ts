import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { walkByTab } from './walk.ts';
import { waitFor } from './workbench.ts';

const workbench = sharedWorkbench({
  files: {
    'reject.py': 'def area(width):\n    print(width)\n    return width * 2\n',
    'explain.py': 'def volume(height):\n    print(height)\n    return height * 2\n',
    'back.py': `def depth(metres):\n    print(1)\n${'    print(2)\n'.repeat(50)}    return metres * 2\n`,
  },
  engine: 'real',
  settings: { 'editor.quickSuggestions': 'off', 'tabstop.tab.disabledSources': ['continue'] },
});

async function retype(letters: number, text: string): Promise<void> {
  for (let step = 0; step < letters; step++) await workbench().press('Backspace');
  await workbench().type(text);
}

const shown = (text: RegExp) => waitFor(workbench().statusBar, (bar) => text.test(bar), 15_000);

describe('turned down', () => {
  test('stays away, also after typing that moves it', async () => {
    await workbench().openFile('reject.py');
    await workbench().cursorAfter('width');
    await retype('width'.length, 'breadth');
    await shown(/^(?:rename|propagate) 2 of /);
    await workbench().page.waitForTimeout(500);
    await workbench().press('Escape');
    await waitFor(workbench().nextEdit, (edit) => edit === '');
    await workbench().press('Control+Home');
    await workbench().type('# one\n# two\n');
    // Another place of it may be offered; this one is not.
    await walkByTab(workbench(), 4);
    expect(await workbench().text()).toContain('print(width)');
  });
});

describe('explained', () => {
  test('by what was seen, how sure the engine is, and what else it knew', async () => {
    await workbench().openFile('explain.py');
    await workbench().cursorAfter('height');
    await retype('height'.length, 'tallness');
    await shown(/^(?:rename|propagate) 2 of /);
    await workbench().command('Tabstop: Explain the Current Suggestion');
    const rows = workbench().page.locator('.quick-input-list .monaco-list-row');
    await waitFor(
      async () => (await rows.allInnerTexts()).join('\n').replaceAll('\u00a0', ' '),
      (text) =>
        /\d+ % likely · 2 of \d/.test(text) &&
        /"?height"? became "?tallness"?/.test(text) &&
        /Known, but not shown/.test(text),
    );
    await workbench().press('Escape');
  });
});

describe('a way back', () => {
  test('leads to where Tab took the cursor from', async () => {
    await workbench().openFile('back.py');
    await workbench().cursorAfter('metres');
    await retype('metres'.length, 'fathoms');
    await waitFor(workbench().nextEdit, (edit) => /Tab to jump/.test(edit));
    await workbench().press('Tab');
    const cursor = () => workbench().page.locator('#status\\.editor\\.selection').innerText();
    await waitFor(cursor, (text) => /Ln 53/.test(text));
    await workbench().press('Shift+Alt+\\');
    await waitFor(cursor, (text) => /Ln 1, Col 18/.test(text));
  });
});
