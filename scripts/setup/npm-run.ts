import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { explainNpmFailure } from './npm-failure.cjs';
import { SetupError } from './runner.ts';

export interface NpmTask {
  readonly cwd: string;
  readonly args: readonly string[];
  /** The checkout. */
  readonly root: string;
  /** Name of the log file. */
  readonly log: string;
  /** What could not be done, when a failure ends the set-up. */
  readonly failure?: string;
  /** The warning to give, when the set-up goes on without it. */
  readonly optional?: string;
}

/** Runs npm; resolves to a warning or undefined. Throws `SetupError` that names the log. */
export type NpmRun = (task: NpmTask) => Promise<string | undefined>;

export const runNpm: NpmRun = async (task) => {
  const folder = join(task.root, '.cache', 'setup');
  await mkdir(folder, { recursive: true });
  const log = join(folder, `${task.log}.log`);
  const out = await open(log, 'w');
  const cli = process.env.npm_execpath;
  const known = cli !== undefined && /npm-cli\.js$/.test(cli) && existsSync(cli);
  const code = await new Promise<number | string>((resolve) => {
    const child = spawn(known ? process.execPath : 'npm', known ? [cli, ...task.args] : [...task.args], {
      cwd: task.cwd,
      stdio: ['ignore', out.fd, out.fd],
      env: npmEnvironment(process.env, task.root, process.platform, process.arch),
    });
    child.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.on('exit', (status) => resolve(status ?? 'killed'));
  });
  await out.close();
  if (code === 0) return undefined;
  const cause =
    typeof code === 'string' && code !== 'killed'
      ? `npm could not be started (${code}).`
      : explainNpmFailure(await readFile(log, 'utf8'));
  if (task.optional !== undefined) return `${task.optional} Cause: ${cause} (Full log: ${log})`;
  throw new SetupError(`${task.failure}: ${cause} Then run npm start again. (Full log: ${log})`);
};

/**
 * npm's environment inside VS Code's folder. Node 24 comes first on PATH, and native modules are compiled against the
 * headers that its package brings, since node-gyp would else download them from a site that is no registry. Pure.
 */
export function npmEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  root: string,
  platform: string,
  arch: string,
): Record<string, string | undefined> {
  const kept = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^npm_(package|lifecycle|command)|^INIT_CWD$/.test(name)),
  );
  const bin = join(root, 'node_modules', '.bin');
  return {
    ...kept,
    PATH: [bin, ...(environment.PATH ?? '').split(delimiter).filter((path) => path !== bin)].join(delimiter),
    npm_config_nodedir: join(dirname(bin), `node-${platform}-${arch}`),
    // npm would else take the checkout's workspaces for the owner of VS Code's folder.
    npm_config_workspaces: 'false',
    npm_config_update_notifier: 'false',
    JOBS: String(availableParallelism()),
  };
}
