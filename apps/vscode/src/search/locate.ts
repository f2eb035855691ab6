/**
 * Pure: where the text of a result stands in the document as it is now, lines from 0, both included. The index knows the file on disk; the document may
 * hold changes that are not saved: then the place nearest to the old one that reads the same counts, first all of the text, then its first line.
 */
export function locate(
  lines: readonly string[],
  result: { readonly startLine: number; readonly endLine: number; readonly text: string },
): { readonly start: number; readonly end: number } {
  const wanted = result.text.split('\n').map((line) => line.trimEnd());
  const at = result.startLine - 1;
  const length = result.endLine - result.startLine;
  const whole = nearest(lines, at, (line) => wanted.every((text, offset) => lines[line + offset]?.trimEnd() === text));
  const first = wanted.findIndex((text) => text.trim() !== '');
  const start =
    whole ??
    nearest(lines, at, (line) => first >= 0 && lines[line + first]?.trimEnd() === wanted[first]) ??
    Math.min(at, lines.length - 1);
  return { start, end: Math.min(start + length, lines.length - 1) };
}

/** The fitting line nearest to `at`; of two at the same distance the one above. */
function nearest(lines: readonly string[], at: number, fits: (line: number) => boolean): number | undefined {
  for (let distance = 0; distance < lines.length + Math.abs(at); distance++)
    for (const line of distance === 0 ? [at] : [at - distance, at + distance])
      if (line >= 0 && line < lines.length && fits(line)) return line;
  return undefined;
}
