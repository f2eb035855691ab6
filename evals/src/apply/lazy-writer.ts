import { pick } from '@tabstop/testkit';
import { applyChanges, type Change, MOST_CHANGED, occurrences } from './real-edits.ts';
import type { Written } from './writers.ts';

const HASH = new Set(['py', 'rb', 'sh', 'yaml', 'yml', 'toml']);

/** Placeholders as models write them, in the comment syntax of the file. */
function placeholder(random: () => number, path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const words = pick(random, [
    '... existing code ...',
    '... existing code ...',
    '... existing code ...',
    '...',
    '... rest of the code ...',
    '... rest of file unchanged ...',
    'rest of the code remains the same',
    'existing code',
    '... (unchanged) ...',
    'unchanged',
    '... other methods ...',
  ]);
  if (HASH.has(extension)) return `# ${words}`;
  return pick(random, [`// ${words}`, `// ${words}`, `// ${words}`, `/* ${words} */`, '...']);
}

export interface LazyAnswer extends Written {
  /** Whether the lines shown around each change stand in the document once. */
  readonly unique: boolean;
  /** Fewest lines shown beside a change. */
  readonly context: number;
}

/**
 * The changed file as a model shortens it: `context` lines around each change, optionally the line that opens its block, and
 * placeholders for the rest, which may be missing at the ends of the snippet.
 */
export function writeLazy(
  random: () => number,
  path: string,
  before: readonly string[],
  changes: readonly Change[],
): LazyAnswer | undefined {
  const context = pick(random, [1, 2, 3, 3, 4, 6]);
  const style = placeholder(random, path);
  const mixed = random() < 0.2;
  const ends = pick(random, ['shown', 'shown', 'absent'] as const);
  const openers = random() < 0.4;
  if (ends === 'absent' && deletesEnd(before, changes)) return undefined;
  if (changesBlankEnds(before, changes)) return undefined;
  const notes = [`context ${context}`];
  if (ends === 'absent') notes.push('no placeholder at the ends');
  /** For each old line whether it is shown. */
  const shown = before.map(() => false);
  let unique = true;
  for (const change of changes) {
    const from = reach(before, change.from - 1, -1, context);
    const to = reach(before, change.to, 1, context);
    for (let i = from; i < change.from; i++) shown[i] = true;
    for (let i = change.to; i < to; i++) shown[i] = true;
    for (let i = change.from; i < change.to; i++) shown[i] = true;
    const head = before.slice(from, change.from);
    const tail = before.slice(change.to, to);
    const once = (lines: readonly string[]) => lines.length === 0 || occurrences(before, lines) === 1;
    if (!once(head) || !once(tail)) unique = false;
    if (openers) {
      const opener = openerLine(before, change.from);
      if (opener !== undefined) shown[opener] = true;
    }
  }
  const out: string[] = [];
  let hidden: number[] = [];
  let marked = false;
  const flush = (last: boolean) => {
    const first = out.length === 0;
    if (hidden.length > 0 && !((first || last) && ends === 'absent')) {
      if (hidden.length <= 2 && !first && !last) out.push(...hidden.map((i) => before[i]!));
      else {
        const near = before[hidden.findLast((i) => before[i]!.trim() !== '') ?? hidden[0]!]!;
        marked = true;
        out.push(/^\s*/.exec(near)![0] + (mixed ? placeholder(random, path) : style));
      }
    }
    hidden = [];
  };
  let next = 0;
  for (let i = 0; i <= before.length; i++) {
    while (next < changes.length && changes[next]!.from === i) {
      flush(false);
      out.push(...changes[next]!.lines);
      i = changes[next]!.to;
      next++;
    }
    if (i >= before.length) break;
    if (shown[i]) {
      flush(false);
      out.push(before[i]!);
    } else hidden.push(i);
  }
  flush(true);
  if (!endsAreSaid(before, changes, shown, ends === 'absent', marked)) unique = false;
  const fenced = random() < 0.7;
  const language = path.slice(path.lastIndexOf('.') + 1);
  const text = fenced ? ['Here is the updated code:', '', `\`\`\`${language}`, ...out, '```', ''] : [...out, ''];
  return { text: text.join('\n'), notes, unique, context };
}

/** Blank lines at the ends of an answer are its layout: that the file begins or ends with others than before is not said. */
function changesBlankEnds(before: readonly string[], changes: readonly Change[]): boolean {
  const after = applyChanges(before, changes);
  const blank = (lines: readonly string[]) => lines.findIndex((line) => line.trim() !== '');
  return blank(before) !== blank(after) || blank([...before].reverse()) !== blank(after.reverse());
}

/**
 * Without placeholders at its ends, what is outside a snippet stays. That the first or last lines of the file go cannot be
 * said that way: such an answer says another edit, and is no case. Nor where the file goes on behind the last change, and what
 * it goes on with stands in what goes there as well: a difference of two texts may as well keep that one, and the lines behind
 * it go to the end of the file. Of the edit that lets them be, a snippet that stops at the kept line is the same text.
 */
function deletesEnd(before: readonly string[], changes: readonly Change[]): boolean {
  const [first, last] = [changes[0]!, changes.at(-1)!];
  const above = before.slice(0, first.from);
  const below = before.slice(last.to);
  const atEnd = changes.some(
    (change) =>
      change.to - change.from > change.lines.length &&
      (isBlank(before.slice(0, change.from)) || isBlank(before.slice(change.to))),
  );
  if (atEnd) return true;
  // Changes with nothing but blank lines between them take out one stretch.
  const joins = (i: number) => isBlank(before.slice(changes[i]!.to, changes[i + 1]!.from));
  let head = 0;
  while (head + 1 < changes.length && joins(head)) head++;
  let tail = changes.length - 1;
  while (tail > 0 && joins(tail - 1)) tail--;
  return (
    standsIn(before.slice(first.from, changes[head]!.to), above) ||
    standsIn(before.slice(changes[tail]!.from, last.to), below)
  );
}

/** Whether the lines of an end of the file stand in a row in what goes. */
const standsIn = (gone: readonly string[], end: readonly string[]) =>
  !isBlank(end) && gone.some((_, at) => end.every((line, k) => gone[at + k] === line));

const isBlank = (lines: readonly string[]) => lines.every((line) => line.trim() === '');

/**
 * Whether the snippet says what becomes of the file beyond its ends. It does not where the first or last lines of the file
 * change, for nothing stands beyond them that would show it; where one end of the snippet is the file's and the other one is
 * left out without a word, by no more lines than edits of this set delete; and where there is no placeholder at all and half
 * of the file: it may be all that is to be left.
 */
function endsAreSaid(
  before: readonly string[],
  changes: readonly Change[],
  shown: readonly boolean[],
  absent: boolean,
  marked: boolean,
): boolean {
  if (changes.some((c) => c.to > c.from && (c.from === 0 || c.to === before.length))) return false;
  if (!absent) return true;
  const first = Math.min(shown.indexOf(true), ...changes.map((c) => c.from));
  const last = Math.max(shown.lastIndexOf(true) + 1, ...changes.map((c) => c.to));
  const [above, below] = [first, before.length - last];
  if (above === 0 && below === 0) return true;
  if (above === 0 || below === 0) return above + below > MOST_CHANGED;
  return marked || shown.filter((line) => line).length * 2 < before.length;
}

/** As far as `context` lines that are not blank or mere brackets. */
function reach(lines: readonly string[], at: number, step: 1 | -1, context: number): number {
  let left = context;
  let i = at;
  for (; i >= 0 && i < lines.length && left > 0; i += step) if (/\w/.test(lines[i]!)) left--;
  return step < 0 ? i + 1 : i;
}

function openerLine(lines: readonly string[], at: number): number | undefined {
  const depth = (line: string) => /^\s*/.exec(line)![0].length;
  const own = depth(lines[at] ?? '');
  for (let i = at - 1; i >= 0; i--)
    if (lines[i]!.trim() !== '' && depth(lines[i]!) < own && /\w/.test(lines[i]!)) return i;
  return undefined;
}
