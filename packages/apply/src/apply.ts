import { changeLines, type LineChange } from './document.ts';
import type { EditFormat, FileEdit, Hunk, HunkResult, ParsedEdit } from './edit.ts';
import { mergeLazy } from './lazy/merge.ts';
import { FAILURE_MESSAGES } from './messages.ts';
import { samePath } from './parse/path.ts';
import { parseEdit } from './parse/parser.ts';
import { doubtfulTwins, narrowByOtherHunks } from './place/evidence.ts';
import { indexLines, type LineIndex } from './place/line-index.ts';
import { failed, placeHunk } from './place/place.ts';
import { candidateFrom, type Placement } from './place/placement.ts';
import { type ApplyOptions, type ApplyResult, summary } from './result.ts';
import { mergeWhole } from './whole.ts';

/** Longest document that is worked on, in UTF-16 units: a text editor's file, not a dump. */
export const MAX_DOCUMENT = 64 * 1024 * 1024;

/**
 * Puts an edit into a document. Never throws: what cannot be placed is a failed hunk with its reason and the nearest places.
 * `edit` is the text of a model's answer with its format, or what `parseEdit` made of it.
 */
export function applyEdit(
  original: string,
  edit: string | ParsedEdit,
  options: ApplyOptions & { readonly format?: EditFormat } = {},
): ApplyResult {
  if (original.length > MAX_DOCUMENT) return nothing(original, 'too-large');
  const parsed = typeof edit === 'string' ? parseEdit(edit, options.format ?? 'auto') : edit;
  const files = filesFor(parsed, options.path);
  if (files.length === 0) return nothing(original, 'no-edit');
  const cutOff = parsed.problems.some((problem) => problem.message.includes('not closed'));
  return applyFiles(original, files, options, cutOff);
}

/** The parts of an edit that are about `path`; parts that name no file are about any. */
export function filesFor(parsed: ParsedEdit, path: string | undefined): readonly FileEdit[] {
  const useful = parsed.files.filter(
    (file) =>
      file.hunks.length > 0 || file.content !== undefined || file.action === 'delete' || file.moveTo !== undefined,
  );
  if (path === undefined) return useful;
  const named = useful.filter((file) => file.path !== undefined && samePath(file.path, path));
  if (named.length > 0) return useful.filter((file) => file.path === undefined || samePath(file.path, path));
  const unnamed = useful.filter((file) => file.path === undefined);
  if (unnamed.length > 0) return unnamed;
  // One file under another name is the one file that the caller asks about; of several, none is.
  return new Set(useful.map((file) => file.path)).size === 1 ? useful : [];
}

function applyFiles(original: string, files: readonly FileEdit[], options: ApplyOptions, cutOff: boolean): ApplyResult {
  let result: ApplyResult | undefined;
  const hunks = files.flatMap((file) => (file.action === 'update' ? file.hunks : []));
  if (hunks.length > 0) result = applyHunks(original, hunks, options);
  for (const file of files) {
    if (file.action === 'delete') {
      const lines = indexLines(original).document.lines.length;
      const hunk: HunkResult = { status: 'exact', range: { start: 0, end: lines }, confidence: 1 };
      return { ...summary('', [hunk], [{ from: 0, to: lines, insert: [], leans: 'both' }]), deleted: true };
    }
    if (file.content === undefined || file.action === 'update') continue;
    const text = result?.text ?? original;
    const next =
      file.action === 'lazy'
        ? mergeLazy(text, file.content, { ...options, cutOff })
        : mergeWhole(text, file.content, { ...options, cutOff });
    result = result ? { ...summary(next.text, [...result.hunks, ...next.hunks], next.changes) } : next;
  }
  result ??= summary(
    original,
    files.some((f) => f.moveTo) ? [{ status: 'exact', range: { start: 0, end: 0 }, confidence: 1 }] : [],
    [],
  );
  const moveTo = files.find((file) => file.moveTo !== undefined)?.moveTo;
  return moveTo === undefined ? result : { ...result, moveTo };
}

function applyHunks(original: string, hunks: readonly Hunk[], options: ApplyOptions): ApplyResult {
  const index = indexLines(original);
  const placements = hunks.map((hunk) => placeHunk(index, hunk));
  for (const [i, placement] of placements.entries()) {
    if (placement.placed || placement.reason !== 'ambiguous') continue;
    const narrow = narrowByOtherHunks(hunks, placements, i, options.lineNumbers ?? 'confirmed');
    const again = placeHunk(index, hunks[i]!, { narrow });
    if (again.placed) placements[i] = again;
  }
  for (const { at, range } of doubtfulTwins(hunks, placements))
    placements[at] = failed('ambiguous', [candidateFrom(index, range, 1)]);
  rejectOverlaps(placements);
  const { changes, finalBreak } = collect(placements);
  let text = changeLines(index.document, changes, finalBreak);
  if (placements.some((p) => !p.placed)) text = retryInOrder(text, index, hunks, placements, changes);
  return summary(
    text,
    placements.map((placement) => reportOf(placement, index.document.lines.length)),
    changes,
  );
}

/** A later hunk that changes lines an earlier one changes is not placed; insertions at one point are, if their order is clear. */
function rejectOverlaps(placements: Placement[]): void {
  const taken: LineChange[] = [];
  for (const [i, placement] of placements.entries()) {
    if (!placement.placed) continue;
    const clash = placement.changes.some((change) => taken.some((other) => overlaps(change, other)));
    if (clash) placements[i] = failed('overlap', []);
    else taken.push(...placement.changes);
  }
}

function overlaps(a: LineChange, b: LineChange): boolean {
  if (a.from < b.to && b.from < a.to) return true;
  const point = a.from === a.to ? a.from : b.from === b.to ? b.from : undefined;
  if (point === undefined) return false;
  if (a.from === a.to && b.from === b.to)
    return a.from === b.from && (a.leans === b.leans || a.leans === 'both' || b.leans === 'both');
  const [empty, full] = a.from === a.to ? [a, b] : [b, a];
  return empty.from > full.from && empty.from < full.to;
}

function collect(placements: readonly Placement[]): { changes: LineChange[]; finalBreak?: boolean } {
  const changes = placements.flatMap((placement) => (placement.placed ? placement.changes : []));
  const side = { before: 0, both: 1, after: 2 };
  changes.sort((a, b) => a.from - b.from || a.to - b.to || side[a.leans] - side[b.leans]);
  const finalBreak = placements.findLast((p) => p.placed && p.finalBreak !== undefined);
  return finalBreak?.placed && finalBreak.finalBreak !== undefined
    ? { changes, finalBreak: finalBreak.finalBreak }
    : { changes };
}

const MAX_RETRIES = 24;

/**
 * Blocks are written one after the other, so a later one may be about text that an earlier one brought in. What failed in
 * the original is looked for once more in the new text, strictly, and only where it includes lines that were new.
 */
function retryInOrder(
  text: string,
  index: LineIndex,
  hunks: readonly Hunk[],
  placements: Placement[],
  changes: readonly LineChange[],
): string {
  const known = new Set(changes.flatMap((change) => change.insert.map((line) => line.trim())));
  let current = text;
  let tries = 0;
  for (const [i, placement] of placements.entries()) {
    if (placement.placed || !['missing', 'overlap', 'changed'].includes(placement.reason)) continue;
    const hunk = hunks[i]!;
    const touchesNew = hunk.rows.some(
      (row) => row.op !== 'add' && row.text.trim() !== '' && known.has(row.text.trim()),
    );
    if (!touchesNew || ++tries > MAX_RETRIES) continue;
    const now = indexLines(current);
    const again = placeHunk(now, hunk, { strict: true });
    if (!again.placed) continue;
    current = changeLines(now.document, again.changes, again.finalBreak);
    for (const change of again.changes) for (const line of change.insert) known.add(line.trim());
    const end = index.document.lines.length;
    const range = { start: Math.min(again.match.range.start, end), end: Math.min(again.match.range.end, end) };
    placements[i] = {
      ...again,
      match: { ...again.match, range, rank: Math.max(1, again.match.rank), confidence: 0.9 },
    };
  }
  return current;
}

function reportOf(placement: Placement, lineCount: number): HunkResult {
  if (placement.placed) {
    const { match } = placement;
    return { status: match.rank === 0 ? 'exact' : 'fuzzy', range: match.range, confidence: match.confidence };
  }
  const { reason, candidates } = placement;
  const range = candidates[0]?.range ?? { start: 0, end: Math.min(0, lineCount) };
  return {
    status: 'failed',
    reason,
    message: FAILURE_MESSAGES[reason],
    range,
    ...(candidates.length > 0 ? { candidates } : {}),
    confidence: 0,
  };
}

function nothing(original: string, reason: 'no-edit' | 'too-large'): ApplyResult {
  const hunk: HunkResult = {
    status: 'failed',
    reason,
    message: FAILURE_MESSAGES[reason],
    range: { start: 0, end: 0 },
    confidence: 0,
  };
  return { ...summary(original, [hunk], []), needsModel: false };
}
