import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { pressUntil, walkByTab } from './walk.ts';
import { waitFor } from './workbench.ts';

const using = (loader: string, name: string) =>
  `import { ${loader} } from './load';\n\nexport const ${name} = () => ${loader}('${name}');\n`;

const workbench = sharedWorkbench({
  files: {
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler" } }\n',
    'walk/load.ts': 'export function loadPerson(name: string): string {\n  return name;\n}\n',
    'walk/one.ts': using('loadPerson', 'one'),
    'walk/two.ts': using('loadPerson', 'two'),
    'walk/three.ts': using('loadPerson', 'three'),
    'list/load.ts': 'export function findGuest(name: string): string {\n  return name;\n}\n',
    'list/alpha.ts': using('findGuest', 'alpha'),
    'list/beta.ts': using('findGuest', 'beta'),
    'list/gamma.ts': using('findGuest', 'gamma'),
    'repeat.ts': [
      'export function paint(canvas: Canvas) {',
      '  canvas.line(10, 20);',
      '  canvas.fill(1);',
      '  canvas.line(30, 40);',
      '  canvas.fill(2);',
      '  canvas.line(50, 60);',
      '  canvas.fill(3);',
      '  canvas.line(70, 80);',
      '}',
      '',
    ].join('\n'),
    'person.ts': [
      'export class Person {',
      '  name: string;',
      '  email: string;',
      '',
      '  constructor(data: Data) {',
      '    this.name = data.name;',
      '    this.email = data.email;',
      '  }',
      '',
      '  toJSON() {',
      '    return {',
      '      name: this.name,',
      '      email: this.email,',
      '    };',
      '  }',
      '}',
      '',
    ].join('\n'),
  },
  engine: 'real',
  settings: {
    'editor.quickSuggestions': 'off',
    // How likely each place is changes with what the weights are learned from; here it is about walking.
    'tabstop.tab.minConfidence': 0.02,
    'tabstop.tab.disabledSources': ['continue', 'co-change', 'repair'],
  },
});

async function retype(letters: number, text: string): Promise<void> {
  for (let step = 0; step < letters; step++) await workbench().press('Backspace');
  await workbench().type(text);
}

const saved = async (name: string) => {
  await workbench().command('File: Save All');
  await workbench().page.waitForTimeout(300);
  return readFile(join(workbench().root, name), 'utf8');
};

/** The language server has answered: the breadcrumbs name the function the cursor is in. */
const languageReady = (symbol: string) =>
  waitFor(
    () => workbench().page.locator('.editor-group-container.active .breadcrumbs-control').innerText(),
    (text) => text.includes(symbol),
    60_000,
  );

const shown = (text: RegExp) => waitFor(workbench().statusBar, (bar) => text.test(bar), 15_000);

const cursor = () => workbench().page.locator('#status\\.editor\\.selection').innerText();

/** A whole new line is drawn without a number beside it: the status bar tells that there is one. False when none comes within 4 s. */
const analogyShown = () =>
  waitFor(workbench().statusBar, (bar) => /^analogy /.test(bar), 4_000).then(
    () => true,
    () => false,
  );

const rows = () => workbench().page.locator('.quick-input-list .monaco-list-row');

describe('a repeated edit', () => {
  test('is repeated with Tab at all other places, counted all along', async () => {
    await workbench().openFile('repeat.ts');
    await workbench().cursorAfter('line(10, 20');
    await workbench().type(', 2');
    await workbench().cursorAfter('line(30, 40');
    await workbench().type(', 2');
    await shown(/^propagate 3 of 4/);
    await workbench().picture('repeated-edit');
    const { statuses } = await walkByTab(workbench());
    expect((await workbench().text()).match(/line\(\d\d, \d\d, 2\);/g)).toHaveLength(4);
    expect(statuses[0]).toMatch(/^propagate 3 of 4 · /);
    expect(statuses.join('\n')).toMatch(/^propagate 4 of 4 · /m);
  });
});

describe('an analogy', () => {
  test('goes through class, constructor and serialiser', async () => {
    await workbench().openFile('person.ts');
    await workbench().press('Control+Home');
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'Enter']) await workbench().press(key);
    await workbench().type('phone: string;');
    if (await analogyShown()) await workbench().picture('analogy');
    // Two places, each one Tab when it is near and two when it is far.
    for (let step = 0; step < 6 && (await analogyShown()); step++) {
      await workbench().page.waitForTimeout(700);
      if (!/^analogy /.test(await workbench().statusBar())) continue;
      const before = `${await workbench().statusBar()} ${await workbench().text()} ${await cursor()}`;
      await workbench().press('Tab');
      await waitFor(
        async () => `${await workbench().statusBar()} ${await workbench().text()} ${await cursor()}`,
        (now) => now !== before,
      );
    }
    const text = await workbench().text();
    expect(text).toContain('    this.email = data.email;\n    this.phone = data.phone;\n');
    expect(text).toContain('      email: this.email,\n      phone: this.phone,\n');
  });
});

describe('a walk across four files', () => {
  test('skips a place on the way, and undo takes back the last step alone', async () => {
    await workbench().openFile('walk/load.ts');
    await workbench().cursorAfter('loadPerson');
    await languageReady('loadPerson');
    await retype('Person'.length, 'Citizen');
    await shown(/^rename 2 of \d/);
    await workbench().press('Tab');
    const first = await waitFor(workbench().activeFile, (name) => name !== 'load.ts');
    await waitFor(workbench().nextEdit, (edit) => edit !== '');
    // The first place in the next file stays as it is.
    await shown(/^rename 2 of \d/);
    await pressUntil(workbench(), 'Alt+]', async () => /^rename 3 of \d/.test(await workbench().statusBar()));
    const { files, statuses } = await walkByTab(workbench());
    for (const step of [3, 4, 5, 6]) expect(statuses.join('\n')).toMatch(new RegExp(`^rename ${step} of 7`, 'm'));
    expect(new Set([first, ...files]).size).toBe(3);
    expect(await saved(`walk/${first}`)).toMatch(/^import \{ loadPerson \}[\s\S]*=> loadCitizen\(/);
    const last = files.at(-1)!;
    expect(await saved(`walk/${last}`)).toMatch(/^import \{ loadCitizen \}[\s\S]*=> loadCitizen\(/);
    await workbench().press('Control+Z');
    await waitFor(workbench().text, (text) => /loadPerson/.test(text) && /loadCitizen/.test(text));
    await workbench().page.waitForTimeout(500);
    expect(await workbench().nextEdit()).toBe('');
  });
});

describe('all places of a change', () => {
  test('as a list: one is taken off, the rest is applied at once; the one is skipped', async () => {
    await workbench().openFile('list/load.ts');
    await workbench().cursorAfter('findGuest');
    await languageReady('findGuest');
    await retype('Guest'.length, 'Visitor');
    await shown(/^rename 2 of \d/);
    await workbench().command('Tabstop: Show All Places of This Change');
    await waitFor(
      () => workbench().page.locator('.quick-input-title').innerText(),
      (title) => title === 'All places of this change: 6 left, 1 done',
    );
    const texts = await waitFor(
      () => rows().allInnerTexts(),
      (all) => all.length === 6,
    );
    expect(texts.join('\n').replaceAll('\u00a0', ' ')).toMatch(
      /list\/beta\.ts:3[\s\S]*findGuest\('beta'\);\s+→\s+.*findVisitor\('beta'\)/,
    );
    await workbench().picture('all-places');
    // A click takes the import of gamma.ts off.
    await rows().filter({ hasText: 'list/gamma.ts:1' }).click();
    await workbench().press('Enter');
    await workbench().page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await workbench().page.waitForTimeout(1_500);
    await saved('list/load.ts');
    const text = async (name: string) => readFile(join(workbench().root, `list/${name}.ts`), 'utf8');
    await waitFor(
      async () => `${await text('alpha')}${await text('beta')}${await text('gamma')}`,
      (all) => all.match(/findVisitor/g)?.length === 5,
    );
    expect(await text('gamma')).toMatch(/^import \{ findGuest \}[\s\S]*findVisitor\('gamma'\)/);
  });
});
