import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FolderRules, openRules, type Verdict } from '../../../src/index/files/folder-rules.ts';
import { trackedReader } from '../../../src/index/files/tracked.ts';
import { runProcess } from '../../../src/server/node-history.ts';

/** A folder of its own with a home folder of its own, so that no configuration of the machine counts. */
export interface Sandbox {
  readonly folder: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  git(folder: string, ...parameters: string[]): string;
  gitWith(folder: string, input: string, ...parameters: string[]): string;
  write(path: string, content?: string | Uint8Array): void;
  dispose(): void;
}

export function sandbox(): Sandbox {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tabstop-tree-')));
  const home = join(folder, 'home');
  mkdirSync(home);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.test',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.test',
    GIT_TERMINAL_PROMPT: '0',
  };
  const gitWith = (cwd: string, input: string, ...parameters: string[]): string => {
    const options = { cwd, env, input, encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' } as const;
    try {
      return execFileSync('git', parameters, options);
    } catch (error) {
      // check-ignore answers 1 where it ignores nothing.
      const { status, stdout } = error as { status: number; stdout: string };
      if (parameters[0] === 'check-ignore' && status === 1) return stdout;
      throw error;
    }
  };
  return {
    folder,
    home,
    env,
    gitWith,
    git: (cwd, ...parameters) => gitWith(cwd, '', ...parameters),
    write(path, content = '') {
      const absolute = join(folder, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
    },
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The rules of a folder as a tree would open them. */
export async function rulesIn(
  box: Sandbox,
  root: string,
  options: { withoutGit?: boolean } = {},
): Promise<FolderRules> {
  const run: typeof runProcess | undefined = options.withoutGit
    ? undefined
    : (command, parameters, given) => runProcess(command, parameters, { ...given, env: { ...given.env, ...box.env } });
  const { signal } = new AbortController();
  const tracked = trackedReader(fs, run);
  const { rules } = await openRules({
    disk: fs,
    root,
    run,
    env: { HOME: box.home },
    signal,
    tracked: (layout) => tracked.read(layout, signal),
  });
  return rules;
}

/** The verdict on a path: that of the first folder on the way that is out, else its own. */
export function verdictOn(rules: FolderRules, path: string, isFolder = false): Verdict | undefined {
  let at = rules;
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    const verdict = at.judge(part, !last || isFolder);
    if (verdict || last) return verdict;
    at = at.enter(part);
  }
  return undefined;
}
