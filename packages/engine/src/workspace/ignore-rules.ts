import ignore, { type Ignore } from 'ignore';

/** Rule files that count in every folder, in rising order of precedence. `.tabstopignore` keeps files from Tabstop that git does have. */
export const RULE_FILES = ['.gitignore', '.tabstopignore'] as const;

/** Folders that never hold the user's own text, rules or not. */
export const NEVER_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  'bower_components',
  '__pycache__',
  '.venv',
  '.tox',
  '.yarn',
]);

/** What says how a project is built, written by hand, where the ending does not tell. */
export function isManifestName(name: string): boolean {
  return /^(?:go\.mod|requirements[\w.-]*\.txt|Pipfile|Makefile)$/.test(name);
}

/** Made by tools, not by hand. */
const GENERATED = [
  /\.min\.\w+$/,
  /[.-](bundle|chunk)\.\w+$/,
  /\.(map|snap|lock|lockb)$/,
  /^(package-lock|npm-shrinkwrap)\.json$/,
  /^(pnpm-lock\.yaml|go\.sum|composer\.lock)$/,
  /\.(pb|generated|gen|g)\.\w+$/,
  /_pb2(_grpc)?\.pyi?$/,
];

export function isGeneratedName(name: string): boolean {
  return GENERATED.some((pattern) => pattern.test(name));
}

/**
 * Git's ignore rules below one folder: `.git/info/exclude`, and `.gitignore` and `.tabstopignore` of each folder on the way, deeper ones last.
 * `read` gives the text of a file below the folder (`/` between parts), `undefined` where there is none. Rule files are read once.
 */
export class IgnoreRules {
  readonly #read: (path: string) => Promise<string | undefined>;
  readonly #byFolder = new Map<string, Promise<Ignore | undefined>>();
  /** Whether a folder, all folders above it considered, is left out. */
  readonly #left = new Map<string, Promise<boolean>>();

  constructor(read: (path: string) => Promise<string | undefined>) {
    this.#read = read;
  }

  /** `path` is relative to the folder, `/` between parts, without a slash at the end. */
  async ignores(path: string, isFolder: boolean): Promise<boolean> {
    const parts = path.split('/');
    if (parts.some((part, index) => NEVER_FOLDERS.has(part) && (isFolder || index < parts.length - 1))) return true;
    const parent = parts.slice(0, -1).join('/');
    if (parent !== '' && (await this.#leaves(parent))) return true;
    let ignored = false;
    for (let depth = 0; depth < parts.length; depth++) {
      const rules = await this.#rulesOf(parts.slice(0, depth).join('/'));
      if (!rules) continue;
      const below = parts.slice(depth).join('/') + (isFolder ? '/' : '');
      const verdict = rules.test(below);
      if (verdict.ignored) ignored = true;
      else if (verdict.unignored) ignored = false;
    }
    return ignored;
  }

  #leaves(folder: string): Promise<boolean> {
    let left = this.#left.get(folder);
    if (!left) {
      left = this.ignores(folder, true);
      this.#left.set(folder, left);
    }
    return left;
  }

  #rulesOf(folder: string): Promise<Ignore | undefined> {
    let rules = this.#byFolder.get(folder);
    if (!rules) {
      rules = this.#load(folder);
      this.#byFolder.set(folder, rules);
    }
    return rules;
  }

  async #load(folder: string): Promise<Ignore | undefined> {
    const prefix = folder === '' ? '' : `${folder}/`;
    const names = folder === '' ? ['.git/info/exclude', ...RULE_FILES] : RULE_FILES;
    const texts: string[] = [];
    for (const name of names) {
      const text = await this.#read(prefix + name);
      if (text !== undefined) texts.push(text);
    }
    return texts.length === 0 ? undefined : ignore().add(texts.join('\n'));
  }
}
