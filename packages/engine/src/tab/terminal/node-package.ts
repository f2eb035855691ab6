import { isPlainName } from './command.ts';
import type { Project } from './project.ts';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** A `package.json`, as far as its fields are of the expected form. */
export interface NodeManifest {
  readonly name: string | undefined;
  /** Of all kinds: normal, of development, of peers, optional. */
  readonly dependencies: ReadonlyMap<string, string>;
  readonly scripts: ReadonlyMap<string, string>;
  readonly packageManager: string | undefined;
}

export interface NodePackage {
  readonly folder: string;
  readonly manifest: NodeManifest;
  /** Those of the folders above, up to the workspace folder. */
  readonly above: readonly NodeManifest[];
  readonly manager: PackageManager | undefined;
}

const LOCKS: readonly (readonly [file: string, manager: PackageManager])[] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];
const KINDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** The package that `path` belongs to. Its manager is what a lock file, or the field `packageManager`, names; none where they disagree or are absent. */
export async function nodePackageOf(project: Project, path: string): Promise<NodePackage | undefined> {
  const folders = project.foldersAbove(path);
  const found: { folder: string; manifest: NodeManifest }[] = [];
  for (const folder of folders) {
    const text = await project.text(folder, 'package.json');
    const manifest = text === undefined ? undefined : nodeManifestOf(text);
    if (manifest) found.push({ folder, manifest });
  }
  const own = found[0];
  if (!own) return undefined;
  return {
    ...own,
    above: found.slice(1).map(({ manifest }) => manifest),
    manager: await managerOf(project, folders.slice(folders.indexOf(own.folder)), found),
  };
}

async function managerOf(
  project: Project,
  folders: readonly string[],
  found: readonly { readonly folder: string; readonly manifest: NodeManifest }[],
): Promise<PackageManager | undefined> {
  for (const folder of folders) {
    const named = found.find((one) => one.folder === folder)?.manifest.packageManager;
    const manager = named && /^(npm|pnpm|yarn|bun)(?:@|$)/.exec(named)?.[1];
    if (manager) return manager as PackageManager;
    const locks = await Promise.all(
      LOCKS.map(async ([file, manager]) => ((await project.has(folder, file)) ? manager : undefined)),
    );
    const managers = new Set(locks.filter((one) => one !== undefined));
    if (managers.size > 0) return managers.size === 1 ? [...managers][0] : undefined;
  }
  return undefined;
}

/** `undefined` while the text is no JSON object, as in the middle of typing. */
export function nodeManifestOf(text: string): NodeManifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const strings = (part: unknown): [string, string][] =>
    isRecord(part)
      ? Object.entries(part).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
      : [];
  return {
    name: typeof value['name'] === 'string' ? value['name'] : undefined,
    dependencies: new Map(KINDS.flatMap((kind) => strings(value[kind]))),
    scripts: new Map(strings(value['scripts']).filter(([name]) => isPlainName(name))),
    packageManager: typeof value['packageManager'] === 'string' ? value['packageManager'] : undefined,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Words that add a package. */
export function addWords(manager: PackageManager, development: boolean): readonly string[] {
  const flag = { npm: '--save-dev', pnpm: '--save-dev', yarn: '--dev', bun: '--dev' }[manager];
  return [manager, manager === 'npm' ? 'install' : 'add', ...(development ? [flag] : [])];
}

/** Words that run a program of an installed package; nothing is fetched for it. */
export function execWords(manager: PackageManager): readonly string[] {
  return {
    npm: ['npx', '--no-install'],
    pnpm: ['pnpm', 'exec'],
    yarn: ['yarn', 'run'],
    bun: ['bun', 'x', '--no-install'],
  }[manager];
}
