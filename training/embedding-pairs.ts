import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fetchRelease, RegistryError, sourcesOf } from '../evals/src/tab/registry.ts';
import { Document } from '../packages/engine/src/workspace/document.ts';
import { languageOf } from '../packages/engine/src/workspace/languages.ts';
import { createTreeSitterSyntax } from '../packages/engine/src/workspace/tree-sitter.ts';
import { wasmReader } from '../packages/engine/src/workspace/tree-sitter-wasm.ts';
import { type Pair, pairsOf, stepsOf } from './embedding/doc-pairs.ts';
import { type PairPackage, readPackages } from './embedding/packages.ts';

const HELP = `Usage: node training/embedding-pairs.ts [--offline]

Fetches the packages of training/embedding-packages.txt by the registries' own clients (kept in $XDG_CACHE_HOME/tabstop-evals) and writes the
functions of each, with the first paragraph of their doc comments, and the steps inside of them that have a comment, to pairs/REGISTRY/NAME@VERSION.jsonl there. What is there already is kept.

  --offline   only packages that are in the cache
`;

/** Of one package, so that none outweighs the others; chosen by the hash of the code, the same on every day. */
const MOST = { documented: 4_000, undocumented: 1_500, steps: 3_000 };

const { values } = parseArgs({ options: { offline: { type: 'boolean' }, help: { type: 'boolean' } } });
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals');
const syntax = createTreeSitterSyntax({
  readWasm: wasmReader(import.meta.url),
  now: () => performance.now(),
  defer: (task) => void setImmediate(task),
  budget: 5_000,
  maxTrees: 1,
});

if (values.help) process.stdout.write(HELP);
else for (const source of readPackages()) await writePairs(source);

async function writePairs(source: PairPackage): Promise<void> {
  const name = `${source.name.replaceAll('/', '+')}@${source.version}`;
  const file = join(cache, 'pairs', source.ecosystem, `${name}.jsonl`);
  if (existsSync(file)) return;
  if (values.offline && !existsSync(join(cache, 'releases', source.ecosystem, name))) return;
  try {
    const release = fetchRelease({ ...source, folder: '', versions: [] }, source.version, cache, run);
    const lines = await linesOf(release);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, lines.map((line) => `${line}\n`).join(''));
    renameSync(`${file}.part`, file);
    process.stdout.write(`${source.split} ${source.ecosystem} ${name}: ${lines.length}\n`);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    process.stderr.write(`left out: ${error.message}\n`);
  }
}

async function linesOf(release: string): Promise<string[]> {
  const found: Record<keyof typeof MOST, { key: string; line: string }[]> = {
    documented: [],
    undocumented: [],
    steps: [],
  };
  const seen = new Set<string>();
  for (const [path, text] of sourcesOf(release)) {
    if (/(^|[/_.-])(tests?|testing|spec|__tests__|_vendor|third_party|examples?|migrations)([/_.-]|$)/i.test(path))
      continue;
    const languageId = languageOf(path);
    await syntax.warm(languageId);
    const tree = syntax.tree(Document.open({ path, languageId, version: 0, text }));
    if (!tree) continue;
    const add = (kind: keyof typeof MOST, pair: Pair) => {
      const key = hash('sha256', pair.code.replace(/\s+/g, ' '), 'hex').slice(0, 16);
      if (seen.has(key)) return;
      seen.add(key);
      found[kind].push({ key, line: JSON.stringify({ ...pair, path, language: languageId }) });
    };
    for (const pair of pairsOf(tree.rootNode, text)) add(pair.doc === '' ? 'undocumented' : 'documented', pair);
    for (const pair of stepsOf(tree.rootNode, text)) add('steps', pair);
    // Frees the trees.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Object.entries(found).flatMap(([kind, items]) =>
    items
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, MOST[kind as keyof typeof MOST])
      .map(({ line }) => line),
  );
}

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, [...args], {
    cwd,
    encoding: 'utf8',
    timeout: 180_000,
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Only files are taken out of the wheels: those for a newer Python than this machine's will do.
    env: { ...process.env, PIP_PYTHON_VERSION: '3.13' },
  });
}
