/** Walks through a change with the Tab key alone, and keeps what was seen on the way. */
import { waitFor, type Workbench } from './workbench.ts';

export interface Walk {
  /** Files in the order in which they were in front. */
  readonly files: readonly string[];
  readonly tabs: number;
  /** Status bar texts while a suggestion was on the screen. */
  readonly statuses: readonly string[];
}

/** Presses Tab while a next edit is drawn, `most` times at most. A press counts only when the screen has changed by it. */
export async function walkByTab(workbench: Workbench, most = 30): Promise<Walk> {
  const files = [await workbench.activeFile()];
  const statuses: string[] = [];
  let tabs = 0;
  for (; tabs < most; tabs++) {
    const shown = await settled(workbench);
    if (shown.edit === '') break;
    statuses.push(shown.status);
    await pressUntil(workbench, 'Tab', async () => !isSame(await view(workbench), shown));
    const file = await workbench.activeFile();
    if (file !== files.at(-1)) files.push(file);
  }
  return { files, tabs, statuses };
}

/** Presses a key, and once or twice more where nothing came of it for seconds: a busy editor loses one that meets a redrawing, and a person presses again. */
export async function pressUntil(workbench: Workbench, key: string, done: () => Promise<boolean>): Promise<void> {
  for (let press = 1; ; press++) {
    await workbench.press(key);
    const seen = await waitFor(done, (is) => is, 5_000).catch(() => false);
    if (seen) return;
    if (press === 3) throw new Error(`nothing came of ${key}, pressed ${press} times`);
  }
}

interface View {
  readonly edit: string;
  readonly file: string;
  readonly text: string;
  readonly cursor: string;
}

async function view(workbench: Workbench): Promise<View> {
  const cursor = await workbench.page.locator('#status\\.editor\\.selection').innerText();
  return { edit: await workbench.nextEdit(), file: await workbench.activeFile(), text: await workbench.text(), cursor };
}

const isSame = (a: View, b: View) =>
  a.edit === b.edit && a.file === b.file && a.text === b.text && a.cursor === b.cursor;

/**
 * The view once a next edit is drawn, stays, and the status bar tells of it; or as it is when none has come up for 6 s (0.6 s on a quiet machine, more on a
 * busy one).
 */
async function settled(workbench: Workbench): Promise<View & { readonly status: string }> {
  const end = Date.now() + 6_000;
  for (let before: View | undefined; ; ) {
    const now = await view(workbench);
    const status = await workbench.statusBar();
    const told = now.edit !== '' && / of \d/.test(status);
    if ((told && before && isSame(before, now)) || Date.now() > end) return { ...now, status };
    before = told ? now : undefined;
    await workbench.page.waitForTimeout(50);
  }
}
