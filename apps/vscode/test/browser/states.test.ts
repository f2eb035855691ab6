import { describe, expect, test } from 'vitest';
import { installModalExtension } from './modal-extension.ts';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const FILES = ['snooze', 'subtle', 'language', 'off', 'locked', 'modal', 'killed'];

const workbench = sharedWorkbench({
  files: Object.fromEntries(FILES.map((name) => [`${name}.ts`, `// ${name}\n`])),
  engine: [{ kind: 'insert', after: 'const sum = ', text: 'first + second;', source: 'continue' }],
  settings: { 'editor.quickSuggestions': 'off', 'files.readonlyInclude': { '**/locked.ts': true } },
  prepare: installModalExtension,
});

async function typeIn(name: string, text: string): Promise<void> {
  await workbench().openFile(`${name}.ts`);
  await workbench().press('Control+End');
  await workbench().type(text);
}
const ghost = (text: string) => waitFor(workbench().ghostText, (shown) => shown === text);
const staysWithoutGhost = async () => {
  await workbench().page.waitForTimeout(700);
  expect(await workbench().ghostText()).toBe('');
};
const status = (wanted: RegExp) => waitFor(workbench().statusBar, (text) => wanted.test(text));
const typeAgain = async () => {
  await workbench().press('Backspace');
  await workbench().type(' ');
};
/** A command of another extension is carried out a while after the palette has closed; its cursor tells when. */
const mode = async (name: string, cursor: string) => {
  await workbench().command(`Modal: ${name} Mode`);
  await workbench()
    .page.locator(`.editor-group-container.active .cursors-layer.cursor-${cursor}-style`)
    .first()
    .waitFor({ state: 'attached' });
};
async function choose(label: string): Promise<void> {
  await workbench().page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
}

describe('states of Tab', () => {
  test('snoozed by the status bar, and back', async () => {
    await typeIn('snooze', 'const sum = ');
    await ghost('first + second;');
    await workbench().page.locator('.statusbar-item[id="tabstop.tabstop.tabstop.tab"] a').click();
    await choose('Snooze…');
    await choose('5 minutes');
    await status(/^Tab snoozed 5 min$/);
    await typeIn('snooze', '');
    await typeAgain();
    await staysWithoutGhost();
    await workbench().command('Tabstop: Resume Tab');
    await status(/^Tab$/);
    await typeAgain();
    await ghost('first + second;');
  });

  test('subtle: says that there is one, and shows it when asked', async () => {
    await workbench().command('Tabstop: Switch Between Eager and Subtle');
    await typeIn('subtle', 'const sum = ');
    await status(/^continue waits · Alt\+\\$/);
    await staysWithoutGhost();
    await workbench().press('Alt+\\');
    await ghost('first + second;');
    await workbench().press('Tab');
    await waitFor(workbench().text, (text) => text === '// subtle\nconst sum = first + second;');
    await workbench().command('Tabstop: Switch Between Eager and Subtle');
  });

  test('off for a language, and on again', async () => {
    await typeIn('language', '');
    await workbench().command('Tabstop: Switch Tab On or Off for This Language');
    await status(/^Tab off for typescript$/);
    await workbench().type('const sum = ');
    await staysWithoutGhost();
    await workbench().command('Tabstop: Switch Tab On or Off for This Language');
    await status(/^Tab$/);
    await typeAgain();
    await ghost('first + second;');
  });

  test('a read-only file stays as it is, without suggestions', async () => {
    await typeIn('locked', 'const sum = ');
    await staysWithoutGhost();
    expect(await workbench().text()).toBe('// locked\n');
  });

  test('silent in the normal mode of a modal editing extension', async () => {
    await typeIn('modal', 'const sum =');
    await mode('Normal', 'block');
    await workbench().type(' ');
    await staysWithoutGhost();
    await mode('Insert', 'line');
    await typeAgain();
    await ghost('first + second;');
  });

  test('the engine killed while typing: nothing is lost, the status bar says so, and it comes back', async () => {
    await typeIn('killed', 'const a = 1;\n');
    const [engine] = workbench().engines();
    expect(engine).toBeTypeOf('number');
    // It comes back within a blink: what the status bar says in between is caught as it is drawn.
    await workbench().page.evaluate(`
      window.said = [];
      new MutationObserver(() => window.said.push(document.getElementById('tabstop.tabstop.tabstop.tab')?.textContent))
        .observe(document.querySelector('.statusbar'), { subtree: true, childList: true, characterData: true });
    `);
    const typing = workbench().type('const b = 2;\nconst c = 3;\nconst d = 4;\n');
    await workbench().page.waitForTimeout(200);
    process.kill(engine!, 'SIGKILL');
    await typing;
    await waitFor(
      async () => workbench().engines(),
      (pids) => pids.length === 1 && pids[0] !== engine,
    );
    await status(/^Tab$/);
    const said = await workbench().page.evaluate<string>("window.said.join('\\n')");
    expect(said.replaceAll('\u00a0', ' ')).toContain('Tab: engine restarting');
    expect(await workbench().text()).toBe('// killed\nconst a = 1;\nconst b = 2;\nconst c = 3;\nconst d = 4;\n');
    // The new process knows the text, the unsaved part included: it answers for it.
    await workbench().type('const sum = ');
    await ghost('first + second;');
  });
});
