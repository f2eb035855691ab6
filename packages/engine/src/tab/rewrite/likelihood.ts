import { posix } from 'node:path';
import { isKeyword, languageOf } from '../../workspace/languages.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';
import weights from '../sources/propagate-weights.json' with { type: 'json' };
import type { Found } from './found.ts';
import type { SubEdit } from './sub-edit.ts';
import { oddsByTrees, type TreesFile } from './trees.ts';

/** What is known of one place, apart from its precedents. @param total places of its rewrite */
export function featuresOf(
  context: TabContext,
  place: Found,
  total: number,
  aheadHere: boolean,
  touched: ReadonlySet<string>,
): Record<string, number> {
  const { from, generality, evidence, age } = place.rewrite;
  const words = from.oldTokens.filter((token) => token.kind === 'word');
  const names = words.filter((token) => !isKeyword(context.document.languageId, token.text));
  const latest = context.snapshot.history.latest;
  return {
    evidence: Math.min(evidence - 1, 3),
    left: Math.min(place.left, 4),
    right: Math.min(place.right, 4),
    renamed: place.renamed,
    names: Math.min(names.length, 3),
    oldTokens: Math.min(from.oldTokens.length, 8),
    newTokens: Math.min(from.newTokens.length, 8),
    noWords: from.oldTokens.length > 0 && words.length === 0 ? 1 : 0,
    keywordsOnly: words.length > 0 && names.length === 0 ? 1 : 0,
    insertion: generality === 'insertion' ? 1 : 0,
    deletion: from.newTokens.length === 0 ? 1 : 0,
    subword: generality === 'subword' ? 1 : 0,
    otherFile: place.sameFile ? 0 : 1,
    near: place.sameFile ? 1 / (1 + place.lines / 10) : 0,
    ahead: place.ahead ? 1 : 0,
    // A change goes through a file to its end, then to files where nothing was done yet.
    nextFile: !place.sameFile && !touched.has(place.path) ? 1 : 0,
    nextFileDone: !place.sameFile && !touched.has(place.path) && !aheadHere ? 1 : 0,
    age,
    places: Math.log2(total),
    knowsNew: place.knowsNew ? 1 : 0,
    unbalances: place.unbalances ? 1 : 0,
    punctuation: from.newTokens.length > 0 && from.newTokens.every((token) => token.kind === 'operator') ? 1 : 0,
    leaves: place.leaves ? 1 : 0,
    leavesOthers: place.leavesOthers ? 1 : 0,
    mixed: place.mixed ? 1 : 0,
    asIs: place.asIs ? 1 : 0,
    several: place.parts > 1 ? 1 : 0,
    together: place.together,
    wholeHunk: place.rewrite.hunk.whole ? 1 : 0,
    // The hunk it is from holds other changes that it does not make.
    partOfHunk: place.parts === 1 && !place.rewrite.hunk.whole ? 1 - 1 / place.rewrite.hunk.parts : 0,
    learned: place.rewrite.template?.learned ? 1 : 0,
    ...surroundingsOf(context, place),
    typing: latest?.origin === 'typed' && latest.steps > 1 && context.cursor.path === latest.path ? 1 : 0,
  };
}

/** What a place leaves undone on its own lines and on those beside them, and how its file is akin to the origin's. */
function surroundingsOf(
  context: TabContext,
  { rewrite: { from }, path, sameFile, edits, outcome }: Found,
): Record<string, number> {
  const made = outcome.slice(outcome.indexOf('\0') + 1);
  const gone = goneWords(from);
  const document = context.snapshot.documents.get(path);
  return {
    closed: document ? 0 : 1,
    goneWords: Math.min(3, gone.length),
    // What is one hunk to a person would be done in one go.
    remains: holdsOne(made, gone) ? 1 : 0,
    beside: document && linesBeside(document.content, edits).some((line) => holdsOne(line, gone)) ? 1 : 0,
    otherFolder: !sameFile && posix.dirname(path) !== posix.dirname(from.path) ? 1 : 0,
    sameName: path !== from.path && posix.basename(path) === posix.basename(from.path) ? 1 : 0,
  };
}

/** The line above the first edit's and the one below the last's. */
function linesBeside(text: string, edits: Found['edits']): readonly string[] {
  const start = text.lastIndexOf('\n', edits[0]![0] - 1);
  const end = text.indexOf('\n', edits.at(-1)![1]);
  const next = end < 0 ? -1 : text.indexOf('\n', end + 1);
  return [
    start <= 0 ? '' : text.slice(text.lastIndexOf('\n', start - 1) + 1, start),
    end < 0 ? '' : text.slice(end + 1, next < 0 ? undefined : next),
  ];
}

/** Code units of lines that are looked at: a minified file is one line, and has many places. */
const LOOKED_AT = 2_000;

function holdsOne(text: string, words: readonly string[]): boolean {
  const looked = text.slice(0, LOOKED_AT);
  return words.some((word) => occurrencesOf(looked, word).length > 0);
}

/** More names than this say no more. */
const NAMES = 4;

const known = new WeakMap<SubEdit, readonly string[]>();

/** Names that an edit takes out and does not put in again. */
function goneWords(from: SubEdit): readonly string[] {
  const before = known.get(from);
  if (before) return before;
  const language = languageOf(from.path);
  const kept = new Set(from.newTokens.map(({ text }) => text));
  const names = from.oldTokens.filter(({ kind, text }) => kind === 'word' && !isKeyword(language, text));
  const gone = [...new Set(names.map(({ text }) => text))].filter((word) => !kept.has(word)).slice(0, NAMES);
  known.set(from, gone);
  return gone;
}

/** The file as its types say; what is read from JSON is known as arrays of anything only. */
const odds = oddsByTrees(weights as unknown as TreesFile);

/** P(the user accepts this), by what training/propagate-weights.ts learned on the training split. */
export function scoreOf(features: Readonly<Record<string, number>>): number {
  return 1 / (1 + Math.exp(-odds(features)));
}
