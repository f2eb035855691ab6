import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Syntax } from '@tabstop/apply';
import { pick, seededRandom } from '@tabstop/testkit';
import { createApplySyntax } from '../../../packages/engine/src/cli/apply-syntax.ts';
import { wasmReader } from '../../../packages/engine/src/workspace/tree-sitter-wasm.ts';
import { PACKAGES, type Split } from '../tab/packages.ts';
import { fetchRelease, RegistryError, sourcesOf } from '../tab/registry.ts';
import { type ApplyCase, CASE_FORMATS, makeCase } from './make-case.ts';
import { answerOf, exactBaseline, patchBaseline } from './outcome.ts';
import { type RealEdit, realEdit } from './real-edits.ts';
import { createReport } from './report.ts';

const HELP = `Usage: node evals/src/apply/run.ts [--split train|dev|test] [--cases N] [--seed N] [--json FILE] [--markdown FILE]
                                    [--dump DIR] [--only FORMAT] [--lines-only]

Generates edits in every format from consecutive published versions of packages, as models write and distort them, puts
them into the (also varied) documents, and counts right, reported and wrong ones, beside diff's applyPatch and a plain
exact replace. Releases come through the registries' own clients and stay in $XDG_CACHE_HOME/tabstop-evals.

  --lines-only   lazy snippets without syntax trees; else with those that the command brings
  --dump DIR     writes wrong cases, and up to 40 unique ones that failed, as JSON to look at
`;

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'dev' },
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    dump: { type: 'string' },
    only: { type: 'string' },
    'lines-only': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await run(values.split as Split, Number(values.cases), Number(values.seed));

async function run(split: Split, count: number, seed: number): Promise<void> {
  const edits = editsOf(split);
  const loaded = createApplySyntax(
    wasmReader(new URL('../../../packages/engine/src/cli/apply.ts', import.meta.url).href),
  );
  for (const path of new Set(edits.map((edit) => edit.path))) await loaded.load(path);
  const random = seededRandom(seed);
  const report = createReport();
  const dumped: object[] = [];
  let failures = 0;
  for (let made = 0, tries = 0; made < count && tries < count * 4; tries++) {
    const format = pick(random, CASE_FORMATS);
    const drawn = makeCase(random, pick(random, edits), format, `${split}-${seed}-${tries}`);
    const test = drawn && sound(drawn, loaded.syntax);
    if (!test || test.original === test.intended || (values.only !== undefined && values.only !== format)) continue;
    made++;
    const answer = answerOf(test, () => performance.now(), values['lines-only'] ? undefined : loaded.syntax);
    report.add(test, answer, {
      patch: format === 'unified' ? patchBaseline(test) : undefined,
      exact: format === 'search-replace' ? exactBaseline(test) : undefined,
    });
    if (answer.outcome === 'wrong' || (answer.outcome === 'failed' && test.unique && failures++ < 40))
      dumped.push(dumpOf(test, answer));
  }
  const summary = report.summary(`${split}, seed ${seed}, ${edits.length} changed files`);
  process.stdout.write(`${summary.table}\n`);
  if (values.dump) save(join(values.dump, `apply-${split}-${seed}.json`), JSON.stringify(dumped, null, 1));
  if (values.json) save(values.json, `${JSON.stringify(summary.figures, null, 2)}\n`);
  if (values.markdown) save(values.markdown, summary.markdown);
}

/**
 * A part of a real change may leave code that does not parse where the whole did. A merge is meant to refuse that, so that
 * being placed is not the one right answer; the case stays, and counts as wrong where something else is placed.
 */
function sound(test: ApplyCase, syntax: Syntax): ApplyCase {
  if (test.written !== 'lazy' || !test.unique) return test;
  const before = syntax.errors(test.original, test.path);
  const after = syntax.errors(test.intended, test.path);
  return before !== undefined && after !== undefined && after > before ? { ...test, unique: false } : test;
}

function dumpOf(test: ApplyCase, answer: object): object {
  const { partial: _, ...rest } = test;
  return { ...answer, ...rest };
}

function save(path: string, text: string): void {
  const full = resolve(process.env.INIT_CWD ?? '.', path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

/** Changed files of every pair of consecutive versions; a package that cannot be had is named and left out. */
function editsOf(split: Split): RealEdit[] {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals');
  const execute = (program: string, args: readonly string[], cwd: string) =>
    execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  const edits: RealEdit[] = [];
  for (const each of PACKAGES.filter((p) => p.split === split)) {
    try {
      const versions = each.versions.map((version) => sourcesOf(fetchRelease(each, version, cache, execute)));
      for (const [i, after] of versions.entries()) {
        const before = versions[i - 1];
        if (!before) continue;
        for (const [path, text] of after) {
          const old = before.get(path);
          const edit = old === undefined ? undefined : realEdit(path, old, text);
          if (edit) edits.push(edit);
        }
      }
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      process.stderr.write(`left out: ${error.message}\n`);
    }
  }
  return edits;
}
