/** One editor for the tests of a file: starting one takes seconds. Each test uses a file of its own. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, onTestFailed } from 'vitest';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

/** Starts the editor before the tests of the file and ends it after them. A failed test leaves a picture in the temporary folder. */
export function sharedWorkbench(options: WorkbenchOptions): () => Workbench {
  let workbench: Workbench | undefined;
  const get = () => {
    if (!workbench) throw new Error('the editor did not start');
    return workbench;
  };
  beforeAll(async () => {
    workbench = await openWorkbench(options);
  });
  afterAll(async () => {
    await workbench?.close();
  });
  beforeEach(({ task }) => {
    onTestFailed(async () => {
      const path = join(tmpdir(), 'tabstop-failures', `${task.name.replace(/\W+/g, '-')}.png`);
      await workbench?.screenshot(path);
      console.error(`what was on the screen: ${path}`);
    });
  });
  return get;
}
