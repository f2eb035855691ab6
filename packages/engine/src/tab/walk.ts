import type { Snapshot } from '../workspace/snapshot.ts';
import { applyEdits, InvalidEditError, normalizeEdits, type TextEdit } from '../workspace/text-edit.ts';
import type { WalkPlace } from './source.ts';
import type { Ranked, Suggestion } from './suggestion.ts';

/** One place of a change, with the lines it touches. */
export interface WalkItem {
  readonly ranked: Ranked;
  /** Of the whole file. */
  readonly text: string;
  /** From 0. */
  readonly line: number;
  /** The whole lines as they are and as they would be, without the line break at the end. */
  readonly before: string;
  readonly after: string;
}

/** All places of one change that are still open, in the order of the walk. */
export interface Walk {
  /** The suggestion asked about. */
  readonly id?: string;
  readonly items: readonly WalkItem[];
  readonly done: number;
}

export const emptyWalk: Walk = { items: [], done: 0 };

/**
 * The places that go with `asked` among what its source knows now: of the same change, fitting, not rejected and not skipped, however likely. A place that another one
 * of the walk overlaps is left out, so that all can be applied at once. `textOf` reads files that are not open.
 */
export async function walkOf(
  snapshot: Snapshot,
  asked: Suggestion,
  ranked: readonly Ranked[],
  textOf: (path: string) => Promise<string | undefined>,
): Promise<Walk> {
  const same = ranked
    .filter(({ suggestion }) => suggestion.source === asked.source && isSameWalk(suggestion, asked))
    .sort((a, b) => (a.suggestion.walk?.index ?? 0) - (b.suggestion.walk?.index ?? 0));
  const items: WalkItem[] = [];
  for (const ranked of same) {
    const { suggestion, hidden } = ranked;
    if (hidden === 'unfit' || hidden === 'passed') continue;
    if (items.some((item) => overlap(item.ranked.suggestion, suggestion))) continue;
    const text = snapshot.documents.get(suggestion.path)?.content ?? (await textOf(suggestion.path));
    const lines = text === undefined ? undefined : linesOf(text, suggestion.edits);
    if (text !== undefined && lines) items.push({ ranked, text, ...lines });
  }
  const total = Math.max(0, ...same.map(({ suggestion }) => suggestion.walk?.total ?? 0));
  return { id: asked.id, items, done: Math.max(0, total - same.length) };
}

/** Without a walk, a suggestion is a change of its own. */
function isSameWalk(one: Suggestion, asked: Suggestion): boolean {
  if (one.edits.length === 0) return false;
  if (one.walk && asked.walk) return one.walk.of === asked.walk.of;
  return one.path === asked.path && JSON.stringify(one.edits) === JSON.stringify(asked.edits);
}

function overlap(a: Suggestion, b: Suggestion): boolean {
  return a.path === b.path && a.edits[0]![0] <= b.edits.at(-1)![1] && b.edits[0]![0] <= a.edits.at(-1)![1];
}

/** The lines that the edits touch, before and after; `undefined` where the edits do not fit the text. */
export function linesOf(
  text: string,
  edits: readonly TextEdit[],
): Pick<WalkItem, 'line' | 'before' | 'after'> | undefined {
  try {
    const sorted = normalizeEdits(edits, text.length);
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (!first || !last) return undefined;
    const start = text.lastIndexOf('\n', first[0] - 1) + 1;
    const newline = text.indexOf('\n', last[1]);
    const before = text.slice(start, newline < 0 ? undefined : newline);
    const after = applyEdits(
      before,
      sorted.map(([from, to, inserted]) => [from - start, to - start, inserted]),
    );
    let line = 0;
    for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) line++;
    return { line, before: before.replace(/\r$/, ''), after: after.replace(/\r$/, '') };
  } catch (error) {
    if (error instanceof InvalidEditError) return undefined;
    throw error;
  }
}

/**
 * Places that were passed over count as gone by: a source numbers what is open behind what is done, wherever it lies, so the places it puts behind
 * one are moved before it when the user left them as they are.
 */
export function countPassed(ranked: readonly Ranked[]): readonly Ranked[] {
  const passed = ranked.filter(({ hidden, suggestion }) => hidden === 'passed' && suggestion.walk);
  if (passed.length === 0) return ranked;
  return ranked.map((entry) => {
    const { walk, source } = entry.suggestion;
    if (!walk || entry.hidden === 'passed') return entry;
    const behind = passed.filter(
      ({ suggestion }) =>
        suggestion.source === source && suggestion.walk!.of === walk.of && suggestion.walk!.index > walk.index,
    ).length;
    const moved: WalkPlace = { ...walk, index: Math.min(walk.total, walk.index + behind) };
    return behind === 0 ? entry : { ...entry, suggestion: { ...entry.suggestion, walk: moved } };
  });
}
