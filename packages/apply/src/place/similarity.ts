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
