import { isProse } from '../rewrite/sub-edit.ts';
import type { TabContext } from '../source.ts';
import { commandLine, type Stop } from './command.ts';
import { editedLines, looksFinished, type Run } from './edits.ts';
import { execWords, type NodePackage, nodePackageOf } from './node-package.ts';
import { folderOf, nameOf, type Project, relativeTo } from './project.ts';
import { pythonProjectOf } from './python-project.ts';

const SCORE = 0.4;

/** By its name or folder; in Rust the tests of a module stand in its own file. */
export function isTestFile(path: string): boolean {
  const name = nameOf(path);
  return (
    /[._-](?:test|spec)\.[cm]?[jt]sx?$/.test(name) ||
    /^test_\w+\.py$|_test\.(?:py|go)$/.test(name) ||
    /[\\/]__tests__[\\/].*\.[cm]?[jt]sx?$/.test(path) ||
    /(?:^|[\\/])tests?[\\/].*\.(?:[cm]?[jt]sx?|rs)$/.test(path)
  );
}

/** A test was edited, and the edit looks finished: it is to be run, by the runner that the project shows. */
export async function runTest(context: TabContext, project: Project, run: Run): Promise<Stop | undefined> {
  if (!isTestFile(run.path) && !isRustUnitTest(run)) return undefined;
  if (onlyProse(run) || !looksFinished(context, run, 'code')) return undefined;
  const runner = await runnerOf(project, run);
  const text = runner && commandLine(runner.words, runner.names);
  if (!text) return undefined;
  return {
    kind: 'test',
    path: run.path,
    score: SCORE,
    command: { text, cwd: runner.folder, reason: `${nameOf(run.path)} was edited`, change: `${run.path} ${run.id}` },
  };
}

/** The edit lies behind `#[cfg(test)]`. */
function isRustUnitTest({ languageId, now, newest }: Run): boolean {
  if (languageId !== 'rust') return false;
  const at = now.indexOf('#[cfg(test)]');
  return at >= 0 && now.slice(0, at).split('\n').length < editedLines(newest)[0];
}

function onlyProse({ now, newest }: Run): boolean {
  const [first, last] = editedLines(newest);
  return now
    .split('\n')
    .slice(first - 1, last)
    .every((line) => line.trim() === '' || isProse(line));
}

interface Runner {
  readonly folder: string;
  readonly words: readonly string[];
  readonly names: readonly string[];
}

async function runnerOf(project: Project, run: Run): Promise<Runner | undefined> {
  switch (run.languageId) {
    case 'python':
      return pytest(project, run.path);
    case 'go':
      return goTest(project, run.path);
    case 'rust':
      return cargoTest(project, run.path);
    default: {
      if (!/^(?:type|java)script/.test(run.languageId)) return undefined;
      const own = await nodePackageOf(project, run.path);
      return own && nodeTest(own, run.path);
    }
  }
}

type NodeRunner = 'vitest' | 'jest' | 'mocha' | 'node' | 'bun';
const NODE_RUNNERS: readonly (readonly [NodeRunner, RegExp])[] = [
  ['vitest', /(?:^|[\s;&|/])vitest(?=\s|$)/],
  ['jest', /(?:^|[\s;&|/])jest(?=\s|$)/],
  ['mocha', /(?:^|[\s;&|/])mocha(?=\s|$)/],
  ['node', /(?:^|[\s;&|])node\s(?:[^;&|]*\s)?--test(?=\s|$)/],
  ['bun', /(?:^|[\s;&|])bun\s+test(?=\s|$)/],
];

function nodeTest({ folder, manifest, manager, above }: NodePackage, path: string): Runner | undefined {
  const scripts = [...manifest.scripts]
    .filter(([name]) => /^(?:test|unit)(?:$|[:.-])/.test(name))
    .map(([, text]) => text);
  const named = NODE_RUNNERS.filter(([, pattern]) => scripts.some((text) => pattern.test(text)));
  // Without a script: what is installed for it, here or at the root.
  const installed = NODE_RUNNERS.filter(([name]) =>
    [manifest, ...above].some(({ dependencies }) => name !== 'node' && name !== 'bun' && dependencies.has(name)),
  );
  const runners = named.length > 0 ? named : installed;
  const runner = runners.length === 1 ? runners[0]![0] : undefined;
  if (!runner) return undefined;
  const names = [relativeTo(folder, path)];
  if (runner === 'bun') return { folder, words: ['bun', 'test'], names };
  if (runner === 'node') {
    const flags = nodeFlags(scripts);
    return flags && { folder, words: ['node', ...flags, '--test'], names };
  }
  if (!manager) return undefined;
  return { folder, words: [...execWords(manager), runner, ...(runner === 'vitest' ? ['run'] : [])], names };
}

/** The options that `node --test` is run with, such as a loader; `undefined` where one of them is of a form not known here. */
function nodeFlags(scripts: readonly string[]): readonly string[] | undefined {
  const text = scripts
    .map((script) => /(?:^|[\s;&|])node\s([^;&|]*)/.exec(script)?.[1])
    .find((one) => one?.includes('--test'));
  const flags: string[] = [];
  const words = (text ?? '').trim().split(/\s+/);
  for (const [index, word] of words.entries()) {
    if (/^(?:--import|--require|-r|--loader|--experimental-loader)$/.test(word)) {
      const value = words[index + 1] ?? '';
      if (!/^[@\w./-]+$/.test(value)) return undefined;
      flags.push(word, value);
    } else if (/^--(?:experimental-[a-z-]+|no-warnings|enable-source-maps|import=[@\w./-]+)$/.test(word))
      flags.push(word);
  }
  return flags;
}

async function pytest(project: Project, path: string): Promise<Runner | undefined> {
  const own = await pythonProjectOf(project, path);
  const folders = project.foldersAbove(path);
  const configured = async () => {
    for (const folder of folders)
      for (const file of ['pytest.ini', 'conftest.py', 'tests/conftest.py'])
        if (await project.has(folder, file)) return folder;
    return undefined;
  };
  const shown = own && (own.dependencies.has('pytest') || /^\[tool\.pytest[\].]/m.test(own.text));
  const folder = shown ? own.folder : await configured();
  if (folder === undefined) return undefined;
  const words = { uv: ['uv', 'run', 'pytest'], poetry: ['poetry', 'run', 'pytest'], pip: ['python', '-m', 'pytest'] };
  return { folder, words: words[own?.tool ?? 'pip'], names: [relativeTo(folder, path)] };
}

async function goTest(project: Project, path: string): Promise<Runner | undefined> {
  for (const folder of project.foldersAbove(path)) {
    if ((await project.text(folder, 'go.mod')) === undefined) continue;
    const below = relativeTo(folder, folderOf(path));
    return { folder, words: ['go', 'test'], names: [below === '' ? '.' : `./${below}`] };
  }
  return undefined;
}

async function cargoTest(project: Project, path: string): Promise<Runner | undefined> {
  for (const folder of project.foldersAbove(path)) {
    if ((await project.text(folder, 'Cargo.toml')) === undefined) continue;
    const below = relativeTo(folder, path);
    const integration = /^tests\/(\w[\w-]*)\.rs$/.exec(below)?.[1];
    if (integration) return { folder, words: ['cargo', 'test', '--test'], names: [integration] };
    // `src/parse/lexer.rs` holds the tests `parse::lexer::…`.
    const module = /^src\/(.+?)(?:\/mod)?\.rs$/.exec(below)?.[1];
    if (!module) return undefined;
    const names = /^(?:lib|main)$/.test(module) ? [] : [`${module.replaceAll('/', '::')}::`];
    return { folder, words: ['cargo', 'test'], names };
  }
  return undefined;
}
