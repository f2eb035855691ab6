import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const FILES = [
  'all',
  'word',
  'line',
  'esc',
  'indent',
  'through',
  'undo',
  'widget',
  'snippet',
  'cursors',
  'selection',
  'middle',
];

const workbench = sharedWorkbench({
  files: Object.fromEntries(FILES.map((name) => [`${name}.ts`, `// ${name}\n`])),
  engine: [
    { kind: 'insert', after: 'const sum = ', text: 'first + second;' },
    { kind: 'insert', after: 'if (', text: 'ready) {\n  begin();\n  finish();\n}' },
    { kind: 'insert', after: 'console.', text: 'trace(1)' },
  ],
  settings: {
    'editor.quickSuggestions': 'off',
    'editor.suggestOnTriggerCharacters': false,
    'editor.autoClosingBrackets': 'never',
  },
});

/** Opens a file of the test's own and types at its end. */
async function typeIn(name: string, text: string): Promise<void> {
  await workbench().openFile(`${name}.ts`);
  await workbench().press('Control+End');
  await workbench().type(text);
}
const ghost = (text: string) => waitFor(workbench().ghostText, (shown) => shown === text);
const noGhost = () => waitFor(workbench().ghostText, (shown) => shown === '');
/** Long enough for a suggestion to come up, had there been one (it takes about 100 ms). */
const staysWithoutGhost = async () => {
  await workbench().page.waitForTimeout(700);
  expect(await workbench().ghostText()).toBe('');
};

describe('ghost text', () => {
  test('Tab accepts all of it, and one undo takes it back', async () => {
    await typeIn('all', 'const sum = ');
    await ghost('first + second;');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text === '// all\nconst sum = first + second;');
    await workbench().press('Control+Z');
    await waitFor(workbench().text, (text) => text === '// all\nconst sum = ');
  });

  test('is accepted word by word', async () => {
    await typeIn('word', 'const sum = ');
    await ghost('first + second;');
    for (const [accepted, rest] of [
      ['first', ' + second;'],
      ['first ', '+ second;'],
      ['first + ', 'second;'],
    ] as const) {
      await workbench().press('Control+ArrowRight');
      await waitFor(workbench().text, (text) => text === `// word\nconst sum = ${accepted}`);
      await ghost(rest);
    }
  });

  test('is accepted line by line', async () => {
    await typeIn('line', 'if (');
    await waitFor(workbench().ghostText, (shown) => shown.includes('begin();'));
    await workbench().press('Control+Alt+ArrowRight');
    await waitFor(workbench().text, (text) => text === '// line\nif (ready) {\n');
    await waitFor(workbench().ghostText, (shown) => shown.includes('begin();'));
    await workbench().press('Control+Alt+ArrowRight');
    await waitFor(workbench().text, (text) => text === '// line\nif (ready) {\n  begin();\n');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text === '// line\nif (ready) {\n  begin();\n  finish();\n}');
  });

  test('one Esc puts it away, and Tab then indents', async () => {
    await typeIn('esc', 'const sum = ');
    await ghost('first + second;');
    await workbench().press('Escape');
    await noGhost();
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => /^\/\/ esc\nconst sum = \s+$/.test(text));
  });

  test('Tab indents where nothing is suggested', async () => {
    await typeIn('indent', 'let x');
    await workbench().press('Home');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => /^\/\/ indent\n\s+let x$/.test(text));
  });

  test('typing into it keeps the rest', async () => {
    await typeIn('through', 'const sum = ');
    await ghost('first + second;');
    await workbench().type('fir');
    await ghost('st + second;');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text === '// through\nconst sum = first + second;');
  });

  test('nothing is suggested after an undo', async () => {
    await typeIn('undo', 'const sum = ');
    await ghost('first + second;');
    await workbench().type('x');
    await noGhost();
    await workbench().press('Control+Z');
    await staysWithoutGhost();
  });

  test('the suggest widget comes first', async () => {
    await typeIn('widget', 'console.');
    await ghost('trace(1)');
    await workbench().type('l');
    await workbench().press('Control+Space');
    await workbench().page.waitForSelector('.suggest-widget.visible .monaco-list-row.focused');
    await waitFor(workbench().ghostText, (shown) => !shown.includes('trace'));
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text === '// widget\nconsole.log');
  });

  test('Tab goes to the next place of a snippet', async () => {
    await workbench().openFile('snippet.ts');
    await workbench().press('Control+End');
    await workbench().command('Snippets: Insert Snippet');
    await workbench().page.locator('.quick-input-widget input').first().fill('forof');
    await workbench().press('Enter');
    await waitFor(workbench().text, (text) => text.includes('for (const'));
    await workbench().type('const sum = ');
    await staysWithoutGhost();
    await workbench().press('Tab');
    await workbench().type('NEXT');
    await waitFor(workbench().text, (text) => /for \(const .* of NEXT\)/.test(text));
  });

  test('keeps out of the way of several cursors', async () => {
    await typeIn('cursors', 'const sum =\nconst sum =');
    await workbench().press('Shift+Alt+ArrowUp');
    await workbench().type(' ');
    await staysWithoutGhost();
    await waitFor(workbench().text, (text) => text === '// cursors\nconst sum = \nconst sum = ');
    await workbench().press('Escape');
  });

  test('keeps out of the way of a selection', async () => {
    await typeIn('selection', 'const sum = ');
    await ghost('first + second;');
    await workbench().press('Shift+Home');
    await noGhost();
    await staysWithoutGhost();
  });

  test('a cursor move asks again for a while after an edit', async () => {
    await typeIn('middle', 'const sum = ');
    await ghost('first + second;');
    await workbench().press('ArrowUp');
    await noGhost();
    await workbench().press('ArrowDown');
    await workbench().press('End');
    await ghost('first + second;');
  });
});
