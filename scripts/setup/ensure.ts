import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileStamps, runSteps, SetupError } from './runner.ts';
import { setupSteps } from './steps.ts';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Does what is not done yet of the set-up, with a line per step. Resolves to the steps that ran. Throws `SetupError`. */
export async function ensureSetup(root: string = ROOT): Promise<string[]> {
  try {
    return await runSteps(setupSteps(root), {
      stamps: fileStamps(join(root, 'node_modules', '.tabstop')),
      now: () => performance.now(),
      print: (line) => process.stdout.write(`${line}\n`),
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC')
      throw new SetupError('the disk is full. Free about 1.3 GB, and run npm start again.', { cause: error });
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      const path = (error as NodeJS.ErrnoException).path ?? root;
      throw new SetupError(`${path} cannot be written. Check who owns the checkout, and run npm start again.`, {
        cause: error,
      });
    }
    throw error;
  }
}
