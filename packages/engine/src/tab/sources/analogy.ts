import type { Document } from '../../workspace/document.ts';
import { lex, occurrencesOf } from '../../workspace/tokens.ts';
import { type Addition, additionsOf } from '../analogy/sibling.ts';
import { type Transfer, transfersIn } from '../analogy/transfer.ts';
import { givingWay } from '../give-way.ts';
import { joinOnLine } from '../rewrite/sub-edit.ts';
import type { Candidate, Source, TabContext } from '../source.ts';
import weights from './analogy-weights.json' with { type: 'json' };

/** Edits looked back at. */
const LOOK_BACK = 6;
const YIELDS = 8;
const FILES = 8;

/**
 * Something was added beside a sibling (a field, a parameter, an enum member, an import, a case): where the sibling is mentioned, the new one is mentioned
 * too, in every spelling of their names.
 */
export const analogy: Source = {
  name: 'analogy',
  async *propose(context, signal) {
    const additions = recentAdditions(context);
    if (additions.length === 0) return;
    const found: Found[] = [];
    for (const [age, addition] of additions.entries()) {
      collectIn(context.document.path, context.document.content, context, addition, age, found);
      for (const document of context.snapshot.documents.values())
        if (document !== context.document && !document.exclusion)
          collectIn(document.path, document.content, context, addition, age, found);
    }
    if (signal.aborted) return;
    if (found.length < YIELDS) await collectOnDisk(context, additions, found, signal);
    if (!signal.aborted) yield* ranked(context, found, additions);
  },
};

interface Found extends Transfer {
  readonly path: string;
  readonly addition: Addition;
  readonly age: number;
  readonly lines: number;
  readonly ahead: boolean;
  readonly sameFile: boolean;
}

function recentAdditions(context: TabContext): readonly Addition[] {
  const edits = context.snapshot.history.edits.slice(-LOOK_BACK);
  if (edits.at(-1)?.origin === 'undo' || edits.at(-1)?.origin === 'redo') return [];
  const done = edits.filter((edit) => edit.origin !== 'undo' && edit.origin !== 'redo');
  const additions = [...joinOnLine(done)]
    .reverse()
    .flatMap((change) => additionsOf(change, context.snapshot.documents.get(change.path)?.languageId ?? 'plaintext'));
  return additions.slice(0, 6);
}

/** Lines of the document as it is now that hold the addition or what was written since: nothing is to be added there. */
function ownLines(document: Document | undefined, addition: Addition, path: string): ReadonlySet<number> {
  if (!document || addition.path !== path) return new Set();
  const lines = new Set<number>();
  for (let number = addition.lines[0]; number <= addition.lines[1]; number++) lines.add(number);
  return lines;
}

function collectIn(
  path: string,
  text: string,
  context: TabContext,
  addition: Addition,
  age: number,
  found: Found[],
): void {
  const document = context.snapshot.documents.get(path);
  const sameFile = path === context.document.path;
  const cursorLine = context.document.text.lineAt(Math.min(context.cursor.offset, context.document.length)).number;
  for (const transfer of transfersIn(text, addition, ownLines(document, addition, path))) {
    const line = sameFile ? context.document.text.lineAt(transfer.edit[0]).number : 0;
    found.push({
      ...transfer,
      path,
      addition,
      age,
      sameFile,
      ahead: sameFile && transfer.edit[0] >= context.cursor.offset,
      lines: sameFile ? Math.abs(line - cursorLine) : 1_000,
    });
  }
}

async function collectOnDisk(
  context: TabContext,
  additions: readonly Addition[],
  found: Found[],
  signal: AbortSignal,
): Promise<void> {
  const [addition] = additions;
  const name = addition?.renames[0]?.[0];
  if (!addition || !name || name.length < 4) return;
  const giveWay = givingWay(context.now);
  for (const path of context.lexicon.filesWith(name, FILES)) {
    if (context.snapshot.documents.has(path)) continue;
    const text = await context.files.read(path);
    await giveWay();
    if (signal.aborted) return;
    if (text !== undefined) collectIn(path, text, context, addition, 0, found);
    if (found.length >= YIELDS) return;
  }
}

function* ranked(context: TabContext, found: readonly Found[], additions: readonly Addition[]): Iterable<Candidate> {
  const madeUp = madeUpIn(context);
  const byOutcome = new Map<string, { place: Found; score: number; features: Record<string, number> }>();
  for (const place of found) {
    const features = featuresOf(place, found.length, repeatsOf(place.addition, additions), madeUp(place));
    const key = JSON.stringify([place.path, place.edit]);
    const known = byOutcome.get(key);
    const score = scoreOf(features);
    if (!known || known.score < score) byOutcome.set(key, { place, score, features });
  }
  const places = [...byOutcome.values()].sort(
    (a, b) =>
      Math.round((b.score - a.score) * 10) ||
      Number(b.place.ahead) - Number(a.place.ahead) ||
      a.place.lines - b.place.lines,
  );
  for (const [index, { place, score, features }] of places.slice(0, YIELDS).entries())
    yield {
      path: place.path,
      edits: [place.edit],
      score,
      features,
      evidence: [
        `"${place.addition.added.slice(0, 60)}" was added beside "${place.addition.sibling.slice(0, 60)}", which is mentioned here too; ${places.length} such place${places.length === 1 ? '' : 's'}`,
      ],
      walk: { index: index + 1, total: places.length },
    };
}

/** At how many other places the same was added beside the same already. */
function repeatsOf({ path, lines, renames }: Addition, additions: readonly Addition[]): number {
  const places = new Set<string>();
  for (const other of additions)
    if (
      other.renames[0]![0].toLowerCase() === renames[0]![0].toLowerCase() &&
      other.renames[0]![1].toLowerCase() === renames[0]![1].toLowerCase() &&
      (other.path !== path || other.lines[0] > lines[1] || other.lines[1] < lines[0])
    )
      places.add(`${other.path}:${other.lines[0]}`);
  return places.size;
}

/** Tells of a place whether the copy has names that stand nowhere, other than those that the new one brings itself. */
function madeUpIn({ document, lexicon }: TabContext): (place: Found) => boolean {
  const stands = new Map<string, boolean>();
  const isKnown = (name: string) => {
    const known = stands.get(name) ?? (lexicon.count(name) > 0 || occurrencesOf(document.content, name).length > 0);
    stands.set(name, known);
    return known;
  };
  return ({ copy, addition }) => {
    const own = new Set(lex(`${addition.added} ${addition.sibling}`).map(({ text }) => text));
    return lex(copy).some(({ kind, text }) => kind === 'word' && !own.has(text) && !isKnown(text));
  };
}

function featuresOf(place: Found, total: number, repeats: number, madeUp: boolean): Record<string, number> {
  return {
    mirrored: place.mirrored,
    fromImport: place.addition.imported ? 1 : 0,
    toImport: place.imported ? 1 : 0,
    madeUp: madeUp ? 1 : 0,
    repeated: Math.min(2, repeats),
    alike: Math.min(place.alike, 3),
    share: place.share,
    renames: place.addition.renames.length,
    age: place.age,
    otherFile: place.sameFile ? 0 : 1,
    near: place.sameFile ? 1 / (1 + place.lines / 10) : 0,
    ahead: place.ahead ? 1 : 0,
    places: Math.log2(total),
  };
}

/** P(the user wants this), by weights that training/source-weights.ts learned on the training split. */
function scoreOf(features: Readonly<Record<string, number>>): number {
  let odds = weights.bias;
  for (const [name, weight] of Object.entries(weights.features)) odds += weight * (features[name] ?? 0);
  return 1 / (1 + Math.exp(-odds));
}
