import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface BrowserEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  isExecutable(path: string): boolean;
}

/** The command that opens an address in the user's browser, or undefined where there is none to see it in. */
export function browserCommand(environment: BrowserEnvironment): readonly string[] | undefined {
  const { env, platform } = environment;
  const chosen = env.BROWSER;
  if (chosen !== undefined && chosen.trim() !== '') return chosen.trim().split(/\s+/);
  if (platform === 'darwin') return ['open'];
  if (env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined) return undefined;
  // `www-browser` and `x-www-browser` are Debian's alternatives; xdg-open is not installed everywhere.
  for (const name of ['xdg-open', 'x-www-browser', 'firefox', 'chromium', 'google-chrome']) {
    for (const folder of (env.PATH ?? '').split(delimiter)) {
      if (folder !== '' && environment.isExecutable(join(folder, name))) return [name];
    }
  }
  return undefined;
}

export function systemBrowserEnvironment(): BrowserEnvironment {
  return {
    platform: process.platform,
    env: process.env,
    isExecutable(path) {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Starts the browser on its own: it lives on when the editor's process ends. Failing is no reason to stop. */
export function openBrowser(command: readonly string[], url: string): void {
  const child = spawn(command[0]!, [...command.slice(1), url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
