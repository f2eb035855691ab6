import { diffLines, diffWordsWithSpace } from 'diff';
import type { Edit } from './edits.ts';

/** Neighbouring changed lines between two versions of a text: `old` at `start` became `text`. Offsets into the old text. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly old: string;
  readonly text: string;
}

export function hunksOf(before: string, after: string): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let open: { start: number; old: string; text: string } | undefined;
  const close = () => {
    if (open) hunks.push({ ...open, end: open.start + open.old.length });
    open = undefined;
  };
  for (const { value, added, removed } of diffLines(before, after)) {
    if (!added && !removed) close();
    else {
      open ??= { start: at, old: '', text: '' };
      if (added) open.text += value;
      else open.old += value;
    }
    if (!added) at += value.length;
  }
  close();
  return hunks;
}

/** Something a person changes in one go: a few lines, and more than their spacing. */
export function isSmall({ old, text }: Hunk, lines: number, characters: number): boolean {
  return (
    Math.max(lineCount(old), lineCount(text)) <= lines &&
    Math.max(old.length, text.length) <= characters &&
    old.replace(/\s+/g, '') !== text.replace(/\s+/g, '')
  );
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
}

/**
 * The steps in which a hunk is made, each relative to the text that the steps before it left, `at` being where the hunk now starts:
 * token by token where lines were changed, line by line where they were added.
 */
export function stepsOf({ old, text }: Hunk, at: number): readonly Edit[] {
  if (old === '') {
    const steps: Edit[] = [];
    let offset = at;
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      steps.push([offset, offset, line]);
      offset += line.length;
    }
    return steps;
  }
  const steps: Edit[] = [];
  let offset = at;
  let open: [number, number, string] | undefined;
  const close = () => {
    if (open) {
      steps.push(open);
      offset = open[0] + open[2].length;
    }
    open = undefined;
  };
  for (const { value, added, removed } of diffWordsWithSpace(old, text)) {
    if (!added && !removed) {
      close();
      offset += value.length;
      continue;
    }
    open ??= [offset, offset, ''];
    if (added) open[2] += value;
    else open[1] += value.length;
  }
  close();
  return steps;
}
