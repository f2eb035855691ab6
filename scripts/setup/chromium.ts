import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { progressLine, SetupError } from './runner.ts';

export interface ChromiumEffects {
  exists(path: string): boolean;
  /** Runs a command; its exit code, or null when there is no such command. */
  run(command: string, args: readonly string[]): number | null;
  /** The user's id; 0 may install packages. */
  readonly uid: number;
  print(line: string): void;
}

/** Where Debian's package puts it; the browser tests name the same path. */
export const CHROMIUM = '/usr/bin/chromium';

/** Installs Chromium from Debian's packages where it is missing. Throws `SetupError` with what to do. */
export function ensureChromium(effects: ChromiumEffects = systemEffects()): void {
  if (effects.exists(CHROMIUM)) return;
  const manual = "Install Debian's package with apt-get install chromium, and run npm test again.";
  if (effects.uid !== 0) throw new SetupError(`the browser tests need Chromium at ${CHROMIUM}. ${manual}`);
  const start = performance.now();
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  const updated = effects.run('apt-get', ['update']);
  if (updated === null)
    throw new SetupError(`the browser tests need Chromium at ${CHROMIUM}, and there is no apt-get to install it with.`);
  // An old list often still does, so a failed update alone is no reason to stop.
  if (effects.run('apt-get', install) !== 0 || !effects.exists(CHROMIUM)) {
    throw new SetupError(
      `Chromium could not be installed${updated === 0 ? '' : ': the package servers cannot be reached'}. ${manual}`,
    );
  }
  effects.print(progressLine('Chromium', performance.now() - start));
}

function systemEffects(): ChromiumEffects {
  return {
    exists: existsSync,
    run: (command, args) =>
      spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status,
    uid: process.getuid?.() ?? -1,
    print: (line) => process.stdout.write(`${line}\n`),
  };
}
