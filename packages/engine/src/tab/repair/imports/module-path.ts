import { posix } from 'node:path';

const ENDING = /(?:\.d)?\.[cm]?[jt]sx?$|\.pyi?$/;

/** A relative module path as the path of what it names, without ending where it has none; `undefined` where it is no relative one. */
export function resolvedModule(languageId: string, module: string, from: string): string | undefined {
  if (languageId === 'python') {
    const relative = /^(\.+)([\w.]*)$/.exec(module);
    if (!relative) return undefined;
    let folder = posix.dirname(from);
    for (let up = 1; up < relative[1]!.length; up++) folder = posix.dirname(folder);
    return posix.join(folder, relative[2]!.replaceAll('.', '/'));
  }
  if (languageId === 'ruby' || languageId === 'c' || languageId === 'cpp')
    return posix.normalize(posix.join(posix.dirname(from), module));
  return /^\.\.?(?:\/|$)/.test(module) ? posix.join(posix.dirname(from), module) : undefined;
}

/** How the file `from` names `resolved`. */
export function moduleFrom(languageId: string, resolved: string, from: string): string {
  const relative = posix.relative(posix.dirname(from), resolved);
  if (languageId === 'python') {
    const ups = /^(?:\.\.(?:\/|$))*/.exec(relative)![0];
    return '.'.repeat(1 + ups.split('..').length - 1) + relative.slice(ups.length).replaceAll('/', '.');
  }
  if (languageId === 'ruby' || languageId === 'c' || languageId === 'cpp') return relative;
  if (relative === '') return `./${posix.basename(resolved)}`;
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** The file's own path as a module path would name it. */
export function moduleOfFile(path: string): string {
  return path.replace(ENDING, '').replace(/\/(?:index|__init__)$/, '');
}

/** True where `resolved`, as another file names it, is the file at `path`. */
export function isSameModule(resolved: string, path: string): boolean {
  return moduleOfFile(resolved) === moduleOfFile(path) || resolved === path;
}
