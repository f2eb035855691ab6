import type { HistoryEdit } from '../../workspace/history.ts';
import { type Change, joinOnLine, type SubEdit, subEditsOf } from './sub-edit.ts';
import { generalises, sameRewrite, subwordChange } from './template.ts';

/** Edits are values and never change; joined ones are made anew, and few. */
const placesOf = new WeakMap<Change, readonly SubEdit[]>();

/**
 * In how many edits of the history the change `from` was made, itself included: the same tokens, the same form with other names, or the same word inside other names.
 * An edit of several places counts once, as it was one stop.
 */
export function timesMade(edits: readonly HistoryEdit[], from: SubEdit): number {
  const done = edits.filter(({ origin }) => origin !== 'undo' && origin !== 'redo');
  const changes = joinOnLine(done);
  return Math.max(1, changes.filter((change) => places(change).some((place) => alike(place, from))).length);
}

function places(change: Change): readonly SubEdit[] {
  const known = placesOf.get(change);
  if (known) return known;
  const found = subEditsOf(change);
  placesOf.set(change, found);
  return found;
}

function alike(a: SubEdit, b: SubEdit): boolean {
  if (sameRewrite(a, b) || generalises(a, b)) return true;
  const [one, other] = [subwordChange(a), subwordChange(b)];
  return one !== undefined && other !== undefined && spelled(one) === spelled(other);
}

function spelled({ from, to }: { readonly from: readonly string[]; readonly to: readonly string[] }): string {
  return `${from.join(' ')}\0${to.join(' ')}`.toLowerCase();
}
