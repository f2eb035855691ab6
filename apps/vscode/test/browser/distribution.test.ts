import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedWorkbench } from './shared-workbench.ts';
import { waitFor } from './workbench.ts';

const workbench = sharedWorkbench({
  files: { 'one.js': 'const one = 1;\n' },
  engine: 'real',
  settings: {
    // Ours hide the hint and follow the system's colours.
    'workbench.editor.empty.hint': 'text',
    'window.autoDetectColorScheme': false,
    'workbench.colorTheme': 'Default High Contrast',
  },
  async prepare(dataDir) {
    const user = join(dataDir, 'user', 'User');
    await mkdir(user, { recursive: true });
    const keys = [{ key: 'ctrl+alt+y', command: 'workbench.action.toggleSidebarVisibility' }];
    await writeFile(join(user, 'keybindings.json'), JSON.stringify(keys));
  },
});

const seen = (selector: string) => workbench().page.locator(selector).first().isVisible();

async function offered(words: string): Promise<readonly string[]> {
  await workbench().press('F1');
  await workbench().page.locator('.quick-input-widget input').first().fill(`>${words}`);
  const rows = workbench().page.locator('.quick-input-list .monaco-list-row');
  await rows.first().waitFor();
  const labels = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  await workbench().press('Escape');
  return labels;
}

describe('the distribution', () => {
  test('is called Tabstop, and there is nothing to sign in to', async () => {
    expect(await workbench().page.title()).toMatch(/Tabstop$/);
    await workbench().page.locator('.activitybar [aria-label="Manage"]').first().waitFor();
    expect(await workbench().page.locator('.activitybar [aria-label^="Accounts"]').count()).toBe(0);
    // The palette does find what is there.
    expect((await offered('Toggle Primary Side Bar')).join()).toContain('Toggle Primary Side Bar');
    for (const words of ['Sign in', 'Copilot', 'Check for updates'])
      expect((await offered(words)).filter((label) => /sign in|copilot|check for updates/i.test(label))).toEqual([]);
  });

  test("the user's settings and theme win over ours", async () => {
    expect(await seen('.monaco-workbench.hc-black')).toBe(true);
    await workbench().command('File: New Untitled Text File');
    await waitFor(
      () => seen('.empty-editor-hint'),
      (visible) => visible,
    );
  });

  test("the user's keys are as in VS Code", async () => {
    const before = await seen('.part.sidebar');
    await workbench().press('Control+Alt+y');
    await waitFor(
      () => seen('.part.sidebar'),
      (visible) => visible !== before,
    );
  });
});
