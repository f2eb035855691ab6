/** What `npm start` runs once there is a Node 24: the rest of the set-up, then the editor in this same process. */
import { access, realpath, stat } from 'node:fs/promises';
import { main } from '../apps/editor/src/main.ts';
import { LaunchError } from '../apps/editor/src/launch-error.ts';
import { parseLauncherArguments } from '../apps/editor/src/launcher-arguments.ts';
import { resolveOpened } from '../apps/editor/src/open-folder.ts';
import { ensureSetup } from './setup/ensure.ts';
import { SetupError } from './setup/runner.ts';

const argv = process.argv.slice(2);
try {
  // A misspelt folder should be heard of before a minute of set-up.
  const parameters = parseLauncherArguments(argv);
  if (parameters.folder !== undefined)
    await resolveOpened(parameters.folder, process.cwd(), { stat, access, realpath });
  await ensureSetup();
  process.send?.('set-up done');
  const code = await main(argv);
  if (code !== undefined) process.exit(code);
} catch (error) {
  if (!(error instanceof SetupError || error instanceof LaunchError)) throw error;
  process.stderr.write(`tabstop: ${error.message}\n`);
  process.exit(error instanceof LaunchError ? error.code : 1);
}
