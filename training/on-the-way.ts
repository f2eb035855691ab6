import { applyEdits, type TextEdit } from '../packages/engine/src/workspace/text-edit.ts';

/** Tokens of a change that are compared; a longer one has no parts. */
const MOST = 1_500;

/**
 * Whether edits make a part of a change and nothing besides: token by token they lie on a shortest way from the text before it to the text after it.
 * @param change edits relative to `text`, like `edits`
 */
export function isPartOf(edits: readonly TextEdit[], change: readonly TextEdit[], text: string): boolean {
  const start = Math.min(...change.map((edit) => edit[0]));
  const end = Math.max(...change.map((edit) => edit[1]));
  if (edits.length === 0 || edits.some(([from, to]) => from < start || to > end)) return false;
  const inside = (some: readonly TextEdit[]) =>
    applyEdits(
      text.slice(start, end),
      some.map(([from, to, inserted]) => [from - start, to - start, inserted]),
    );
  return isOnTheWay(text.slice(start, end), inside(edits), inside(change));
}

export function isOnTheWay(before: string, between: string, after: string): boolean {
  const [one, middle, other] = [tokensOf(before), tokensOf(between), tokensOf(after)];
  if (between === before || Math.max(one.length, middle.length, other.length) > MOST) return false;
  return distance(one, other) === distance(one, middle) + distance(middle, other);
}

function tokensOf(text: string): readonly string[] {
  return text.match(/\w+|\s+|[^\w\s]/g) ?? [];
}

/** Tokens to take out and to put in: what is no longest common subsequence. */
function distance(a: readonly string[], b: readonly string[]): number {
  const lengths = new Uint16Array(b.length + 1);
  for (const token of a) {
    let diagonal = 0;
    for (let at = 0; at < b.length; at++) {
      const above = lengths[at + 1]!;
      lengths[at + 1] = token === b[at] ? diagonal + 1 : Math.max(above, lengths[at]!);
      diagonal = above;
    }
  }
  return a.length + b.length - 2 * lengths[b.length]!;
}
