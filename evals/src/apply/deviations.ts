import { pick } from '@tabstop/testkit';
import type { Block } from './real-edits.ts';

type Rows = Block['rows'];

/** How the lines of a block were written down: what models get wrong about white space and length. */
export interface Deviation {
  readonly name: string;
  readonly rows: Rows;
}

const shiftBy = (rows: Rows, by: (line: string) => string): Rows =>
  rows.map((row) => ({ ...row, text: row.text === '' ? '' : by(row.text) }));

export function deviate(random: () => number, rows: Rows): Deviation {
  const chance = random();
  if (chance < 0.4) return { name: 'as is', rows };
  if (chance < 0.55) return shiftIndent(random, rows);
  if (chance < 0.65) return trailingSpaces(random, rows);
  if (chance < 0.72) return { name: 'ends trimmed', rows: rows.map((row) => ({ ...row, text: row.text.trimEnd() })) };
  if (chance < 0.8) {
    const blank = rows.filter(
      (row, i) => row.op !== ' ' || row.text.trim() !== '' || rows[i - 1]?.op !== ' ' || rows[i + 1]?.op !== ' ',
    );
    return { name: 'blank context lines lost', rows: blank };
  }
  if (chance < 0.88) return shortenMiddle(rows);
  if (chance < 0.94) return typographic(rows);
  return {
    name: 'inner white space',
    rows: rows.map((row) => (row.op === ' ' ? { ...row, text: row.text.replace(/(\S) (\S)/, '$1  $2') } : row)),
  };
}

/** On half of the lines, and on an old one at least: else the new text is meant to have them. */
function trailingSpaces(random: () => number, rows: Rows): Deviation {
  const old = rows.flatMap((row, i) => (row.op !== '+' && row.text.trim() !== '' ? [i] : []));
  if (old.length === 0) return { name: 'as is', rows };
  const sure = pick(random, old);
  return {
    name: 'trailing spaces',
    rows: rows.map((row, i) =>
      i === sure || random() < 0.5 ? { ...row, text: row.text + pick(random, [' ', '  ', '\t']) } : row,
    ),
  };
}

function shiftIndent(random: () => number, rows: Rows): Deviation {
  const solid = rows.filter((row) => row.text.trim() !== '');
  const common = Math.min(...solid.map((row) => /^ */.exec(row.text)![0].length));
  const tabs = solid.some((row) => row.text.startsWith('\t'));
  const kind = pick(random, ['dedent', 'deeper', 'less'] as const);
  if (kind === 'dedent' && common > 0 && Number.isFinite(common))
    return { name: 'dedented', rows: shiftBy(rows, (line) => line.slice(common)) };
  if (kind === 'less' && tabs && solid.every((row) => row.text.startsWith('\t')))
    return { name: 'dedented', rows: shiftBy(rows, (line) => line.slice(1)) };
  const more = tabs ? '\t' : ' '.repeat(pick(random, [2, 4]));
  return { name: 'indented deeper', rows: shiftBy(rows, (line) => more + line) };
}

/** A long run of context in the middle of a block becomes `...`. */
function shortenMiddle(rows: Rows): Deviation {
  let start = -1;
  let best = { start: 0, length: 0 };
  for (let i = 0; i <= rows.length; i++) {
    if (i < rows.length && rows[i]!.op === ' ') {
      if (start < 0) start = i;
    } else if (start >= 0) {
      if (i - start > best.length && start > 0 && i < rows.length) best = { start, length: i - start };
      start = -1;
    }
  }
  if (best.length < 5) return { name: 'as is', rows };
  const indent = /^\s*/.exec(rows[best.start + 2]!.text)![0];
  const middle = { op: ' ' as const, text: `${indent}...` };
  return {
    name: 'elided middle',
    rows: [...rows.slice(0, best.start + 2), middle, ...rows.slice(best.start + best.length - 2)],
  };
}

/** Quotes of context lines came out curly. */
function typographic(rows: Rows): Deviation {
  const curly = (text: string) => text.replace(/'([^']*)'/g, '\u2018$1\u2019').replace(/"([^"]*)"/g, '\u201C$1\u201D');
  return { name: 'curly quotes', rows: rows.map((row) => (row.op === ' ' ? { ...row, text: curly(row.text) } : row)) };
}
