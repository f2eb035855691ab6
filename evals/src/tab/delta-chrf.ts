import { commonPrefix, commonSuffix } from './edits.ts';

const ORDERS = 6;
const BETA = 2;

/**
 * How much of the wanted change a change made, in characters: 100 for exactly it, 0 for nothing of it (so silence is 0).
 * Defined as in Zed's evaluation of edit predictions: character n-grams (n = 1..6, white space left out) that the wanted text gained or
 * lost against the original are compared with those the actual text gained or lost; precision and recall are averaged over the orders
 * and joined by F-beta with beta = 2, as in chrF (Popovic 2015). The unchanged text cancels out, which plain chrF would drown in.
 */
export function deltaChrF(original: string, wanted: string, actual: string): number {
  if (actual === wanted) return 100;
  if (actual === original || wanted === original) return 0;
  const [a, b, c] = trimmed(original, wanted, actual);
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let order = 1; order <= ORDERS; order++) {
    const base = grams(a, order);
    const wantedDelta = delta(base, grams(b, order));
    const actualDelta = delta(base, grams(c, order));
    const wantedTotal = total(wantedDelta);
    const actualTotal = total(actualDelta);
    if (wantedTotal === 0 && actualTotal === 0) continue;
    const shared = overlap(wantedDelta, actualDelta);
    precision += actualTotal === 0 ? 0 : shared / actualTotal;
    recall += wantedTotal === 0 ? 0 : shared / wantedTotal;
    orders++;
  }
  // Only white space differs: nothing of it counts either way.
  if (orders === 0) return 100;
  precision /= orders;
  recall /= orders;
  if (precision + recall === 0) return 0;
  return (100 * (1 + BETA ** 2) * precision * recall) / (BETA ** 2 * precision + recall);
}

/** Without white space and without what all three share at the ends, but for the five characters an n-gram can reach into. */
function trimmed(...texts: [string, string, string]): [string, string, string] {
  const bare = texts.map((text) => text.replace(/\s+/g, '')) as [string, string, string];
  const [a, b, c] = bare;
  const head = Math.max(0, Math.min(commonPrefix(a, b), commonPrefix(a, c)) - ORDERS + 1);
  const rest = bare.map((text) => text.slice(head)) as [string, string, string];
  const tail = Math.max(0, Math.min(commonSuffix(rest[0], rest[1]), commonSuffix(rest[0], rest[2])) - ORDERS + 1);
  return rest.map((text) => text.slice(0, text.length - tail)) as [string, string, string];
}

function grams(text: string, order: number): Map<string, number> {
  const characters = [...text];
  const counts = new Map<string, number>();
  for (let at = 0; at + order <= characters.length; at++) {
    const gram = characters.slice(at, at + order).join('');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Gained (positive) and lost (negative) counts. */
function delta(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Map<string, number> {
  const difference = new Map(after);
  for (const [gram, count] of before) difference.set(gram, (difference.get(gram) ?? 0) - count);
  return difference;
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += Math.abs(count);
  return sum;
}

function overlap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [gram, count] of a) {
    const other = b.get(gram) ?? 0;
    if (count * other > 0) sum += Math.min(Math.abs(count), Math.abs(other));
  }
  return sum;
}
