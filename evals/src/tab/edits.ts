/**
 * One replacement: `[start, end, text]` in UTF-16 code units of the raw text; all edits of one list are relative to the same text.
 * The harness keeps its own few lines for this instead of the engine's: a judge that shares code with the judged shares its errors.
 */
export type Edit = readonly [start: number, end: number, text: string];

/** Edits that do not fit the text they are meant for. */
export class EditError extends Error {
  override readonly name = 'EditError';
}

/** In document order; edits at one place keep their order. @throws EditError where one is out of bounds or overlaps another */
export function checkedEdits(edits: readonly Edit[], length: number): readonly Edit[] {
  const sorted = [...edits].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let last = 0;
  for (const [start, end] of sorted) {
    if (start < 0 || end < start || end > length)
      throw new EditError(`edit [${start}, ${end}] is outside a text of ${length} code units`);
    if (start < last) throw new EditError(`edit [${start}, ${end}] overlaps the edit before it, which ends at ${last}`);
    last = end;
  }
  return sorted;
}

/** The text after the edits. @throws EditError */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let last = 0;
  for (const [start, end, insert] of checkedEdits(edits, text.length)) {
    result += text.slice(last, start) + insert;
    last = end;
  }
  return result + text.slice(last);
}

/** Each edit without what its text has in common with what it replaces at both ends; edits that change nothing are left out. */
export function minimalEdits(text: string, edits: readonly Edit[]): readonly Edit[] {
  const minimal: Edit[] = [];
  for (const [start, end, insert] of checkedEdits(edits, text.length)) {
    const old = text.slice(start, end);
    if (old === insert) continue;
    const head = commonPrefix(old, insert);
    const tail = commonSuffix(old.slice(head), insert.slice(head));
    minimal.push([start + head, end - tail, insert.slice(head, insert.length - tail)]);
  }
  return minimal;
}

export function commonPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

export function commonSuffix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}

/** Zero-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of the line, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}
