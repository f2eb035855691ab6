import { type Document, readDocument } from '../document.ts';

/** A document with what placement looks lines up by; the parts that few edits need are built on first use. */
export interface LineIndex {
  readonly document: Document;
  /** Each line without white space at its ends. */
  readonly trimmed: readonly string[];
  /** Line numbers by trimmed text, ascending. */
  readonly positions: ReadonlyMap<string, readonly number[]>;
  /** Lines that are not blank, by `looseKey`: what survives reformatting. */
  loose(): LooseIndex;
  /** '\t', or as many spaces as one level has; undefined where nothing is indented. */
  unit(): string | undefined;
}

export interface LooseIndex {
  readonly keys: readonly string[];
  /** Line number in the document of each key. */
  readonly lines: readonly number[];
  readonly positions: ReadonlyMap<string, readonly number[]>;
  /** Indices into `keys` by `stemKey`: the lines that one may be after a name in it got longer or shorter. */
  stems(): ReadonlyMap<string, readonly number[]>;
}

export function indexLines(source: string | Document): LineIndex {
  const document = typeof source === 'string' ? readDocument(source) : source;
  const trimmed = document.lines.map((line) => line.trim());
  const positions = groupPositions(trimmed);
  let loose: LooseIndex | undefined;
  let unit: { value: string | undefined } | undefined;
  return {
    document,
    trimmed,
    positions,
    loose() {
      if (!loose) {
        const keys: string[] = [];
        const lines: number[] = [];
        for (const [i, line] of trimmed.entries()) {
          if (line === '') continue;
          keys.push(looseKey(line));
          lines.push(i);
        }
        let stems: Map<string, number[]> | undefined;
        loose = {
          keys,
          lines,
          positions: groupPositions(keys),
          stems: () => (stems ??= groupPositions(keys.map(stemKey))),
        };
      }
      return loose;
    },
    unit() {
      unit ??= { value: indentUnit(document.lines) };
      return unit.value;
    },
  };
}

function groupPositions(keys: readonly string[]): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  for (const [i, key] of keys.entries()) {
    const list = positions.get(key);
    if (list) list.push(i);
    else positions.set(key, [i]);
  }
  return positions;
}

const TYPOGRAPHY: Record<string, string> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201A': "'",
  '\u201B': "'",
  '\u201C': '"',
  '\u201D': '"',
  '\u201E': '"',
  '\u201F': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2212': '-',
  '\u2026': '...',
}; // what apply_patch's own matcher folds as well

/** The line with typographic quotes, dashes and spaces made plain and runs of white space made one space. */
export function looseKey(line: string): string {
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the zero-width characters are meant one by one
  let key = line.trim().replace(/[\u200B\u200C\u200D\uFEFF]/g, '');
  if (/[^\x20-\x7e]/.test(key)) key = key.replace(/[\u2010-\u2026\u2212]/g, (c) => TYPOGRAPHY[c] ?? c);
  return key.replace(/\s+/g, ' ');
}

/** A line with its names cut after three characters: equal for lines whose names only have something more behind them. */
export const stemKey = (key: string): string => key.replace(/([\p{L}\p{N}_$]{3})[\p{L}\p{N}_$]+/gu, '$1');

export const indentOf = (line: string): string => /^[ \t]*/.exec(line)![0];

/** One level of indentation: the most common step from a line to a deeper one. */
export function indentUnit(lines: Iterable<string>): string | undefined {
  const steps = new Map<number, number>();
  let tabs = 0;
  let spaces = 0;
  let previous = 0;
  for (const line of lines) {
    if (line === '' || line.trim() === '') continue;
    const indent = indentOf(line);
    if (indent.startsWith('\t')) tabs++;
    else if (indent !== '') {
      spaces++;
      const step = indent.length - previous;
      // A space before the star of a block comment is no level.
      if (step > 0 && !line.trimStart().startsWith('*')) steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    if (!line.trimStart().startsWith('*')) previous = indent.startsWith('\t') ? 0 : indent.length;
  }
  if (tabs > spaces) return '\t';
  let best: number | undefined;
  for (const [step, count] of steps) {
    if (step >= 1 && step <= 8 && (best === undefined || count > steps.get(best)!)) best = step;
  }
  return best === undefined ? undefined : ' '.repeat(best);
}
