import type { TabContext } from '../source.ts';
import { commandLine, type Stop } from './command.ts';
import { looksFinished, type Run } from './edits.ts';
import { type Imported, importsOf, npmPackageOf } from './imports.ts';
import {
  NODE_BUILTINS,
  PYTHON_BUILTINS,
  PYTHON_DISTRIBUTIONS,
  PYTHON_UNCLEAR,
  RUST_BUILTINS,
} from './known-modules.ts';
import { addWords, nodeManifestOf, nodePackageOf } from './node-package.ts';
import { folderOf, joined, nameOf, type Project } from './project.ts';
import { distributionName, pythonProjectOf } from './python-project.ts';
import { isTestFile } from './run-test.ts';

const SCORE = 0.55;

/** A module was imported that no manifest has: its package is to be added. Nothing where it may be the project's own. */
export async function missingDependency(context: TabContext, project: Project, run: Run): Promise<Stop | undefined> {
  const before = new Set(importsOf(run.before, run.languageId).map(({ name }) => name));
  const added = importsOf(run.now, run.languageId).filter(
    (imported) => !before.has(imported.name) && !isAt(context.cursor.offset, imported),
  );
  if (added.length === 0 || !looksFinished(context, run, 'code')) return undefined;
  for (const { name } of added.toReversed()) {
    const adder = await adderOf(context, project, run, name);
    const text = adder && commandLine(adder.words, [adder.name]);
    if (!text) continue;
    return {
      kind: 'install',
      path: run.path,
      score: SCORE,
      command: {
        text,
        cwd: adder.folder,
        reason: `${adder.name} is imported, but ${adder.manifest} does not have it`,
        change: `add ${adder.name}`,
      },
    };
  }
  return undefined;
}

function isAt(offset: number, { start, end }: Imported): boolean {
  return offset >= start && offset < end;
}

interface Adder {
  readonly folder: string;
  readonly manifest: string;
  readonly words: readonly string[];
  readonly name: string;
}

function adderOf(context: TabContext, project: Project, run: Run, name: string): Promise<Adder | undefined> {
  switch (run.languageId) {
    case 'python':
      return python(context, project, run, name);
    case 'go':
      return go(project, run, name);
    case 'rust':
      return rust(project, run, name);
    default:
      return node(context, project, run, name);
  }
}

async function node(context: TabContext, project: Project, run: Run, specifier: string): Promise<Adder | undefined> {
  const name = npmPackageOf(specifier);
  if (!name || NODE_BUILTINS.has(specifier) || NODE_BUILTINS.has(name)) return undefined;
  const own = await nodePackageOf(project, run.path);
  if (!own?.manager) return undefined;
  const manifests = [own.manifest, ...own.above];
  const types = `@types/${name.replace(/^@/, '').replace('/', '__')}`;
  if (manifests.some(({ dependencies }) => dependencies.has(name) || dependencies.has(types))) return undefined;
  if (manifests.some((manifest) => manifest.name === name)) return undefined;
  const scope = /^@[^/]+\//.exec(name)?.[0];
  // A scope of the project's own: packages of the same company, or of the same repository.
  if (scope && manifests.some((manifest) => manifest.name?.startsWith(scope))) return undefined;
  if (await isNeighbour(context, name)) return undefined;
  if (await isAlias(project, run.path, specifier)) return undefined;
  return { folder: own.folder, manifest: 'package.json', words: addWords(own.manager, isTestFile(run.path)), name };
}

/** Another package of this repository. */
async function isNeighbour(context: TabContext, name: string): Promise<boolean> {
  const word = name.match(/[A-Za-z]\w*/g)?.at(-1);
  if (!word) return false;
  const manifests = context.lexicon.filesWith(word, 200).filter((path) => nameOf(path) === 'package.json');
  for (const path of manifests.slice(0, 20)) {
    const text = context.snapshot.documents.get(path)?.content ?? (await context.files.read(path));
    if (text !== undefined && nodeManifestOf(text)?.name === name) return true;
  }
  return false;
}

/** A name that `tsconfig.json` (or `jsconfig.json`) leads somewhere else, by `paths` or from `baseUrl`. Read by spelling: it may hold comments. */
async function isAlias(project: Project, path: string, specifier: string): Promise<boolean> {
  for (const folder of project.foldersAbove(path)) {
    for (const file of ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json']) {
      const text = await project.text(folder, file);
      if (text === undefined) continue;
      const paths = /"paths"\s*:\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
      for (const [, key] of paths.matchAll(/"([^"]+)"\s*:/g)) {
        const [head = '', tail] = key!.split('*');
        if (tail === undefined ? specifier === head : specifier.startsWith(head) && specifier.endsWith(tail))
          return true;
      }
      const base = /"baseUrl"\s*:\s*"([^"]*)"/.exec(text)?.[1];
      if (base === undefined) continue;
      const from = joined(folder, base.replace(/^\.\/?/, '').replace(/\/$/, '')).replace(/[\\/]$/, '');
      for (const ending of ['.ts', '.tsx', '.js', '.jsx', '.d.ts', '/index.ts', '/index.tsx', '/index.js'])
        if (await project.has(from, specifier + ending)) return true;
    }
  }
  return false;
}

async function python(context: TabContext, project: Project, run: Run, module: string): Promise<Adder | undefined> {
  const top = module.split('.')[0]!;
  if (PYTHON_BUILTINS.has(top) || PYTHON_UNCLEAR.has(top) || top.startsWith('_')) return undefined;
  const own = await pythonProjectOf(project, run.path);
  if (!own) return undefined;
  const name = PYTHON_DISTRIBUTIONS.get(top) ?? top;
  const wanted = distributionName(name);
  // `opencv-python-headless` serves who wants `opencv-python`.
  for (const known of own.dependencies)
    if (known === wanted || known.startsWith(`${wanted}-`) || wanted.startsWith(`${known}-`)) return undefined;
  const folders = project.foldersAbove(run.path);
  for (const folder of folders)
    for (const file of [`${top}.py`, `${top}/__init__.py`, `src/${top}/__init__.py`, `src/${top}.py`, `${top}.pyi`])
      if (await project.has(folder, file)) return undefined;
  // A folder without `__init__.py` is a package as well: some file that knows the word lies in it.
  const within = new RegExp(`[\\\\/]${top}(?:[\\\\/]|\\.pyi?$)`);
  if (context.lexicon.filesWith(top, 100).some((path) => within.test(`/${path}`))) return undefined;
  const development = isTestFile(run.path);
  const words = {
    uv: ['uv', 'add', ...(development ? ['--dev'] : [])],
    poetry: ['poetry', 'add', ...(development ? ['--group', 'dev'] : [])],
    pip: ['python', '-m', 'pip', 'install'],
  }[own.tool];
  return { folder: own.folder, manifest: own.manifest, words, name };
}

async function go(project: Project, run: Run, path: string): Promise<Adder | undefined> {
  if (!/^[\w-]+(?:\.[\w-]+)+\//.test(path)) return undefined;
  for (const folder of project.foldersAbove(run.path)) {
    const text = await project.text(folder, 'go.mod');
    if (text === undefined) continue;
    const own = /^module\s+(\S+)/m.exec(text)?.[1];
    const known = [...text.matchAll(/^\s*(?:require\s+|replace\s+)?([\w.-]+\.[\w.-]+\/\S+)\s+(?:v\d|=>)/gm)].map(
      (one) => one[1]!,
    );
    if (own) known.push(own);
    if (known.some((module) => path === module || path.startsWith(`${module}/`))) return undefined;
    // In a workspace of several modules, what stands beside this one may be one of them.
    const beside = own?.split('/').slice(0, -1).join('/');
    for (const above of project.foldersAbove(run.path))
      if (beside && path.startsWith(`${beside}/`) && (await project.has(above, 'go.work'))) return undefined;
    return { folder, manifest: 'go.mod', words: ['go', 'get'], name: path };
  }
  return undefined;
}

async function rust(project: Project, run: Run, crate: string): Promise<Adder | undefined> {
  if (RUST_BUILTINS.has(crate) || new RegExp(`\\bmod\\s+${crate}\\b`).test(run.now)) return undefined;
  const folders = project.foldersAbove(run.path);
  const own = await cargoFolder(project, folders);
  if (!own) return undefined;
  const dashed = crate.replaceAll('_', '-');
  for (const folder of folders.slice(folders.indexOf(own.folder))) {
    const text = await project.text(folder, 'Cargo.toml');
    if (text !== undefined && cargoNames(text).has(dashed)) return undefined;
    for (const name of [crate, dashed])
      for (const place of [name, `crates/${name}`, `packages/${name}`])
        if (await project.has(folder, `${place}/Cargo.toml`)) return undefined;
  }
  for (const file of ['src/lib.rs', 'src/main.rs'])
    if (new RegExp(`\\bmod\\s+${crate}\\b`).test((await project.text(own.folder, file)) ?? '')) return undefined;
  for (const folder of [folderOf(run.path), joined(own.folder, 'src')])
    for (const file of [`${crate}.rs`, `${crate}/mod.rs`]) if (await project.has(folder, file)) return undefined;
  const development = isTestFile(run.path) || /[\\/](?:examples|benches)[\\/]/.test(run.path);
  return {
    folder: own.folder,
    manifest: 'Cargo.toml',
    words: ['cargo', 'add', ...(development ? ['--dev'] : [])],
    name: crate,
  };
}

async function cargoFolder(project: Project, folders: readonly string[]): Promise<{ folder: string } | undefined> {
  for (const folder of folders) if ((await project.text(folder, 'Cargo.toml')) !== undefined) return { folder };
  return undefined;
}

/** The package itself and its dependencies of all kinds, with `-` for `_`. */
function cargoNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  let table = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const heading = /^\[\[?([^\]]+)\]\]?/.exec(line);
    if (heading) {
      table = heading[1]!.trim();
      const single = /(?:^|\.)(?:dev-|build-)?dependencies\.["']?([\w-]+)["']?$/.exec(table);
      if (single) names.add(single[1]!.replaceAll('_', '-'));
    } else if (/(?:^|\.)(?:dev-|build-)?dependencies$/.test(table)) {
      const key = /^["']?([\w-]+)["']?(?:\.[\w-]+)?\s*=/.exec(line);
      if (key) names.add(key[1]!.replaceAll('_', '-'));
    } else if (/^(?:package|lib)$/.test(table)) {
      const name = /^name\s*=\s*["']([\w-]+)["']/.exec(line);
      if (name) names.add(name[1]!.replaceAll('_', '-'));
    }
  }
  return names;
}
