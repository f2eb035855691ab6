import type { Project } from './project.ts';

export interface PythonProject {
  readonly folder: string;
  readonly tool: 'uv' | 'poetry' | 'pip';
  /** The file that lists what is needed. */
  readonly manifest: string;
  /** Names as distributions spell them: lower case, `-` for every run of `-_.`. */
  readonly dependencies: ReadonlySet<string>;
  /** All configuration that was read, for what else it tells. */
  readonly text: string;
}

/** The project that `path` belongs to, by the nearest `pyproject.toml` of uv or poetry, or `requirements.txt`. */
export async function pythonProjectOf(project: Project, path: string): Promise<PythonProject | undefined> {
  for (const folder of project.foldersAbove(path)) {
    const pyproject = await project.text(folder, 'pyproject.toml');
    const requirements = await project.text(folder, 'requirements.txt');
    const more = (await project.text(folder, 'requirements-dev.txt')) ?? '';
    const text = [pyproject, requirements, more].filter((part) => part !== undefined).join('\n');
    const dependencies = new Set([
      ...pyprojectNames(pyproject ?? ''),
      ...requirementNames(`${requirements ?? ''}\n${more}`),
    ]);
    if (pyproject !== undefined) {
      const uv = /^\[tool\.uv[\].]/m.test(pyproject) || (await project.has(folder, 'uv.lock'));
      const poetry = /^\[tool\.poetry[\].]/m.test(pyproject) || (await project.has(folder, 'poetry.lock'));
      const known = { folder, manifest: 'pyproject.toml', dependencies, text };
      if (uv !== poetry) return { ...known, tool: uv ? 'uv' : 'poetry' };
      if (uv && poetry) return undefined;
    }
    if (requirements !== undefined) return { folder, tool: 'pip', manifest: 'requirements.txt', dependencies, text };
  }
  return undefined;
}

export function distributionName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The lines of a `requirements.txt` that name a distribution, options and comments aside, with their versions. */
export function requirementLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*/, '').trim())
    .filter((line) => /^[A-Za-z0-9][\w.-]*\s*(?:\[[\w, .-]*\])?\s*(?:$|[<>=!~;@])/.test(line));
}

function requirementNames(text: string): string[] {
  return requirementLines(text).map((line) => distributionName(/^[\w.-]+/.exec(line)![0]));
}

/** Entries of the dependency tables and arrays of a `pyproject.toml`, with their versions; read by spelling. */
export function pyprojectEntries(text: string): readonly string[] {
  const entries: string[] = [];
  let table = '';
  let inArray = false;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(?:^|\s)#.*/, '').trim();
    const heading = /^\[\[?([^\]]+)\]\]?$/.exec(line);
    if (heading && !inArray) {
      table = heading[1]!.trim();
      continue;
    }
    const listed = /^(?:project\.optional-dependencies|dependency-groups)$/.test(table);
    const opens = /^([\w-]+)\s*=\s*\[/.exec(line);
    if (opens && (listed || ((table === 'project' || table === 'tool.uv') && /dependencies$/.test(opens[1]!))))
      inArray = true;
    if (inArray) {
      entries.push(...[...line.matchAll(/["']([A-Za-z0-9][^"']*)["']/g)].map((match) => match[1]!));
      if (/\]\s*,?$/.test(line.replace(/"[^"]*"|'[^']*'/g, ''))) inArray = false;
    } else if (/^tool\.poetry\.(?:group\.[\w-]+\.)?(?:dev-)?dependencies$/.test(table)) {
      const pair = /^["']?([A-Za-z0-9][\w.-]*)["']?\s*=\s*(.+)$/.exec(line);
      if (pair && pair[1] !== 'python') entries.push(`${pair[1]} ${pair[2]}`);
    }
  }
  return entries;
}

function pyprojectNames(text: string): string[] {
  return pyprojectEntries(text).map((entry) => distributionName(/^[\w.-]+/.exec(entry)![0]));
}
