/** Starts the real editor as a process of its own, for tests that drive it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

export interface LaunchOptions {
  /** Absolute path of a folder or a `.code-workspace` file. */
  readonly folder: string;
  /** A folder of the test's own; removing it is the test's business. */
  readonly dataDir: string;
  /** The user's settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The user's keybindings.json. */
  readonly keybindings?: readonly Readonly<Record<string, unknown>>[];
  /** Further arguments of `tabstop`. */
  readonly args?: readonly string[];
  /** Variables added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Put before the command, like `['unshare', '-n']`. */
  readonly prefix?: readonly string[];
}

export interface LaunchedEditor {
  /** Good for one browser session: it holds a one-time token. */
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** Asks the running editor for another address. */
  freshUrl(): Promise<string>;
  stop(): Promise<void>;
}

/** Resolves when the editor listens. Rejects with all it printed when it ends before, or after 30 s. */
export async function launchEditor(options: LaunchOptions): Promise<LaunchedEditor> {
  const user = join(options.dataDir, 'user', 'User');
  await mkdir(user, { recursive: true });
  if (options.settings !== undefined)
    await writeFile(join(user, 'settings.json'), JSON.stringify(options.settings, null, 2));
  if (options.keybindings !== undefined)
    await writeFile(join(user, 'keybindings.json'), JSON.stringify(options.keybindings, null, 2));
  const args = [options.folder, '--no-open', '--data-dir', options.dataDir, ...(options.args ?? [])];
  if (!args.includes('--port')) args.push('--port', '0');
  const child = run(args, options);
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(`the editor ${reason}; it printed:\n${output}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('was not listening after 30 s');
    }, 30_000);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /^ {4}(http:\/\/\S+)$/m.exec(output);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[1]!);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
  return {
    url,
    port: Number(new URL(url).port),
    process: child,
    output: () => output,
    freshUrl: async () => {
      const second = await runToEnd([options.folder, '--no-open', '--data-dir', options.dataDir], options);
      const found = /^ {4}(http:\/\/\S+)$/m.exec(second.stdout);
      if (found === null) throw new Error(`no fresh address: ${second.stdout}${second.stderr}`);
      return found[1]!;
    },
    stop: () => stopProcess(child),
  };
}

/** Runs the launcher to its end. */
export async function runToEnd(
  args: readonly string[],
  options: Pick<LaunchOptions, 'env' | 'prefix'> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = run(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

function run(args: readonly string[], options: Pick<LaunchOptions, 'env' | 'prefix'>): ChildProcess {
  const node = join(ROOT, 'node_modules', '.bin', 'node');
  const command = [...(options.prefix ?? []), node, join(ROOT, 'apps/editor/src/start.ts'), ...args];
  // The channel ties the editor's life to the test's: it ends with a killed test runner, too.
  return spawn(command[0]!, command.slice(1), {
    stdio: options.prefix === undefined ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}
