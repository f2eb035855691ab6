import { type ApplyOptions, type ApplyResult, applyEdit, type EditFormat } from '../src/index.ts';

/** A fixture as lines with the indentation of the first one taken off; one trailing break. */
export function text(source: string): string {
  const lines = source
    .replace(/^\n/, '')
    .replace(/\n[ \t]*$/, '')
    .split('\n');
  const depth = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length));
  return lines.map((line) => line.slice(depth)).join('\n') + '\n';
}

export function apply(
  original: string,
  edit: string,
  format: EditFormat = 'auto',
  options: ApplyOptions = {},
): ApplyResult {
  return applyEdit(original, edit, { format, ...options });
}

/** What a test asserts of a result in one look: the status or reason of each hunk. */
export const verdicts = (result: ApplyResult): string[] => result.hunks.map((hunk) => hunk.reason ?? hunk.status);
