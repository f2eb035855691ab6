import { join } from 'node:path';
import type { RunProcess } from '../../workspace/git-history.ts';
import { NEVER_FOLDERS } from '../../workspace/ignore-rules.ts';
import { isSecretFolder } from '../../workspace/secret-names.ts';
import { readSmall, type TreeDisk } from './disk.ts';
import { NOTHING_TRACKED, type TrackedFiles } from './git-index.ts';
import { findGit, type GitLayout } from './git-layout.ts';
import { gitSettings } from './git-settings.ts';
import { byteString, type IgnoreList, type IgnorePattern, parseIgnoreList } from './ignore-list.ts';

/** Why an entry is left out: a short reason to count by, and the whole of it for one file. */
export interface Verdict {
  readonly reason: string;
  readonly detail: string;
}

/** Files that rules are read from in each folder. A change of one means that all below its folder has to be looked at again. */
export const OWN_RULE_FILES = ['.cursorignore', '.tabstopignore'] as const;
export const RULE_FILE_NAMES: ReadonlySet<string> = new Set(['.gitignore', ...OWN_RULE_FILES]);

export interface RulesOptions {
  readonly disk: TreeDisk;
  /** Absolute and real: no part of it a link. */
  readonly root: string;
  readonly run?: RunProcess | undefined;
  readonly env: { readonly HOME?: string | undefined; readonly XDG_CONFIG_HOME?: string | undefined };
  readonly signal: AbortSignal;
  /** What git tracks in the repository that the folder lies in, asked for once. */
  readonly tracked: (layout: GitLayout) => Promise<TrackedFiles>;
}

/** A list and the length of the byte path of its folder, from the top of the working tree. */
interface Placed {
  readonly list: IgnoreList;
  readonly base: number;
}

interface Shared {
  readonly disk: TreeDisk;
  /** Absolute: what paths and patterns count from. */
  readonly top: string;
  readonly ignoreCase: boolean;
  readonly tracked: TrackedFiles;
}

/**
 * The rules that hold in one folder: git's, with deeper `.gitignore` files before higher ones before `.git/info/exclude` before `core.excludesFile`;
 * then `.cursorignore` and `.tabstopignore`, which have the last word either way: with `!` they take in what git ignores. What git ignores but tracks is in.
 * Nothing of a folder that is out is looked at, so patterns cannot take it in again, as in git.
 */
export class FolderRules {
  readonly #shared: Shared;
  /** From the top, `/` between parts, empty at the top; and the same as a byte string. */
  readonly #path: string;
  readonly #bytes: string;
  readonly #git: readonly Placed[];
  readonly #own: readonly Placed[];
  /** The rule by which git ignores this folder, which is looked at all the same. */
  readonly #ignoredBy: Verdict | undefined;
  readonly #takenIn: boolean;

  constructor(
    shared: Shared,
    path: string,
    git: readonly Placed[],
    own: readonly Placed[],
    ignoredBy: Verdict | undefined,
    takenIn: boolean,
  ) {
    this.#shared = shared;
    this.#path = path;
    this.#bytes = byteString(path);
    this.#git = git;
    this.#own = own;
    this.#ignoredBy = ignoredBy;
    this.#takenIn = takenIn;
  }

  /** From the top of the working tree, empty there. */
  get path(): string {
    return this.#path;
  }

  /** Why an entry of this folder is out by its name and the rules, or `undefined` where it is in. */
  judge(name: string, isFolder: boolean): Verdict | undefined {
    // In worktrees and submodules it is a file.
    if (name === '.git') return { reason: 'never indexed', detail: 'it belongs to git' };
    if (isFolder && NEVER_FOLDERS.has(name)) {
      return { reason: 'never indexed', detail: `folders named ${name} are never indexed` };
    }
    if (isFolder && isSecretFolder(name)) {
      return { reason: 'may hold secrets', detail: `folders named ${name} hold secrets` };
    }
    const { own, git } = this.#decide(name, isFolder);
    if (own === 'in') return undefined;
    if (own) return own;
    if (!git) return undefined;
    const path = this.#path === '' ? name : `${this.#path}/${name}`;
    const { tracked } = this.#shared;
    return (isFolder ? tracked.folders : tracked.files).has(path) ? undefined : git;
  }

  /** The rules of a folder in this one. `has` tells which rule files it holds; without it they are looked for. */
  enter(name: string, has?: (file: string) => boolean): FolderRules {
    const { own, git } = this.#decide(name, true);
    const path = this.#path === '' ? name : `${this.#path}/${name}`;
    return loadFolder(this.#shared, path, this.#git, this.#own, git, own === 'in', has);
  }

  #decide(name: string, isFolder: boolean): { own: Verdict | 'in' | undefined; git: Verdict | undefined } {
    const bytes = byteString(name);
    const path = this.#bytes === '' ? bytes : `${this.#bytes}/${bytes}`;
    const own = lastMatch(this.#own, bytes, path, isFolder);
    const inherited = this.#takenIn ? 'in' : undefined;
    return {
      own: own ? (own.pattern.negated ? 'in' : verdictOf(own)) : inherited,
      git: this.#ignoredBy ?? ignored(lastMatch(this.#git, bytes, path, isFolder)),
    };
  }
}

interface Match {
  readonly pattern: IgnorePattern;
  readonly source: string;
}

function lastMatch(lists: readonly Placed[], name: string, path: string, isFolder: boolean): Match | undefined {
  for (let index = lists.length - 1; index >= 0; index--) {
    const { list, base } = lists[index]!;
    const pattern = list.match(name, base === 0 ? path : path.slice(base + 1), isFolder);
    if (pattern) return { pattern, source: list.source };
  }
  return undefined;
}

function ignored(match: Match | undefined): Verdict | undefined {
  return match && !match.pattern.negated ? verdictOf(match) : undefined;
}

function verdictOf({ pattern, source }: Match): Verdict {
  const file = source.slice(source.lastIndexOf('/') + 1);
  const reason = (OWN_RULE_FILES as readonly string[]).includes(file) ? `ignored by ${file}` : 'ignored by git';
  return { reason, detail: `${source}:${pattern.line}: ${pattern.text}` };
}

function loadFolder(
  shared: Shared,
  path: string,
  git: readonly Placed[],
  own: readonly Placed[],
  ignoredBy: Verdict | undefined,
  takenIn: boolean,
  has: (file: string) => boolean = () => true,
): FolderRules {
  const base = byteString(path).length;
  const load = (file: string): Placed | undefined => {
    if (!has(file)) return undefined;
    // As git does: a link is not followed, it might lead out of the folder.
    const bytes = readSmall(shared.disk, join(shared.top, path, file), { follow: false });
    const list = bytes && parseIgnoreList(bytes, path === '' ? file : `${path}/${file}`, shared.ignoreCase);
    return list && { list, base };
  };
  const ofGit = load('.gitignore');
  const ofOwn = OWN_RULE_FILES.map(load).filter((placed) => placed !== undefined);
  return new FolderRules(
    shared,
    path,
    ofGit ? [...git, ofGit] : git,
    ofOwn.length > 0 ? [...own, ...ofOwn] : own,
    ignoredBy,
    takenIn,
  );
}

export interface OpenedRules {
  /** Those in the root itself. */
  readonly rules: FolderRules;
  readonly layout: GitLayout | undefined;
  /** Absolute: the files that the rules of the root come from, there or not. Deeper ones are read by `enter`. */
  readonly sources: readonly string[];
}

/** Reads the rules of a root anew. */
export async function openRules(options: RulesOptions): Promise<OpenedRules> {
  const { disk, root, env, signal } = options;
  const found = findGit(disk, root);
  // Git is asked in a process of its own while the index file is read here.
  const asked = gitSettings({ disk, run: options.run, env, folder: root, layout: found, signal });
  const tracked = found ? await options.tracked(found) : NOTHING_TRACKED;
  const settings = await asked;
  const xdg = env.XDG_CONFIG_HOME ?? (env.HOME && join(env.HOME, '.config'));
  const sources = [
    env.HOME && join(env.HOME, '.gitconfig'),
    xdg && join(xdg, 'git', 'config'),
    settings.excludesFile,
    ...(found ? [join(found.commonDir, 'config'), join(found.commonDir, 'info', 'exclude')] : []),
    ...[...RULE_FILE_NAMES].map((file) => join(root, file)),
  ].filter((file): file is string => file !== undefined && file !== '');
  const start = (layout: GitLayout | undefined, tracked: TrackedFiles): FolderRules => {
    const top = layout?.top ?? root;
    const shared = { disk, top, ignoreCase: settings.ignoreCase, tracked };
    const general: Placed[] = [];
    const files = [settings.excludesFile, layout && join(layout.commonDir, 'info', 'exclude')];
    for (const file of files) {
      const bytes = file ? readSmall(disk, file, { follow: true }) : undefined;
      const list = bytes && parseIgnoreList(bytes, file!, settings.ignoreCase);
      if (list) general.push({ list, base: 0 });
    }
    return loadFolder(shared, '', general, [], undefined, false);
  };
  const alone = (): OpenedRules => ({ rules: start(undefined, NOTHING_TRACKED), layout: undefined, sources });
  if (!found) return alone();
  let rules = start(found, tracked);
  for (const part of found.prefix === '' ? [] : found.prefix.split('/')) {
    // A folder that is opened by name is meant, although a repository around it (that of a home folder, say) ignores it: it stands alone then.
    if (rules.judge(part, true)) return alone();
    for (const file of RULE_FILE_NAMES) sources.push(join(found.top, rules.path, file));
    rules = rules.enter(part);
  }
  return { rules, layout: found, sources };
}
