/** What a bracket opens or closes, and by how much it deepens its kind. */
const BRACKETS: Readonly<Record<string, readonly [kind: number, step: number]>> = {
  '(': [0, 1],
  ')': [0, -1],
  '[': [1, 1],
  ']': [1, -1],
  '{': [2, 1],
  '}': [2, -1],
};

/**
 * How many more brackets of each kind some lines open than close, `()`, `[]`, `{}`. Strings and comments are not told from
 * code: what counts is that an edit leaves the sum as it was, and text in strings is mostly balanced as well.
 */
export function bracketBalance(lines: Iterable<string>): readonly [number, number, number] {
  const open: [number, number, number] = [0, 0, 0];
  for (const line of lines) {
    for (const character of line) {
      const bracket = BRACKETS[character];
      if (bracket) open[bracket[0] as 0 | 1 | 2] += bracket[1];
    }
  }
  return open;
}

export const isBalanced = (balance: readonly number[]): boolean => balance.every((sum) => sum === 0);
