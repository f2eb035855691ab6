import { describe, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const FAR = Array.from({ length: 60 }, (_, line) => `// line ${line}`).join('\n');

const within = (file: string) => ({ file, active: file });

const workbench = sharedWorkbench({
  files: {
    'near.ts': 'const width = 1;\nprint(width);\n',
    'far.ts': `const width = 1;\n${FAR}\npaint(width);\n`,
    'reject.ts': 'const width = 1;\nturn(width);\n',
    'source.ts': 'const width = 1;\n',
    'target.ts': 'import { width } from "./source";\n\nsend(width);\n',
    'explain.ts': 'const width = 1;\nexplain(width);\n',
  },
  engine: [
    {
      kind: 'edit',
      find: 'print(width)',
      replace: 'print(size)',
      when: 'const size',
      source: 'rename',
      ...within('near.ts'),
    },
    {
      kind: 'edit',
      find: 'paint(width)',
      replace: 'paint(size)',
      when: 'const size',
      source: 'rename',
      ...within('far.ts'),
    },
    {
      kind: 'edit',
      find: 'turn(width)',
      replace: 'turn(size)',
      when: 'const size',
      source: 'rename',
      ...within('reject.ts'),
    },
    {
      kind: 'edit',
      find: 'explain(width)',
      replace: 'explain(size)',
      when: 'const size',
      source: 'rename',
      ...within('explain.ts'),
    },
    {
      kind: 'edit',
      find: 'send(width)',
      replace: 'send(size)',
      when: 'export const size',
      file: 'target.ts',
      active: 'source.ts',
    },
    { kind: 'edit', find: 'send(width)', replace: 'send(size)', ...within('target.ts') },
  ],
  settings: { 'editor.quickSuggestions': 'off' },
});

/** Changes the first `width` of the file to `size` by hand. */
async function renameFirst(file: string, prefix = ''): Promise<void> {
  await workbench().openFile(file);
  await workbench().press('Control+Home');
  if (prefix) await workbench().type(prefix);
  for (let step = 0; step < 'const width'.length; step++) await workbench().press('ArrowRight');
  for (let step = 0; step < 'width'.length; step++) await workbench().press('Backspace');
  await workbench().type('size');
}

describe('next edits', () => {
  test('nearby: drawn as a diff, accepted by one Tab, undone in one step', async () => {
    await renameFirst('near.ts');
    await waitFor(workbench().nextEdit, (shown) => shown === '2');
    await waitFor(workbench().statusBar, (text) => text === 'rename · <1 ms');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text === 'const size = 1;\nprint(size);\n');
    await workbench().press('Control+Z');
    await waitFor(workbench().text, (text) => text === 'const size = 1;\nprint(width);\n');
  });

  test('far away: the first Tab goes there, the second accepts', async () => {
    await renameFirst('far.ts');
    await waitFor(workbench().nextEdit, (shown) => /paint\(size\).*Tab to jump/s.test(shown));
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text.includes('paint(width)'));
    await waitFor(workbench().nextEdit, (shown) => shown === '62');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text.includes('paint(size)'));
  });

  test('in another file: Tab opens it at the place, Tab accepts', async () => {
    await workbench().openFile('target.ts');
    await renameFirst('source.ts', 'export ');
    await waitFor(workbench().nextEdit, (shown) => /send\(size\).*target\.ts.*Tab to open/s.test(shown));
    await workbench().press('Tab');
    await waitFor(workbench().activeFile, (name) => name === 'target.ts');
    await waitFor(workbench().nextEdit, (shown) => shown === '3');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text.includes('send(size);'));
  });

  test('one Esc puts it away, and Tab then indents', async () => {
    await renameFirst('reject.ts');
    await waitFor(workbench().nextEdit, (shown) => shown === '2');
    await workbench().press('Escape');
    await waitFor(workbench().nextEdit, (shown) => shown === '');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => /^const size\s+= 1;\nturn\(width\);\n$/.test(text));
  });

  test('is explained: source, confidence, evidence', async () => {
    await renameFirst('explain.ts');
    await waitFor(workbench().nextEdit, (shown) => shown === '2');
    await workbench().command('Tabstop: Explain the Current Suggestion');
    const rows = workbench().page.locator('.quick-input-list .monaco-list-row');
    await waitFor(
      async () => (await rows.allInnerTexts()).join('\n'),
      (text) => /rename/.test(text) && /90 % likely/.test(text) && /a rule of the test/.test(text),
    );
    await workbench().press('Escape');
    await waitFor(workbench().nextEdit, (shown) => shown === '2');
  });
});
