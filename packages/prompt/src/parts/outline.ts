import type { Line } from './lines.ts';

/** Lines `from` to `to` (from 0, both included) that can be left out while the line before them still says what they are. */
export interface Fold {
  readonly from: number;
  readonly to: number;
}

/** Where a language's syntax is known, the bodies of its declarations and blocks; null where it is not. */
export type OutlinePort = (path: string, text: string) => readonly Fold[] | null;

/** Folds by indentation alone: what is indented deeper than the line above it. Blank lines belong to what is around them. */
export function indentationFolds(lines: readonly Line[]): Fold[] {
  const folds: Fold[] = [];
  const open: { indent: number; line: number }[] = [];
  let lastVisible = -1;
  const close = (indent: number): void => {
    while (open.length > 0 && open.at(-1)!.indent >= indent) {
      const block = open.pop()!;
      if (lastVisible > block.line) folds.push({ from: block.line + 1, to: lastVisible });
    }
  };
  lines.forEach((line, index) => {
    const indent = indentOf(line.text);
    if (indent === null) return;
    close(indent);
    open.push({ indent, line: index });
    lastVisible = index;
  });
  close(0);
  return folds.sort((a, b) => a.from - b.from || b.to - a.to);
}

/** How many folds each line is in, not counting those that `focus` is in too: what is closest to its reader comes first. */
export function foldDepths(lineCount: number, folds: readonly Fold[], focus: number | null): Int32Array {
  const change = new Int32Array(lineCount + 1);
  for (const fold of folds) {
    if (fold.from > fold.to || fold.from < 0 || fold.to >= lineCount) continue;
    if (focus !== null && focus >= fold.from - 1 && focus <= fold.to) continue;
    change[fold.from]! += 1;
    change[fold.to + 1]! -= 1;
  }
  for (let line = 1; line < lineCount; line++) change[line]! += change[line - 1]!;
  return change.subarray(0, lineCount);
}

/** Columns of leading blanks, a tab as 4; null for a blank line. */
function indentOf(text: string): number | null {
  let indent = 0;
  for (const character of text) {
    if (character === ' ') indent += 1;
    else if (character === '\t') indent += 4;
    else return character === '\n' || character === '\r' ? null : indent;
  }
  return null;
}
