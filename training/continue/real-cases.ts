import { createReadStream, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { completionCase, type MadeCase } from '../../evals/src/tab/case-makers.ts';
import { PACKAGES, type Split } from '../../evals/src/tab/packages.ts';
import { filesUnder, sourcesOf } from '../../evals/src/tab/registry.ts';
import { relatedTo } from '../../evals/src/tab/related.ts';
import { type Case, openDocuments, parseCase, replayEvent } from '../../packages/engine/src/cli/case.ts';
import { BaseBuilder } from '../../packages/engine/src/tab/lexicon/base.ts';
import { ProjectLexicon } from '../../packages/engine/src/tab/lexicon/project-lexicon.ts';
import type { TabContext } from '../../packages/engine/src/tab/source.ts';
import { noFiles } from '../../packages/engine/src/workspace/files.ts';
import { noLanguageFacts } from '../../packages/engine/src/workspace/language-facts.ts';
import type { Snapshot } from '../../packages/engine/src/workspace/snapshot.ts';
import { noSyntax } from '../../packages/engine/src/workspace/syntax.ts';
import { pick, seededRandom } from '../../packages/testkit/src/random.ts';

/** A completion as it was made in a published change, ready for the source to be asked. */
export interface RealCase {
  readonly id: string;
  readonly context: TabContext;
  readonly lexicon: ProjectLexicon;
  /** What the author went on to write, to the end of the line. */
  readonly rest: string;
}

export const evalsCache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals');

/** The completion cases of a split, as `eval:tab` reads them; every `step`-th. */
export async function* casesOfSplit(split: Split, step = 1): AsyncGenerator<RealCase> {
  const open = opener();
  let number = 0;
  const file = join(evalsCache, 'cases', split, 'completion.jsonl');
  for await (const line of createInterface({ input: createReadStream(file) }))
    if (line.trim() !== '' && number++ % step === 0) yield open(JSON.parse(line));
}

/**
 * Completion cases of a split at other columns than those of its file, made from the releases in the cache: up to `most` for each pair of versions. What is learned wants more
 * examples than what is measured.
 */
export function* freshCases(split: Split, most: number, seed: number): Generator<RealCase> {
  const open = opener();
  for (const source of PACKAGES.filter((each) => each.split === split)) {
    const random = seededRandom(seed + source.name.length * 7919 + source.name.charCodeAt(0));
    for (const [index, version] of source.versions.slice(1).entries()) {
      const release = (of: string) =>
        join(evalsCache, 'releases', source.ecosystem, `${source.name.replaceAll('/', '+')}@${of}`);
      const root = release(source.versions[index]!);
      const before = sourcesOf(root);
      const after = sourcesOf(release(version));
      const changed = [...before].filter(([path, text]) => after.has(path) && after.get(path) !== text);
      const seen = new Set<string>();
      for (let attempt = 0; attempt < 2 * most && seen.size < most && changed.length > 0; attempt++) {
        const [path, text] = pick(random, changed);
        const id = `${source.name}@${version}~${seed}.${attempt}`;
        const made = completionCase(path, text, after.get(path)!, relatedTo([path], before), { id, root, random });
        if (!made || seen.has(`${path}:${made.cursor.offset}`)) continue;
        seen.add(`${path}:${made.cursor.offset}`);
        yield open(made);
      }
    }
  }
}

/** Lexicons are kept from case to case while the root stays the same. */
function opener(): (raw: MadeCase) => RealCase {
  let kept: { root: string; lexicon: ProjectLexicon } | undefined;
  let opened: string[] = [];
  return (raw) => {
    const given: Case = parseCase(raw);
    const root = raw.root;
    if (kept?.root !== root) {
      kept = { root, lexicon: lexiconOf(root) };
      opened = [];
    }
    const { lexicon } = kept;
    let replay = openDocuments(root, given.documents);
    for (const path of opened) if (!replay.snapshot.documents.has(path)) lexicon.close(path);
    for (const event of given.events) replay = replayEvent(replay, root, event, () => undefined);
    for (const document of replay.snapshot.documents.values()) lexicon.update(document);
    opened = [...replay.snapshot.documents.keys()];
    return {
      id: raw.id,
      context: contextOf(replay.snapshot, join(root, given.cursor.path), given.cursor.offset, lexicon),
      lexicon,
      rest: raw.accept[0]![0]!.edits[0]![2],
    };
  };
}

export function contextOf(snapshot: Snapshot, path: string, offset: number, lexicon: ProjectLexicon): TabContext {
  const cursor = { path, offset, selecting: false };
  const at = snapshot.moveCursor(cursor);
  return {
    snapshot: at,
    cursor,
    document: at.documents.get(path)!,
    facts: noLanguageFacts,
    syntax: noSyntax,
    files: noFiles,
    lexicon,
    now: () => performance.now(),
  };
}

/** The token model of a folder. */
export function lexiconOf(root: string): ProjectLexicon {
  const builder = new BaseBuilder();
  for (const path of filesUnder(root)) {
    const text = readFileSync(join(root, path), 'utf8');
    builder.add({ path: join(root, path), modified: 0, size: text.length }, text);
  }
  return new ProjectLexicon(builder.freeze());
}
