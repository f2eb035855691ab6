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
    statuses.push(await workbench.statusBar());
    await pressUntil(workbench, 'Tab', async () => JSON.stringify(await view(workbench)) !== JSON.stringify(shown));
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

async function view(workbench: Workbench) {
  const cursor = await workbench.page.locator('#status\\.editor\\.selection').innerText();
  return { edit: await workbench.nextEdit(), file: await workbench.activeFile(), text: await workbench.text(), cursor };
}

/** The view once a next edit is drawn; or as it is when none has come up for 6 s (0.6 s on a quiet machine, more on a busy one). */
async function settled(workbench: Workbench) {
  const end = Date.now() + 6_000;
  let now = await view(workbench);
  while (now.edit === '' && Date.now() < end) {
    await workbench.page.waitForTimeout(50);
    now = await view(workbench);
  }
  return now;
}
