import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { builtinWithoutOurs, installExtension } from './code-server.ts';
import { createDataFolder, locateDataFolder } from './data-folder.ts';
import { type Distribution, locateDistribution } from './distribution.ts';
import { withoutNpm } from './environment.ts';
import { launch } from './launch.ts';
import { EXIT, LaunchError } from './launch-error.ts';
import { type LauncherArguments, parseLauncherArguments } from './launcher-arguments.ts';
import { browserCommand, openBrowser, systemBrowserEnvironment } from './open-browser.ts';

/** Runs the launcher in this process; resolves to the exit code, or to undefined while the editor runs. */
export async function main(argv: readonly string[]): Promise<number | undefined> {
  const distribution = locateDistribution();
  try {
    const parameters = parseLauncherArguments(argv);
    if (parameters.action === 'help') {
      process.stdout.write(readFileSync(join(distribution.root, 'apps', 'editor', 'usage.txt'), 'utf8'));
      return EXIT.ok;
    }
    if (parameters.action === 'version') {
      process.stdout.write(`tabstop ${distribution.version}\n`);
      return EXIT.ok;
    }
    if (parameters.install !== undefined) {
      const data = locateDataFolder({ dataDir: parameters.dataDir, cwd: process.cwd(), home: homedir() }, process.env);
      createDataFolder(data);
      // The bundled extension stands in the way of its own VSIX.
      const builtin = parameters.stableApi ? builtinWithoutOurs(distribution.vscode, data) : undefined;
      installExtension(distribution.vscode, data, parameters.install, builtin);
      process.stdout.write(`${parameters.install} is installed. Reload the editor's window if it is open.\n`);
      return EXIT.ok;
    }
    return await open(parameters, distribution);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    process.stderr.write(`tabstop: ${error.message}\n`);
    return error.code;
  }
}

async function open(parameters: LauncherArguments, distribution: Distribution): Promise<number | undefined> {
  for (const [name, value] of Object.entries(withoutNpm(process.env, distribution.root))) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const launched = await launch(parameters, { distribution, cwd: process.cwd(), env: process.env });
  if (launched.kind === 'running') stopWithSignals(launched.stop);
  process.stdout.write(
    `${launched.kind === 'running' ? 'Tabstop is listening' : 'Tabstop runs already'}. Open\n\n    ${launched.url}\n\n`,
  );
  if (parameters.exposed) {
    process.stderr.write(
      `WARNING: ${parameters.host} can be reached by other machines, over unencrypted HTTP. Whoever gets in has a shell as you.\n`,
    );
  }
  if (parameters.open) {
    const command = browserCommand(systemBrowserEnvironment());
    if (command !== undefined) openBrowser(command, launched.url);
  }
  if (launched.kind === 'elsewhere') return EXIT.ok;
  process.stdout.write('The address works once; run tabstop again for another. Ctrl-C ends the editor.\n');

  return undefined;
}

/** Ctrl-C, a kill, a closed terminal and the death of the process that started this one end the editor in order. */
function stopWithSignals(end: () => Promise<void>): void {
  let stopping = false;
  const stop = (code: number): void => {
    if (stopping) process.exit(code);
    stopping = true;
    // The server complains about its children that end now; that is what was asked for.
    console.warn = console.error = () => {};
    // Children of the editor server end with their pipe to us; what hangs must not keep the terminal.
    setTimeout(() => process.exit(code), 3000).unref();
    end().then(
      () => process.exit(code),
      () => process.exit(EXIT.failure),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(EXIT.ok));
  // Started by `npm start`: the channel closes when that one is killed, however it is.
  if (process.channel !== undefined) process.on('disconnect', () => stop(EXIT.ok));
}
