import type { TabContext } from '../source.ts';
import { commandLine, type Stop } from './command.ts';
import { looksFinished, type Run } from './edits.ts';
import { nodeManifestOf, nodePackageOf } from './node-package.ts';
import { folderOf, nameOf, type Project } from './project.ts';
import { pyprojectEntries, pythonProjectOf, requirementLines } from './python-project.ts';

const SCORE = 0.5;

/** The dependencies of a manifest were changed by hand: what is installed is to follow. */
export async function changedManifest(context: TabContext, project: Project, run: Run): Promise<Stop | undefined> {
  const entries = ENTRIES[nameOf(run.path)];
  if (!entries) return undefined;
  const [before, now] = [entries(run.before), entries(run.now)];
  if (!before || !now) return undefined;
  const changed = [...now].filter((entry) => !before.has(entry));
  const gone = [...before].filter((entry) => !now.has(entry));
  if (changed.length + gone.length === 0 || !looksFinished(context, run, 'list')) return undefined;
  const words = await wordsFor(project, run.path);
  const text = words && commandLine(words, []);
  if (!text) return undefined;
  const count = changed.length || gone.length;
  return {
    kind: 'sync',
    path: run.path,
    score: SCORE,
    command: {
      text,
      cwd: folderOf(run.path),
      reason: `${count} ${count === 1 ? 'dependency' : 'dependencies'} of ${nameOf(run.path)} ${changed.length ? 'changed' : 'went'}`,
      change: JSON.stringify([run.path, changed, gone]),
    },
  };
}

/** Dependencies with their versions, by the name of the manifest; `undefined` while it cannot be read. */
const ENTRIES: Readonly<Record<string, (text: string) => ReadonlySet<string> | undefined>> = {
  'package.json': (text) => {
    const manifest = nodeManifestOf(text);
    if (!manifest) return undefined;
    const entries = [...manifest.dependencies];
    return entries.every(([, version]) => version.trim() !== '')
      ? new Set(entries.map(([name, version]) => `${name} ${version}`))
      : undefined;
  },
  'pyproject.toml': (text) => new Set(pyprojectEntries(text)),
  'requirements.txt': (text) => new Set(requirementLines(text)),
  'go.mod': (text) =>
    new Set(
      [...text.matchAll(/^\s*(?:require\s+)?([\w.-]+\.[\w.-]+\/\S+)\s+(v\d\S*)/gm)].map((one) => `${one[1]} ${one[2]}`),
    ),
  'Cargo.toml': (text) => new Set(cargoEntries(text)),
};

function cargoEntries(text: string): string[] {
  let table = '';
  const entries: string[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(?:^|\s)#.*/, '').trim();
    const heading = /^\[\[?([^\]]+)\]\]?$/.exec(line);
    if (heading) table = heading[1]!.trim();
    else if (line !== '' && /(?:^|\.)(?:dev-|build-)?dependencies(?:\.["']?[\w-]+["']?)?$/.test(table))
      entries.push(`${table} ${line}`);
  }
  return entries;
}

async function wordsFor(project: Project, path: string): Promise<readonly string[] | undefined> {
  switch (nameOf(path)) {
    case 'package.json': {
      const own = await nodePackageOf(project, path);
      return own?.manager && [own.manager, 'install'];
    }
    case 'pyproject.toml':
    case 'requirements.txt': {
      const own = await pythonProjectOf(project, path);
      if (own?.folder !== folderOf(path) || own.manifest !== nameOf(path)) return undefined;
      return {
        uv: ['uv', 'sync'],
        poetry: ['poetry', 'install'],
        pip: ['python', '-m', 'pip', 'install', '-r', own.manifest],
      }[own.tool];
    }
    case 'go.mod':
      return ['go', 'mod', 'tidy'];
    default:
      return ['cargo', 'fetch'];
  }
}
