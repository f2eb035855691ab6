import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the engine uses where it is there: the watcher of folders, and ripgrep. Both have a program or library for each platform. */
const PARTS = ['@parcel/watcher', '@vscode/ripgrep'];
/** Only for building the library from source. */
const NOT_SHIPPED = new Set(['node-addon-api']);
const NOT_RUN = /[\\/](?:src|scripts|prebuilds|binding\.gyp|.*\.d\.ts|.*\.flow|.*\.md)$/;

/**
 * Copies the native parts for this platform and what they need into `modules`, where the engine beside it finds them. Answers the target in the words of
 * `vsce` (`linux-x64`, `alpine-x64`, …). Throws where a part is not installed.
 */
export async function copyNativeParts(root: string, modules: string): Promise<string> {
  const target = `${isMusl() ? 'alpine' : process.platform}-${process.arch}`;
  const copied = new Set<string>();
  const copy = async (name: string, from: string, needed: boolean): Promise<void> => {
    if (copied.has(name) || NOT_SHIPPED.has(name)) return;
    const folder = folderOf(name, from);
    // Those for other platforms are not installed.
    if (folder === undefined && !needed) return;
    if (folder === undefined) throw new Error(`${name} is not installed: run npm ci first`);
    copied.add(name);
    await cp(folder, join(modules, name), {
      recursive: true,
      dereference: true,
      filter: (path) => !NOT_RUN.test(path.slice(folder.length)) && !path.slice(folder.length).includes('node_modules'),
    });
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(manifest.dependencies ?? {})) await copy(dependency, folder, true);
    for (const dependency of Object.keys(manifest.optionalDependencies ?? {})) await copy(dependency, folder, false);
  };
  for (const name of PARTS) await copy(name, join(root, 'packages/engine'), true);
  const native = [...copied].filter((name) => name.includes(`-${process.platform}-${process.arch}`));
  if (native.length < PARTS.length) throw new Error(`only ${native.join(', ') || 'nothing'} is there for ${target}`);
  return target;
}

function folderOf(name: string, from: string): string | undefined {
  for (const folder of createRequire(join(from, 'package.json')).resolve.paths(name) ?? [])
    if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
  return undefined;
}

/** Node tells which C library it runs with: glibc's version, or none. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
