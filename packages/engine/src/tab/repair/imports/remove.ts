import type { TextEdit } from '../../../workspace/text-edit.ts';
import type { ImportedName, ImportStatement } from './model.ts';

/** The edit that takes names out of an import: the specifiers, or the whole statement with its line where nothing is left of it. */
export function removalOf(
  text: string,
  statement: ImportStatement,
  gone: readonly ImportedName[],
): readonly TextEdit[] {
  const left = statement.names.filter((name) => !gone.includes(name));
  if (left.length === 0) return [wholeLine(text, statement)];
  const { list } = statement;
  const inList = (name: ImportedName) => list !== undefined && name.start >= list[0] && name.end <= list[1];
  const edits: TextEdit[] = [];
  // `import a, { b }` without `b` is `import a`, and without `a` it is `import { b }`.
  const listed = statement.names.filter(inList);
  const listGone = listed.length > 0 && listed.every((name) => gone.includes(name));
  if (listGone) {
    const open = text.lastIndexOf('{', list![0]);
    const comma = text.lastIndexOf(',', open);
    edits.push([comma >= statement.start ? comma : open, list![1] + 1, '']);
  }
  for (const name of gone) {
    if (inList(name)) {
      if (!listGone) edits.push(specifierRange(text, name, list!));
      continue;
    }
    const comma = /^\s*,\s*/.exec(text.slice(name.end));
    edits.push([name.start, name.end + (comma?.[0].length ?? 0), '']);
  }
  return merged(edits.sort((a, b) => a[0] - b[0]));
}

function wholeLine(text: string, { start, end }: ImportStatement): TextEdit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  let lineEnd = newline < 0 ? text.length : newline + 1;
  if (
    text.slice(lineStart, start).trim() !== '' ||
    text
      .slice(end, lineEnd)
      .replace(/(?:\/\/|#).*/, '')
      .trim() !== ''
  )
    return [start, end, ''];
  // The blank line behind goes too where it would be the second one, or the first of the file.
  const aloneAbove = lineStart === 0 || /\n\r?\n$/.test(text.slice(0, lineStart));
  const blank = /^\r?\n/.exec(text.slice(lineEnd));
  if (aloneAbove && blank) lineEnd += blank[0].length;
  return [lineStart, lineEnd, ''];
}

function specifierRange(text: string, { start, end }: ImportedName, list: readonly [number, number]): TextEdit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const behind = /^[ \t]*,?[ \t]*\r?\n/.exec(text.slice(end, list[1]));
  if (lineStart > list[0] && text.slice(lineStart, start).trim() === '' && behind)
    return [lineStart, end + behind[0].length, ''];
  const comma = /^\s*,[ \t]*/.exec(text.slice(end, list[1]));
  if (comma && text.slice(end + comma[0].length, list[1]).trim() !== '') return [start, end + comma[0].length, ''];
  const before = /,\s*$/.exec(text.slice(list[0], start));
  return [before ? start - before[0].length : start, end, ''];
}

function merged(edits: readonly TextEdit[]): TextEdit[] {
  const result: TextEdit[] = [];
  for (const edit of edits) {
    const last = result.at(-1);
    if (last && edit[0] <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], edit[1]), ''];
    else result.push(edit);
  }
  return result;
}
