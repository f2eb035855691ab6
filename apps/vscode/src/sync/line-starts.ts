/** Where each line of a text begins: turns positions in files that are not open into offsets, as `TextDocument.offsetAt` does for open ones. */
export interface LineStarts {
  /** Clamped to the line and to the text, as the editor does. Lines and characters count from 0; UTF-16 code units. */
  offsetAt(line: number, character: number): number;
}

/** Lines end at `\r\n`, `\n` and `\r`, as in the editor. A byte order mark is part of the text but of no position. */
export function lineStarts(text: string): LineStarts {
  const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  const ends: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit !== 0x0a && unit !== 0x0d) continue;
    ends.push(index);
    if (unit === 0x0d && text.charCodeAt(index + 1) === 0x0a) index++;
    starts.push(index + 1);
  }
  ends.push(text.length);
  return {
    offsetAt(line, character) {
      if (line < 0) return starts[0]!;
      if (line >= starts.length) return text.length;
      return Math.min(starts[line]! + Math.max(0, character), ends[line]!);
    },
  };
}
