import type { HistoryEdit } from '../../workspace/history.ts';
import { type Change, joinInHunks, joinOnLine, type SubEdit, subEditsOf, wholeSubEdit } from './sub-edit.ts';
import { sameRewrite } from './template.ts';

/** Changes looked back at for evidence (a line edited in several steps is one), and the steps they may have. */
const LOOK_BACK = 12;
const STEPS_BACK = 40;

/** Which of the user's hunks a place is part of: what was changed on neighbouring lines, one after the other. */
export interface HunkPart {
  readonly id: number;
  /** Different places of the hunk. */
  readonly parts: number;
  /** The place is all of a hunk of several lines. */
  readonly whole: boolean;
}

export interface RecentPlace {
  readonly edit: SubEdit;
  readonly hunk: HunkPart;
}

/** By the newest history edit: the history is a value, so they never change. */
const known = new WeakMap<HistoryEdit, readonly RecentPlace[]>();

/**
 * Places of the newest edits, newest first; before the places of a hunk of several lines stands the hunk as a whole. Empty right after undo and redo.
 */
export function recentPlaces(history: readonly HistoryEdit[]): readonly RecentPlace[] {
  const edits = history.slice(-STEPS_BACK);
  const latest = edits.at(-1);
  if (!latest || latest.origin === 'undo' || latest.origin === 'redo') return [];
  const cached = known.get(latest);
  if (cached) return cached;
  const changes = joinOnLine(edits.filter((edit) => edit.origin !== 'undo' && edit.origin !== 'redo')).slice(
    -LOOK_BACK,
  );
  const places: RecentPlace[] = joinInHunks(changes).reverse().flatMap(placesOfHunk);
  // A line that was edited in several steps: all of them as one first, then the last step alone.
  const alone = subEditsOf(latest)
    .filter((place) => !places.some(({ edit }) => sameRewrite(place, edit)))
    .map((edit): RecentPlace => ({ edit, hunk: { id: latest.id, parts: 1, whole: false } }));
  const first = places.findIndex(({ hunk }) => !hunk.whole) + 1;
  const all = [...places.slice(0, first), ...alone, ...places.slice(first)];
  known.set(latest, all);
  return all;
}

function placesOfHunk(changes: readonly Change[]): readonly RecentPlace[] {
  const edits = changes.flatMap((change) => subEditsOf(change)).reverse();
  const id = changes.at(-1)!.id;
  const parts = edits.filter((edit, index) => !edits.slice(0, index).some((other) => sameRewrite(edit, other))).length;
  const all = edits.length > 0 ? wholeSubEdit(changes) : undefined;
  const whole = all && (edits.length > 1 || all.oldText.includes('\n') || all.newText.includes('\n')) ? all : undefined;
  return [
    ...(whole ? [{ edit: whole, hunk: { id, parts, whole: true } }] : []),
    ...edits.map((edit) => ({ edit, hunk: { id, parts, whole: false } })),
  ];
}

/** The newest different rewrites, up to `most`. */
export function distinctRewrites(recent: readonly RecentPlace[], most: number): readonly RecentPlace[] {
  const distinct: RecentPlace[] = [];
  for (const place of recent) {
    if (distinct.length === most) break;
    if (!distinct.some((other) => sameRewrite(other.edit, place.edit))) distinct.push(place);
  }
  return distinct;
}
