import { delimiter, join, sep } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What to change in an environment that `npm start` or `npx` prepared, so that terminals and tasks in the editor
 * see the user's own: npm's variables go (undefined), and so do the folders of this checkout on PATH. Pure.
 */
export function withoutNpm(environment: Environment, root: string): Record<string, string | undefined> {
  const changes: Record<string, string | undefined> = {};
  const fromNpm = environment.npm_lifecycle_event !== undefined || environment.npm_execpath !== undefined;
  for (const name of Object.keys(environment)) {
    if (/^npm_(package|lifecycle|config|node|execpath|command)/.test(name)) changes[name] = undefined;
  }
  if (fromNpm) {
    for (const name of ['INIT_CWD', 'NODE', 'COLOR', 'EDITOR']) {
      // npm sets EDITOR to a default of its own; a user's is one that npm would not have made up.
      if (name === 'EDITOR' && environment[name] !== 'vi') continue;
      if (environment[name] !== undefined) changes[name] = undefined;
    }
  }
  const path = environment.PATH;
  if (path !== undefined) {
    const kept = path.split(delimiter).filter((folder) => !isAdded(folder, root));
    if (kept.length !== path.split(delimiter).length) changes.PATH = kept.join(delimiter);
  }
  return changes;
}

function isAdded(folder: string, root: string): boolean {
  if (folder.endsWith(join('@npmcli', 'run-script', 'lib', 'node-gyp-bin'))) return true;
  if (!folder.endsWith(join('node_modules', '.bin'))) return false;
  // npm adds the bin folder of every folder above the checkout, too.
  const owner = folder.slice(0, -join('node_modules', '.bin').length);
  return `${root}${sep}`.startsWith(owner) || owner.startsWith(`${root}${sep}`);
}
