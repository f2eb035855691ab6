import type { EditFormat } from '@tabstop/apply';
import { pick } from '@tabstop/testkit';
import { deviate } from './deviations.ts';
import { textOf, type Variant, varyDocument } from './document-variants.ts';
import { writeLazy } from './lazy-writer.ts';
import {
  applyChanges,
  type Block,
  blocksOf,
  type Change,
  occurrences,
  type RealEdit,
  sampleChanges,
} from './real-edits.ts';
import {
  type Written,
  type WrittenBlock,
  writeFindReplace,
  writePatch,
  writeSearchReplace,
  writeStringReplace,
  writeUnified,
  writeWhole,
} from './writers.ts';

export const CASE_FORMATS = [
  'search-replace',
  'patch',
  'unified',
  'find-replace',
  'str-replace',
  'lazy',
  'whole',
] as const;
export type CaseFormat = (typeof CASE_FORMATS)[number];

export interface ApplyCase {
  readonly id: string;
  readonly path: string;
  readonly original: string;
  readonly edit: string;
  readonly format: EditFormat;
  readonly written: CaseFormat;
  readonly intended: string;
  /** Every text that a correct partial answer may leave: the original with some of the changes. */
  readonly partial: readonly string[];
  /** Whether the edit says one place for each change: then it should be placed. */
  readonly unique: boolean;
  readonly document: string;
  readonly deviation: string;
  readonly notes: readonly string[];
}

/** One generated case; undefined where the sampled edit does not suit the format. */
export function makeCase(random: () => number, edit: RealEdit, format: CaseFormat, id: string): ApplyCase | undefined {
  const changes = sampleChanges(random, edit);
  if (format === 'lazy') return lazyCase(random, edit, changes, id);
  // What the model saw is the file of before; the document may have moved on.
  const variant = varyDocument(random, edit.before, changes);
  if (format === 'whole') {
    const plain =
      variant.name === 'crlf document' || variant.name === 'no final break'
        ? variant
        : { ...variant, before: edit.before, changes, name: 'plain' };
    return finish(
      random,
      edit,
      plain,
      writeWhole(random, edit.path, applyChanges(edit.before, changes)),
      format,
      id,
      true,
      'as is',
    );
  }
  const context = pick(random, [1, 2, 3, 3, 3, 5, 8]);
  const blocks = blocksOf(edit.before, changes, context);
  let unique = true;
  const names = new Set<string>();
  const written: WrittenBlock[] = blocks.map((block) => {
    const deviation = deviate(random, block.rows);
    names.add(deviation.name);
    const old = block.rows.filter((row) => row.op !== '+').map((row) => row.text);
    // White space aside the old lines stand once where the model saw them; a copy in the document makes it twice.
    // The one place has to be the one meant: a copy put in amid the region leaves the copy as the better place.
    const once =
      !isSplit(variant, block) &&
      occurrences(edit.before, old) === 1 &&
      (variant.name !== 'duplicated region' ||
        (occurrences(variant.before, old) === 1 && occurrences(placeMeant(variant, block), old) === 1));
    if (!once || !old.some((line) => /\w/.test(line))) unique = false;
    if (variant.name === 'renamed neighbour' && !recognisable(variant, block.rows)) unique = false;
    return { ...block, written: deviation.rows };
  });
  const writer = {
    'search-replace': writeSearchReplace,
    unified: writeUnified,
    'find-replace': writeFindReplace,
    'str-replace': writeStringReplace,
  };
  const answer =
    format === 'patch'
      ? writePatch(random, edit.path, written, edit.before)
      : writer[format](random, edit.path, written);
  if (written.some((block) => shadowed(variant, block, format))) return undefined;
  return finish(
    random,
    edit,
    variant,
    answer,
    format,
    id,
    unique,
    [...names].filter((n) => n !== 'as is').join(', ') || 'as is',
  );
}

/** A written-down block that stands letter by letter at another place, and not at the one meant, says that other place: it
 * is an edit of there, whatever its writer had in mind, and no case. So does one that stands whole where its changes are
 * meant for two places, because a copy came in between them. */
function shadowed(variant: Variant, block: WrittenBlock, format: CaseFormat): boolean {
  const old = block.written.filter((row) => row.op !== '+').map((row) => row.text);
  const meant = startMeant(variant, block);
  // Blank lines at the ends of a block are text, or the answer's layout.
  const from = old.findIndex((line) => line.trim() !== '');
  const to = old.findLastIndex((line) => line.trim() !== '') + 1;
  return (
    standsOnlyElsewhere(variant, block, old, meant, format) ||
    (from >= 0 && standsOnlyElsewhere(variant, block, old.slice(from, to), meant + from, format))
  );
}

function standsOnlyElsewhere(
  variant: Variant,
  block: WrittenBlock,
  old: readonly string[],
  meant: number,
  format: CaseFormat,
): boolean {
  const standsAt = (at: number) => old.every((line, k) => variant.before[at + k]?.trimEnd() === line.trimEnd());
  if (old.length === 0 || (standsAt(meant) && !isSplit(variant, block))) return false;
  // A string-replace call is text, whose first and last line may be parts of lines.
  if (format === 'str-replace' && variant.before.join('\n').includes(old.join('\n'))) return true;
  return variant.before.some((_, at) => standsAt(at));
}

/** Whether lines came in between the changes of a block: its parts are then meant for places that are apart. */
function isSplit(variant: Variant, block: Block): boolean {
  const shifts = block.changes.map((c) => variant.changes.find((other) => other.lines === c.lines)!.from - c.from);
  return shifts.some((shift) => shift !== shifts[0]);
}

/** Where the first line of a block is in the varied document, counted from its first change. */
function startMeant(variant: Variant, block: Block): number {
  const change = variant.changes.find((c) => c.lines === block.changes[0]!.lines)!;
  return change.from - (block.changes[0]!.from - block.from);
}

function placeMeant(variant: Variant, block: Block): readonly string[] {
  const start = startMeant(variant, block);
  return variant.before.slice(Math.max(0, start), start + block.to - block.from);
}

/** Half of what is shown around a change is left after the rename. */
function recognisable(variant: Variant, rows: WrittenBlock['rows']): boolean {
  const known = new Set(variant.before.map((line) => line.trim()));
  const telling = rows.filter((row) => row.op !== '+' && /\w/.test(row.text));
  const left = telling.filter((row) => known.has(row.text.trim()));
  return left.length === telling.length || (left.length >= 3 && left.length * 3 >= telling.length * 2);
}

function lazyCase(random: () => number, edit: RealEdit, changes: readonly Change[], id: string): ApplyCase | undefined {
  const crlf = random() < 0.1;
  const variant: Variant = {
    name: crlf ? 'crlf document' : 'plain',
    before: edit.before,
    changes,
    lineBreak: crlf ? '\r\n' : '\n',
    mark: false,
    finalBreak: true,
  };
  const answer = writeLazy(random, edit.path, edit.before, changes);
  if (!answer) return undefined;
  return finish(random, edit, variant, answer, 'lazy', id, answer.unique, 'as is');
}

function finish(
  random: () => number,
  edit: RealEdit,
  variant: Variant,
  answer: Written,
  format: CaseFormat,
  id: string,
  unique: boolean,
  deviation: string,
): ApplyCase {
  const crlf = random() < 0.08;
  const partial: string[] = [];
  const { changes } = variant;
  for (let mask = 0; mask < 1 << changes.length; mask++)
    partial.push(
      textOf(
        variant,
        changes.filter((_, i) => mask & (1 << i)),
      ),
    );
  return {
    id,
    path: edit.path,
    original: textOf(variant, []),
    edit: crlf ? answer.text.replaceAll('\n', '\r\n') : answer.text,
    format: random() < 0.5 ? 'auto' : format,
    written: format,
    intended: textOf(variant, changes),
    partial,
    unique,
    document: variant.name,
    deviation,
    notes: crlf ? [...answer.notes, 'crlf edit'] : answer.notes,
  };
}
