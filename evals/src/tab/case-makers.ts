import { pick } from '@tabstop/testkit';
import type { Document, DocumentEvent } from './documents.ts';
import { applyEdits, type Edit, lineEnd, lineStart } from './edits.ts';
import type { ChangedFile } from './histories.ts';
import { hunksOf, stepsOf } from './hunks.ts';

/** A case as it is written to a file: what `eval:tab --cases` reads. */
export interface MadeCase {
  readonly id: string;
  readonly kind: 'next-edit' | 'completion';
  readonly documents: readonly Document[];
  readonly events: readonly DocumentEvent[];
  readonly cursor: { readonly path: string; readonly offset: number };
  readonly root: string;
  readonly max: number;
  readonly accept: readonly (readonly DocumentEvent[])[];
}

interface Setting {
  readonly id: string;
  readonly root: string;
  readonly random: () => number;
}

/**
 * The state after hunks 1..k, for up to `most` values of k; every hunk that is left is an accepted outcome, in whichever order. The hunks are
 * made file by file, top to bottom.
 */
export function nextEditCases(
  change: readonly ChangedFile[],
  related: readonly Document[],
  most: number,
  setting: Setting,
): readonly MadeCase[] {
  const order = change.flatMap((file) => file.hunks.map((hunk) => ({ file, hunk })));
  const stops = new Set<number>();
  while (stops.size < Math.min(most, order.length - 1))
    stops.add(1 + Math.floor(setting.random() * (order.length - 1)));
  return [...stops]
    .sort((a, b) => a - b)
    .map((k) => {
      const events: DocumentEvent[] = [];
      const shifts = new Map<string, number>();
      for (const { file, hunk } of order.slice(0, k)) {
        const shift = shifts.get(file.path) ?? 0;
        for (const step of stepsOf(hunk, hunk.start + shift)) events.push({ path: file.path, edits: [step] });
        shifts.set(file.path, shift + hunk.text.length - hunk.old.length);
      }
      const last = events.at(-1)!;
      const accept = order.slice(k).map(({ file, hunk }): readonly DocumentEvent[] => {
        const shift = shifts.get(file.path) ?? 0;
        return [{ path: file.path, edits: [[hunk.start + shift, hunk.end + shift, hunk.text]] }];
      });
      return {
        id: `${setting.id}:${k}of${order.length}`,
        kind: 'next-edit',
        documents: [...change.map(({ path, before }) => ({ path, text: before })), ...related],
        events,
        cursor: { path: last.path, offset: last.edits[0]![0] + last.edits[0]![2].length },
        root: setting.root,
        max: 3,
        accept,
      };
    });
}

/**
 * A random column of a random added line: what stands above it is written, the line up to the column too, the rest is wanted.
 * `undefined` where no line was added that is worth the question.
 */
export function completionCase(
  path: string,
  before: string,
  after: string,
  related: readonly Document[],
  setting: Setting,
): MadeCase | undefined {
  const hunks = hunksOf(before, after).filter(({ text }) => askableLines(text).length > 0);
  if (hunks.length === 0) return undefined;
  const hunk = pick(setting.random, hunks);
  const from = pick(setting.random, askableLines(hunk.text));
  const line = hunk.text.slice(from, lineEnd(hunk.text, from)).replace(/\r$/, '');
  const indent = /^\s*/.exec(line)![0].length;
  const column = indent + Math.floor(setting.random() * (line.length - indent));
  // Hunks further up are made; this one as far as its line, in place of what it replaces.
  const above = applyEdits(
    before.slice(0, hunk.start),
    hunksOf(before, after)
      .filter(({ end, start }) => end <= hunk.start && start < hunk.start)
      .map(({ start, end, text }): Edit => [start, end, text]),
  );
  const written = above + hunk.text.slice(0, from);
  const text = written + before.slice(hunk.end);
  const cursor = written.length + column;
  const events: DocumentEvent[] = [{ path, edits: [[written.length, written.length, `${line.slice(0, indent)}\n`]] }];
  if (column > indent)
    events.push({ path, edits: [[written.length + indent, written.length + indent, line.slice(indent, column)]] });
  return {
    id: setting.id,
    kind: 'completion',
    documents: [{ path, text }, ...related],
    events,
    cursor: { path, offset: cursor },
    root: setting.root,
    max: 3,
    accept: [[{ path, edits: [[cursor, cursor, line.slice(column)]] }]],
  };
}

/** Starts of the lines with at least six characters besides spacing. */
function askableLines(text: string): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, lineEnd(text, at));
    if (line.replace(/\s/g, '').length >= 6 && line.length <= 200 && lineStart(text, at) === at) starts.push(at);
  }
  return starts;
}
