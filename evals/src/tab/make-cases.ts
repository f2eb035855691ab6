import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pick, seededRandom } from '@tabstop/testkit';
import { completionCase, type MadeCase, nextEditCases } from './case-makers.ts';
import { CASE_LIMITS, changesBetween, SESSION_LIMITS } from './histories.ts';
import { PACKAGES, type Package, SPLITS, type Split } from './packages.ts';
import { fetchRelease, RegistryError, type Run, sourcesOf } from './registry.ts';
import { relatedTo } from './related.ts';
import type { Session } from './session.ts';
import { typingSession } from './session-maker.ts';

const HELP = `Usage: node evals/src/tab/make-cases.ts [--split train|dev|test] [--out DIR] [--only NAME] [--changes N] [--stops N]

Makes case sets from consecutive published versions of packages (evals/src/tab/packages.ts), fetched by the registries' own clients
and kept in $XDG_CACHE_HOME/tabstop-evals. Writes SPLIT/next-edit.jsonl, SPLIT/completion.jsonl and SPLIT/sessions.jsonl into DIR
(default: the cache's folder "cases"). Packages that cannot be fetched are named and left out.

  --split NAME   only this split; may be given several times
  --only NAME    only this package
  --out DIR      where the sets go
  --changes N    at most so many changes of a package become next-edit cases (default 14)
  --stops N      at so many states of each change (default 3)
`;

/** Of one package, so that none outweighs the others. */
const MOST = { changes: 14, stops: 3, completions: 42, sessions: 2 };

/** Shorter ones say little, longer ones outweigh the others. */
const SESSION_KEYS = { least: 60, most: 1200 };

const { values } = parseArgs({
  options: {
    split: { type: 'string', multiple: true, default: [...SPLITS] },
    only: { type: 'string' },
    changes: { type: 'string', default: String(MOST.changes) },
    stops: { type: 'string', default: String(MOST.stops) },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals');

if (values.help) process.stdout.write(HELP);
else for (const split of values.split) makeSplit(split as Split);

function makeSplit(split: Split): void {
  if (!SPLITS.includes(split)) throw new Error(`no split ${split}: there are ${SPLITS.join(', ')}`);
  const folder = join(
    values.out === undefined ? join(cache, 'cases') : resolve(process.env.INIT_CWD ?? '.', values.out),
    split,
  );
  const made = PACKAGES.filter(
    (each) => each.split === split && (values.only === undefined || each.name === values.only),
  ).map(casesOf);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, items: readonly object[]) => {
    writeFileSync(join(folder, name), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
    process.stdout.write(`${join(folder, name)}: ${items.length}\n`);
  };
  write(
    'next-edit.jsonl',
    made.flatMap(({ nextEdits }) => nextEdits),
  );
  write(
    'completion.jsonl',
    made.flatMap(({ completions }) => completions),
  );
  write(
    'sessions.jsonl',
    made.flatMap(({ sessions }) => sessions),
  );
}

function casesOf(source: Package): {
  nextEdits: readonly MadeCase[];
  completions: readonly MadeCase[];
  sessions: readonly Session[];
} {
  // One seed per package: adding a package, or leaving one out, changes no other's cases.
  const random = seededRandom(hashOf(source.name));
  const nextEdits: MadeCase[][] = [];
  const completions: MadeCase[] = [];
  const sessions: Session[] = [];
  for (const [index, version] of source.versions.slice(1).entries()) {
    try {
      const root = fetchRelease(source, source.versions[index]!, cache, run);
      const before = sourcesOf(root);
      const after = sourcesOf(fetchRelease(source, version, cache, run));
      const id = `${source.name}@${version}`;
      for (const [number, change] of changesBetween(before, after, CASE_LIMITS).entries())
        nextEdits.push([
          ...nextEditCases(
            change,
            relatedTo(
              change.map(({ path }) => path),
              before,
            ),
            Number(values.stops),
            { id: `${id}#${number + 1}`, root, random },
          ),
        ]);
      completions.push(
        ...completionsOf(
          before,
          after,
          { id, root, random },
          Math.ceil(MOST.completions / (source.versions.length - 1)),
        ),
      );
      for (const change of changesBetween(before, after, SESSION_LIMITS)) {
        if (sessions.length >= MOST.sessions) break;
        const session = typingSession(
          change,
          relatedTo(
            change.map(({ path }) => path),
            before,
          ),
          { id: `${id}#${sessions.length + 1}`, root, random },
        );
        const keys = session.events.filter(({ origin }) => origin === 'typed').length;
        if (keys >= SESSION_KEYS.least && keys <= SESSION_KEYS.most) sessions.push(session);
      }
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      process.stderr.write(`left out: ${error.message}\n`);
    }
  }
  while (nextEdits.length > Number(values.changes)) nextEdits.splice(Math.floor(random() * nextEdits.length), 1);
  process.stderr.write(
    `${source.name}: ${nextEdits.flat().length} next edits, ${completions.length} completions, ${sessions.length} sessions\n`,
  );
  return { nextEdits: nextEdits.flat(), completions, sessions };
}

function completionsOf(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  setting: { id: string; root: string; random: () => number },
  most: number,
): readonly MadeCase[] {
  const changed = [...before].filter(([path, text]) => after.has(path) && after.get(path) !== text);
  const made = new Map<string, MadeCase>();
  for (let attempt = 0; attempt < 2 * most && made.size < most && changed.length > 0; attempt++) {
    const [path, text] = pick(setting.random, changed);
    const one = completionCase(path, text, after.get(path)!, relatedTo([path], before), {
      ...setting,
      id: `${setting.id}~${attempt + 1}`,
    });
    if (one) made.set(`${path}:${one.cursor.offset}`, one);
  }
  return [...made.values()];
}

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, [...args], {
    cwd,
    encoding: 'utf8',
    timeout: 180_000,
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  } satisfies Parameters<typeof execFileSync>[2]) as string;
}
run satisfies Run;

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
