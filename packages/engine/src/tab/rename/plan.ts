import type { Text } from '@codemirror/state';
import type { Document } from '../../workspace/document.ts';
import type { Location } from '../../workspace/language-facts.ts';
import { languageOf } from '../../workspace/languages.ts';
import type { Reference } from '../../workspace/scopes.ts';
import type { TextEdit } from '../../workspace/text-edit.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';
import { givingWay } from '../give-way.ts';
import { nextTurn } from '../../workspace/next-turn.ts';
import type { Rename } from './detect.ts';
import { type KnownReferences, locationsOf } from './facts-before.ts';
import { judge, type Verdict } from './judge.ts';
import {
  type Analyses,
  diskDocument,
  documentOf,
  type Origin,
  originOf,
  placesIn,
  sameFamily,
  withFacts,
} from './places.ts';
import { replacementAt } from './write.ts';

/** Files that are not open, looked at per rename. */
const FILES = 24;
/** The same where all places are asked for, and the time it takes is no matter. */
const EVERY_FILE = 400;
/** Turns of the event loop that a file may take to be parsed. */
const PARSE_TURNS = 20;

/** One place of the walk. `start` and `end` are in the text before the rename; `now` in the text now, where it is not done or lost. */
interface Place {
  readonly path: string;
  readonly line: number;
  readonly state: 'done' | 'open' | 'lost';
  readonly edit: TextEdit;
  readonly certainty: number;
}

/** The places of one line: one suggestion. */
export interface Group {
  readonly path: string;
  /** Empty where all its places are done. */
  readonly edits: readonly TextEdit[];
  /** Where its places start now. */
  readonly at: readonly number[];
  readonly certainty: number;
}

/** A rename with all its places. */
export interface Plan {
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
export async function planOf(
  analyses: Analyses,
  references: KnownReferences,
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
    const locations = await locationsOf(references, context, rename, signal);
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
  // A language server that still loads the project answers for one file alone: then scopes tell what is elsewhere.
  const told = locations?.some(({ path }) => path !== rename.path) ?? false;
  const elsewhere = origin.basis === 'facts' && (told || context.facts.withTexts) ? locations : undefined;
  // Half of the places would be another walk. So it takes the time it takes, in slices, and what is late is offered when it is there.
  const giveWay = givingWay(context.now);
  for await (const document of otherDocuments(analyses, context, rename, origin, elsewhere)) {
    await giveWay();
    if (signal.aborted) break;
    if (!document.content.includes(rename.oldName)) continue;
    const toldHere = elsewhere?.some(({ path }) => path === document.path);
    // Facts without an editor see neither files that are not open nor aliased module paths; where they say nothing, scopes are asked.
    const bySyntax = !elsewhere || (!toldHere && context.facts.withTexts !== undefined);
    const look = () => placesIn(analyses, context.syntax, origin, document, bySyntax ? undefined : elsewhere);
    let places = look();
    for (let turn = 0; !places && turn < PARSE_TURNS && !signal.aborted; turn++) {
      await nextTurn();
      places = look();
    }
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

export function languageIdOf(context: TabContext, path: string): string {
  return context.snapshot.documents.get(path)?.languageId ?? languageOf(path);
}

/** The name's mentions in comments and strings of its file, that still hold the old name, in the order of the walk; and how many there were. */
export function mentionsOf(context: TabContext, { rename, origin }: Plan): { open: readonly Group[]; total: number } {
  const groups = groupsOf(origin.mentions.map((mention) => placeAt(context, rename, origin, mention, 0.5)));
  return { open: inOrder(context, rename, groups), total: groups.length };
}

function originalOf(analyses: Analyses, context: TabContext, rename: Rename): Origin | undefined {
  const languageId = languageIdOf(context, rename.path);
  const document = documentOf(analyses, rename.path, languageId, rename.before);
  return originOf(analyses, context.syntax, document, rename.oldName, rename.offset);
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
      : context.lexicon.filesWith(rename.oldName, context.everyPlace ? EVERY_FILE : FILES);
  for (const path of named) {
    if (documents.has(path) || path === rename.path || !sameFamily(languageOf(path), languageId)) continue;
    const document = await diskDocument(analyses, rename.before, path, (file) => context.files.read(file));
    if (document) yield document;
  }
}

function placeAt(context: TabContext, rename: Rename, origin: Origin, reference: Reference, certainty: number): Place {
  // Who changed the name in an import knows the new one; the other imports of it have it over there, too.
  const imported = reference.form === 'import' && origin.edited?.form === 'import';
  const text = imported
    ? rename.newName
    : replacementAt(reference, origin.binding, rename.oldName, rename.newName, origin.document.languageId);
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
  reference: Reference,
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
