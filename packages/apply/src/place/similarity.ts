/** Identifiers, numbers and single other characters of a line. */
export function tokensOf(line: string): string[] {
  return line.match(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu) ?? [];
}

/** Dice coefficient over tokens, words counted double: 0 to 1. */
export function lineSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length > 4 * b.length + 8 || b.length > 4 * a.length + 8) return 0;
  return tokenSimilarity(tokensOf(a.slice(0, 400)), tokensOf(b.slice(0, 400)));
}

export function tokenSimilarity(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  let total = 0;
  for (const token of a) {
    counts.set(token, (counts.get(token) ?? 0) + 1);
    total += tokenWeight(token);
  }
  let shared = 0;
  for (const token of b) {
    total += tokenWeight(token);
    const left = counts.get(token) ?? 0;
    if (left > 0) {
      counts.set(token, left - 1);
      shared += 2 * tokenWeight(token);
    }
  }
  return total === 0 ? 0 : shared / total;
}

const tokenWeight = (token: string) => (/^[\p{L}\p{N}_$]/u.test(token) ? 2 : 1);

/** Whether two lines, as tokens, are the same but for names of which one is the other with something behind it. */
export function isRenaming(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  let renamed = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) continue;
    if (!isRenamed(a[i]!, b[i]!)) return false;
    renamed = true;
  }
  return renamed;
}

/** Whether one name is the other with something behind it: what renaming mostly does, and most other names are not. */
const isRenamed = (a: string, b: string) => Math.min(a.length, b.length) > 2 && (a.startsWith(b) || b.startsWith(a));
