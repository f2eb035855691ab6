import { join, resolve } from 'node:path';
import type { RunProcess } from '../../workspace/git-history.ts';
import { readSmall, type TreeDisk } from './disk.ts';
import type { GitLayout } from './git-layout.ts';

/** What of git's configuration decides which files are ignored. */
export interface GitSettings {
  readonly ignoreCase: boolean;
  /** Absolute; the default place where none is set. */
  readonly excludesFile: string | undefined;
}

export interface GitSettingsOptions {
  readonly disk: TreeDisk;
  /** Without it the configuration files are read here, includes aside. */
  readonly run?: RunProcess | undefined;
  readonly env: { readonly HOME?: string | undefined; readonly XDG_CONFIG_HOME?: string | undefined };
  readonly folder: string;
  readonly layout: GitLayout | undefined;
  readonly signal: AbortSignal;
}

const TIMEOUT = 10_000;

/** A setting that is always there, so that git does not fail where nothing else is set. */
const PRESENT = ['-c', 'tabstop.present=true'];

/** Asks git, which knows about includes and every place of configuration; where git is missing, reads the usual files. */
export async function gitSettings(options: GitSettingsOptions): Promise<GitSettings> {
  const told = await options.run?.(
    'git',
    [...PRESENT, 'config', '-z', '--get-regexp', '^(core\\.(excludesfile|ignorecase)|tabstop\\.present)$'],
    {
      cwd: options.folder,
      env: { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      timeout: TIMEOUT,
      maxBytes: 1024 * 1024,
      signal: options.signal,
    },
  );
  const values = told === undefined ? readFiles(options) : new Map(pairs(told));
  const given = values.get('core.excludesfile');
  return {
    ignoreCase: /^(?:true|yes|on|1|)$/i.test(values.get('core.ignorecase') ?? 'false'),
    excludesFile: given === undefined ? defaultExcludes(options) : given === '' ? undefined : expand(given, options),
  };
}

/** `key\nvalue\0`, a key without a value being true; later ones win. */
function* pairs(output: string): Generator<[string, string]> {
  for (const item of output.split('\0')) {
    if (item === '') continue;
    const end = item.indexOf('\n');
    yield end < 0 ? [item.toLowerCase(), ''] : [item.slice(0, end).toLowerCase(), item.slice(end + 1)];
  }
}

function defaultExcludes({ env }: GitSettingsOptions): string | undefined {
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, 'git', 'ignore');
  return env.HOME ? join(env.HOME, '.config', 'git', 'ignore') : undefined;
}

function expand(path: string, { env, layout, folder }: GitSettingsOptions): string | undefined {
  if (path === '~' || path.startsWith('~/')) return env.HOME ? join(env.HOME, path.slice(1)) : undefined;
  return resolve(layout?.top ?? folder, path);
}

function readFiles({ disk, env, layout }: GitSettingsOptions): Map<string, string> {
  const xdg = env.XDG_CONFIG_HOME || (env.HOME ? join(env.HOME, '.config') : undefined);
  const files = [
    '/etc/gitconfig',
    xdg && join(xdg, 'git', 'config'),
    env.HOME && join(env.HOME, '.gitconfig'),
    layout && join(layout.commonDir, 'config'),
    layout && join(layout.gitDir, 'config.worktree'),
  ];
  const values = new Map<string, string>();
  for (const file of files) {
    const bytes = file ? readSmall(disk, file, { follow: true }) : undefined;
    if (bytes) for (const [key, value] of coreValues(new TextDecoder().decode(bytes))) values.set(key, value);
  }
  return values;
}

/** The `[core]` values of a configuration file, without the escapes that file names do not have. */
export function* coreValues(content: string): Generator<[string, string]> {
  let section = '';
  for (const raw of content.split('\n')) {
    const line = raw.trim();
    const heading = /^\[([^\]]*)\]\s*(.*)$/.exec(line);
    if (heading) section = heading[1]!.trim().toLowerCase();
    const rest = heading ? heading[2]! : line;
    const setting = /^([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(rest);
    if (section !== 'core' || !setting) continue;
    const value = setting[2] ?? '';
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1]?.replace(/\\(["\\])/g, '$1');
    yield [`core.${setting[1]!.toLowerCase()}`, quoted ?? value.replace(/\s*[#;].*$/, '')];
  }
}
