import type { Text } from '@codemirror/state';
import type { Document } from '../../workspace/document.ts';
import type { Location } from '../../workspace/language-facts.ts';
import { languageOf } from '../../workspace/languages.ts';
import type { TextEdit } from '../../workspace/text-edit.ts';
import { occurrencesOf, wordAt } from '../../workspace/tokens.ts';
import { alike, type Rename, recentRenames } from '../rename/detect.ts';
import { judge, type Verdict } from '../rename/judge.ts';
import {
  type Analyses,
  createAnalyses,
  diskDocument,
  documentOf,
  type Origin,
  originOf,
  placesIn,
  sameFamily,
  withFacts,
} from '../rename/places.ts';
import { replacementAt } from '../rename/write.ts';
import type { Candidate, Source, TabContext } from '../source.ts';

/** Files that are not open, looked at per rename. */
const FILES = 24;
/** Milliseconds of one answer for files beyond the cursor's; what is left waits for the next one. */
const ELSEWHERE_BUDGET = 8;
/** Milliseconds that a language server has for one answer. */
const FACTS_BUDGET = 30;
/** Suggestions of one answer. */
const YIELDS = 40;

/** One place of the walk. `start` and `end` are in the text before the rename; `now` in the text now, where it is not done or lost. */
interface Place {
  readonly path: string;
  readonly line: number;
  readonly state: 'done' | 'open' | 'lost';
  readonly edit: TextEdit;
  readonly certainty: number;
}

/** The places of one line: one suggestion. */
interface Group {
  readonly path: string;
  /** Empty where all its places are done. */
  readonly edits: readonly TextEdit[];
  /** Where its places start now. */
  readonly at: readonly number[];
  readonly certainty: number;
}

/**
 * An identifier that was changed at one place -> the rest of its references, one Tab after the other: after the cursor, around to the top of its file,
 * then through the other files. What belongs together is read from the texts before the rename began, where the program was whole, and carried
 * over the edits since; a place counts as done when it holds the new name, whoever wrote it there.
 */
export function createRename(): Source {
  const analyses = createAnalyses();
  const prefetched = new WeakMap<Text, Map<number, readonly Location[]>>();
  return {
    name: 'rename',
    async *propose(context, signal) {
      const { edits } = context.snapshot.history;
      const languageOf = (path: string) => languageIdOf(context, path);
      const renames = recentRenames(edits, languageOf);
      if (renames.length === 0) return prefetch(prefetched, context, signal);
      for (const newest of renames.slice(0, 3)) {
        const plan = await planOf(analyses, prefetched, context, signal, alike(edits, newest, languageOf));
        if (signal.aborted) return;
        if (!plan) continue;
        yield* suggestions(context, plan);
        if (plan.open.length > 0) return;
      }
    },
  };
}

export const rename: Source = createRename();

function languageIdOf(context: TabContext, path: string): string {
  return context.snapshot.documents.get(path)?.languageId ?? languageOf(path);
}

function originalOf(analyses: Analyses, context: TabContext, rename: Rename): Origin | undefined {
  const languageId = languageIdOf(context, rename.path);
  const document = documentOf(analyses, rename.path, languageId, rename.before);
  return originOf(analyses, context.syntax, document, rename.oldName, rename.offset);
}

/** A rename with all its places. */
interface Plan {
  readonly rename: Rename;
  readonly origin: Origin;
  readonly verdict: Verdict;
  /** In the order of the walk. */
  readonly open: readonly Group[];
  readonly done: number;
  readonly total: number;
}

/**
 * The plan of the oldest of several like changes whose places include the newest of them: then all are one rename, told from the text in which
 * nothing was broken yet. Else (two loops whose `i` becomes `index`) the newest is one of its own.
 */
async function planOf(
  analyses: Analyses,
  prefetched: WeakMap<Text, Map<number, readonly Location[]>>,
  context: TabContext,
  signal: AbortSignal,
  renames: readonly Rename[],
): Promise<Plan | undefined> {
  const newest = renames.at(-1)!;
  for (const rename of renames) {
    const bySyntax = originalOf(analyses, context, rename);
    if (!bySyntax) continue;
    const verdict = judge(context, rename, bySyntax);
    if (verdict.score < 0.02) continue;
    const locations = await locationsOf(prefetched, context, rename, signal);
    if (signal.aborted) return undefined;
    const origin = locations ? withFacts(bySyntax, locations) : bySyntax;
    const { groups, unseen } = await placesOf(analyses, context, signal, rename, origin, locations);
    if (rename !== newest && !groups.some((group) => group.path === newest.path && group.at.includes(newest.now)))
      continue;
    const done = groups.filter((group) => group.edits.length === 0).length;
    const open = inOrder(context, rename, groups);
    return { rename, origin, verdict, open, done, total: done + open.length + unseen };
  }
  return undefined;
}

async function placesOf(
  analyses: Analyses,
  context: TabContext,
  signal: AbortSignal,
  rename: Rename,
  origin: Origin,
  locations: readonly Location[] | undefined,
): Promise<{ groups: readonly Group[]; unseen: number }> {
  const { binding } = origin;
  const groups = groupsOf(
    binding.references.map((reference) => placeAt(context, rename, origin, reference, reference.certainty)),
  );
  let unseen = 0;
  if (origin.basis === 'text' || (binding.kind === 'local' && binding.parameterOf === undefined))
    return { groups, unseen };
  const elsewhere = origin.basis === 'facts' ? locations : undefined;
  const until = context.now() + ELSEWHERE_BUDGET;
  for await (const document of otherDocuments(analyses, context, rename, origin, elsewhere)) {
    if (signal.aborted) break;
    const told = elsewhere?.some(({ path }) => path === document.path);
    // Facts without an editor see neither files that are not open nor aliased module paths; where they say nothing, scopes are asked.
    const bySyntax = !elsewhere || (!told && context.facts.withTexts !== undefined);
    const places =
      context.now() < until || (elsewhere && !bySyntax)
        ? placesIn(analyses, context.syntax, origin, document, bySyntax ? undefined : elsewhere)
        : undefined;
    if (places)
      groups.push(
        ...groupsOf(
          places.map(({ reference, certainty }) =>
            placeIn(context, rename, origin, document, reference, elsewhere && bySyntax ? certainty * 0.6 : certainty),
          ),
        ),
      );
    else if (occurrencesOf(document.content, rename.oldName).length > 0) unseen++;
  }
  return { groups, unseen };
}

function* suggestions(context: TabContext, plan: Plan): Generator<Candidate> {
  const { rename, origin, verdict, open, done, total } = plan;
  for (const [position, group] of open.slice(0, YIELDS).entries())
    yield {
      path: group.path,
      edits: group.edits,
      score: scoreOf(verdict.score, group.certainty) * (1 - 0.004 * position),
      features: {
        ...verdict.features,
        certainty: group.certainty,
        facts: origin.basis === 'facts' ? 1 : 0,
        syntax: origin.basis === 'syntax' ? 1 : 0,
        elsewhere: group.path === context.document.path ? 0 : 1,
        done: Math.min(1, Math.max(0, done - 1) / 4),
        places: Math.min(1, total / 20),
      },
      evidence: [
        `${rename.oldName} became ${rename.newName} in ${rename.path}`,
        ...verdict.evidence,
        `${done} of ${total} places done; the rest by ${SPELLED[origin.basis]}`,
      ],
      walk: { index: done + position + 1, total },
    };
  if (open.length === 0) yield* mentionsOf(context, plan);
}

const SPELLED = { facts: 'the language server', syntax: 'scopes', text: 'whole words alone' };

function scoreOf(base: number, certainty: number): number {
  return base * (0.1 + 0.9 * certainty);
}

/** References as they were before the rename: asked of facts that can tell, else what they told while the cursor rested on the name. */
async function locationsOf(
  prefetched: WeakMap<Text, Map<number, readonly Location[]>>,
  context: TabContext,
  rename: Rename,
  signal: AbortSignal,
): Promise<readonly Location[] | undefined> {
  const known = prefetched.get(rename.before)?.get(rename.offset);
  if (known || !context.facts.withTexts) return known;
  const texts = new Map<string, string>();
  for (const edit of context.snapshot.history.edits)
    if (edit.id >= rename.firstId && !texts.has(edit.path))
      texts.set(edit.path, edit.before.sliceString(0, undefined, '\n'));
  const asked = context.facts.withTexts(texts).references(rename.path, rename.offset, signal);
  const kept = asked.then((found) => {
    // What comes too late for this answer is there for the next.
    if (found) remember(prefetched, rename.before, rename.offset, found);
    return found;
  });
  return inTime(kept, FACTS_BUDGET);
}

function remember(
  prefetched: WeakMap<Text, Map<number, readonly Location[]>>,
  text: Text,
  offset: number,
  locations: readonly Location[],
): void {
  const known = prefetched.get(text) ?? new Map<number, readonly Location[]>();
  prefetched.set(text, known.set(offset, locations));
}

function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return Promise.race([promise.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

/**
 * In the editor a language server answers for the text of now, in which a rename has already broken the references. So it is asked while the cursor
 * rests on a name that nobody has changed yet.
 */
function prefetch(
  prefetched: WeakMap<Text, Map<number, readonly Location[]>>,
  context: TabContext,
  signal: AbortSignal,
): void {
  const { document, cursor, facts } = context;
  if (facts.withTexts) return;
  const line = document.text.lineAt(Math.min(cursor.offset, document.length));
  const word = wordAt(line.text, cursor.offset - line.from);
  if (!word) return;
  const start = line.from + word.start;
  if (prefetched.get(document.text)?.has(start)) return;
  void facts.references(document.path, start, signal).then(
    (found) => found && remember(prefetched, document.text, start, found),
    () => undefined,
  );
}

/** Open documents and files that hold the old name, each as it was before the rename. */
async function* otherDocuments(
  analyses: Analyses,
  context: TabContext,
  rename: Rename,
  origin: Origin,
  locations: readonly Location[] | undefined,
): AsyncGenerator<Document> {
  const { history, documents } = context.snapshot;
  const { languageId } = origin.document;
  for (const document of documents.values()) {
    if (document.path === rename.path || document.exclusion || !sameFamily(document.languageId, languageId)) continue;
    const first = history.edits.find((edit) => edit.path === document.path && edit.id >= rename.firstId);
    yield first ? documentOf(analyses, document.path, document.languageId, first.before) : document;
  }
  const named =
    locations && !context.facts.withTexts
      ? [...new Set(locations.map(({ path }) => path))]
      : context.lexicon.filesWith(rename.oldName, FILES);
  for (const path of named) {
    if (documents.has(path) || path === rename.path || !sameFamily(languageOf(path), languageId)) continue;
    const document = await diskDocument(analyses, rename.before, path, (file) => context.files.read(file));
    if (document) yield document;
  }
}

function placeAt(
  context: TabContext,
  rename: Rename,
  origin: Origin,
  reference: Origin['binding']['references'][number],
  certainty: number,
): Place {
  const text = replacementAt(reference, origin.binding, rename.oldName, rename.newName, origin.document.languageId);
  const now = context.snapshot.documents.get(rename.path)?.text;
  return placeNow(
    rename,
    rename.path,
    origin.document.text,
    now,
    rename.changes.mapPos(reference.start, -1),
    reference,
    text,
    certainty,
  );
}

function placeIn(
  context: TabContext,
  rename: Rename,
  origin: Origin,
  document: Document,
  reference: Origin['binding']['references'][number],
  certainty: number,
): Place {
  const text =
    reference.form === 'import' || reference.form === 'export'
      ? rename.newName
      : replacementAt(reference, origin.binding, rename.oldName, rename.newName, document.languageId);
  let at = reference.start;
  for (const edit of context.snapshot.history.edits)
    if (edit.path === document.path && edit.id >= rename.firstId) at = edit.changes.mapPos(at, -1);
  const now = context.snapshot.documents.get(document.path)?.text ?? document.text;
  return placeNow(rename, document.path, document.text, now, at, reference, text, certainty);
}

function placeNow(
  rename: Rename,
  path: string,
  before: Text,
  now: Text | undefined,
  at: number,
  reference: { readonly start: number; readonly form: string },
  text: string,
  certainty: number,
): Place {
  const name = now ? nameAt(now, at) : '';
  const line = before.lineAt(reference.start).number;
  const state =
    name === rename.newName ? 'done' : name === rename.oldName || rename.between.includes(name) ? 'open' : 'lost';
  // `{ old: new }`, once written, still begins with the old name.
  const written = state === 'open' && text !== rename.newName && now?.sliceString(at, at + text.length) === text;
  return { path, line, state: written ? 'done' : state, edit: [at, at + name.length, text], certainty };
}

const NAME = /^[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}$]*/u;

/** The rest of the word from `at` on; empty where `at` is inside a word. */
function nameAt(text: Text, at: number): string {
  if (at > text.length) return '';
  const line = text.lineAt(at);
  return NAME.exec(line.text.slice(at - line.from))![0];
}

function groupsOf(places: readonly Place[]): Group[] {
  const byLine = new Map<number, Place[]>();
  for (const place of places) {
    if (place.state === 'lost') continue;
    const sure = place.certainty >= 0.5 ? 1 : -1;
    const key = place.line * sure;
    byLine.set(key, [...(byLine.get(key) ?? []), place]);
  }
  return [...byLine.values()].map((line) => {
    const edits = line.filter(({ state }) => state === 'open').map(({ edit }) => edit);
    return {
      path: line[0]!.path,
      edits: edits.sort((a, b) => a[0] - b[0]),
      at: line.map(({ edit }) => edit[0]),
      certainty: Math.min(...line.map(({ certainty }) => certainty)),
    };
  });
}

/** Sure before unsure; the cursor's file from the cursor on and around, then the file of the rename, then the others, each from its top. */
function inOrder(context: TabContext, rename: Rename, groups: readonly Group[]): Group[] {
  const { path, offset } = context.cursor;
  const rank = (group: Group) => (group.path === path ? 0 : group.path === rename.path ? 1 : 2);
  const wrapped = (group: Group) => (group.path === path && group.edits.at(-1)![1] < offset ? 1 : 0);
  const unsure = (group: Group) => (group.certainty < 0.5 ? 1 : 0);
  return groups
    .filter((group) => group.edits.length > 0)
    .sort(
      (a, b) =>
        unsure(a) - unsure(b) ||
        rank(a) - rank(b) ||
        wrapped(a) - wrapped(b) ||
        (a.path === b.path ? a.edits[0]![0] - b.edits[0]![0] : 0),
    );
}

/** When the code is done: the name in comments and strings of its file. */
function* mentionsOf(context: TabContext, { rename, origin, verdict }: Plan): Generator<Candidate> {
  if (rename.oldName.length < 4) return;
  const groups = groupsOf(origin.mentions.map((mention) => placeAt(context, rename, origin, mention, 0.5)));
  const open = inOrder(context, rename, groups);
  for (const [position, group] of open.entries())
    yield {
      path: group.path,
      edits: group.edits,
      score: verdict.score * 0.35,
      features: { ...verdict.features, mention: 1 },
      evidence: [`${rename.oldName} became ${rename.newName}; this comment or string still names it`],
      walk: { index: groups.length - open.length + position + 1, total: groups.length },
    };
}
