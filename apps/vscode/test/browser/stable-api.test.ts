import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageExtension } from '../../../../scripts/package.ts';
import { runToEnd } from '../../../editor/test/launch-editor.ts';
import { ROOT } from './assemble-extension.ts';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const FAR = Array.from({ length: 60 }, (_, line) => `// line ${line}`).join('\n');

/** The VSIX as `npm run package` makes it, installed in an editor without our extension and with the proposals off. */
const workbench = sharedWorkbench({
  files: {
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler" } }\n',
    'near.js': 'const width = 1;\nprint(width);\n',
    'far.js': `const height = 1;\n${FAR}\nprint(height);\n`,
    'shape.ts': 'export function area(side: number): number {\n  return side * side;\n}\n',
    'house.ts': "import { area } from './shape';\n\nexport const floor = area(12);\n",
    'ghost.js': 'console.log(firstValue);\nconsole.log(firstValue);\nconsole.log(firstValue);\n',
    'esc.js': 'const depth = 1;\nprint(depth);\n',
  },
  engine: 'real',
  args: ['--stable-api'],
  settings: { 'editor.quickSuggestions': 'off', 'editor.suggestOnTriggerCharacters': false },
  async prepare(dataDir) {
    const vsix = await packageExtension(ROOT, dataDir);
    const { stdout, stderr } = await runToEnd(['--stable-api', '--install-extension', vsix, '--data-dir', dataDir]);
    const installed = await readdir(join(dataDir, 'extensions'));
    if (!installed.some((name) => name.startsWith('tabstop.tabstop-'))) throw new Error(`${stdout}${stderr}`);
  },
});

/** What our decorations draw, in the order of the screen: inserted text and hints are CSS content behind their place. */
const drawn = () =>
  workbench()
    .page.locator('.editor-group-container.active .view-lines')
    .first()
    .evaluate((view) =>
      [...view.querySelectorAll('[class*="ced-"]')]
        .map((node) => node.ownerDocument.defaultView!.getComputedStyle(node, '::after').content.replace(/^"|"$/g, ''))
        .filter((content) => content !== 'none' && content !== '')
        .join(' | '),
    );

async function retype(file: string, name: string, text: string): Promise<void> {
  await workbench().openFile(file);
  await workbench().cursorAfter(name);
  await workbench().languageReady(name);
  await workbench().page.waitForTimeout(500);
  for (let step = 0; step < name.length; step++) await workbench().press('Backspace');
  await workbench().type(text);
}

describe('the VSIX with stable API only', () => {
  test('a change nearby is drawn with decorations; Tab accepts it, undo takes it back', async () => {
    await retype('near.js', 'width', 'size');
    await waitFor(drawn, (text) => text.includes('size') && text.includes('⇥ Accept'));
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text === 'const size = 1;\nprint(size);\n');
    await waitFor(drawn, (text) => text === '');
    await workbench().press('Control+Z');
    await waitFor(workbench().text, (text) => text === 'const size = 1;\nprint(width);\n');
  });

  test('far away, the first Tab goes there and the second accepts', async () => {
    await retype('far.js', 'height', 'tall');
    await waitFor(drawn, (text) => text === '⇥ Go to line 62');
    await workbench().press('Tab');
    await waitFor(drawn, (text) => text.includes('tall') && text.includes('⇥ Accept'));
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text.includes('print(tall);'));
  });

  test('in another file, Tab opens it and the next one accepts', async () => {
    await workbench().openFile('house.ts');
    await retype('shape.ts', 'area', 'surface');
    await waitFor(drawn, (text) => /⇥ Go to house\.ts:1/.test(text));
    await workbench().press('Tab');
    await waitFor(workbench().activeFile, (name) => name === 'house.ts');
    await waitFor(drawn, (text) => text.includes('⇥ Accept'));
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text.includes("import { surface } from './shape';"));
  });

  test('Esc puts it away, and Tab then indents', async () => {
    await retype('esc.js', 'depth', 'deep');
    await waitFor(drawn, (text) => text.includes('⇥ Accept'));
    await workbench().press('Escape');
    await waitFor(drawn, (text) => text === '');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => /^const deep\s+= 1;\nprint\(depth\);\n$/.test(text));
  });

  test('ghost text at the cursor, accepted by Tab', async () => {
    await workbench().openFile('ghost.js');
    await workbench().press('Control+End');
    await workbench().type('console.log(');
    const ghost = await waitFor(workbench().ghostText, (text) => text !== '');
    expect(ghost).toContain('firstValue');
    await workbench().press('Tab');
    await waitFor(
      workbench().text,
      (text) => text.endsWith('console.log(firstValue);') || text.endsWith('console.log(firstValue)'),
    );
  });
});
