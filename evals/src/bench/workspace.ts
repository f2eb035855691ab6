import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Fills a folder with TypeScript files of installed packages (sources and declarations), smallest paths first, up to `count`; where there are not as many, with JavaScript
 * files.
 * @returns their paths, relative to the folder. @throws where fewer are installed
 */
export function typescriptWorkspace(nodeModules: string, folder: string, count: number): readonly string[] {
  const paths: string[] = [];
  const walk = (relative: string, wanted: RegExp) => {
    for (const name of readdirSync(join(nodeModules, relative)).sort()) {
      if (paths.length >= count) return;
      const path = relative === '' ? name : `${relative}/${name}`;
      // Links lead to this repository's own packages.
      const stat = statSync(join(nodeModules, path), { throwIfNoEntry: false });
      if (stat === undefined || name.startsWith('.') || path === '@tabstop') continue;
      if (stat.isDirectory()) walk(path, wanted);
      else if (wanted.test(name) && stat.size > 200 && stat.size < 200_000) paths.push(path);
    }
  };
  walk('', /\.[cm]?tsx?$/);
  walk('', /\.[cm]?jsx?$/);
  if (paths.length < count) throw new Error(`only ${paths.length} such files are installed, ${count} are wanted`);
  // `node_modules` in a path would be left out of the index: the files are the project here.
  const targets = paths.map((path) => join('src', path.replaceAll('node_modules/', 'nested/')));
  for (const [index, target] of targets.entries()) {
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    copyFileSync(join(nodeModules, paths[index]!), join(folder, target));
  }
  return targets;
}
