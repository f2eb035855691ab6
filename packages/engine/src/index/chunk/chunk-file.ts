import { hash } from 'node:crypto';
import { Document } from '../../workspace/document.ts';
import type { Syntax } from '../../workspace/syntax.ts';
import type { Chunk } from '../parts.ts';
import { LIMITS, type Lines, linesOf, type Piece } from './pieces.ts';
import { markdownPieces, sqlPieces, tablePieces } from './prose-pieces.ts';
import { syntaxPieces } from './syntax-pieces.ts';
import { indentedPieces, keyOf, tagOf, windows } from './text-pieces.ts';

export interface SourceText {
  /** Relative to the root, `/` between its parts. */
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

const BY_FORM: Readonly<Record<string, (lines: Lines) => Piece[]>> = {
  markdown: markdownPieces,
  toml: tablePieces,
  ini: tablePieces,
  sql: sqlPieces,
  json: (lines) => indentedPieces(lines, keyOf),
  jsonc: (lines) => indentedPieces(lines, keyOf),
  yaml: (lines) => indentedPieces(lines, keyOf),
  html: (lines) => indentedPieces(lines, tagOf),
  xml: (lines) => indentedPieces(lines, tagOf),
  vue: (lines) => indentedPieces(lines, tagOf),
  svelte: (lines) => indentedPieces(lines, tagOf),
  scss: (lines) => indentedPieces(lines, selectorOf),
  less: (lines) => indentedPieces(lines, selectorOf),
};

/**
 * Cuts a file into chunks: along its syntax where `syntax` has a tree (load the grammar first: `await syntax.warm(languageId)`), by headings or
 * blocks for prose and config, else by lines. Every line that is not blank lies in exactly one chunk, in order; none is longer than `LIMITS`
 * (64 lines, 3,600 characters, a few more for closing brackets). The same text and path give the same chunks and hashes. Never throws.
 */
export function chunkFile(file: SourceText, syntax: Syntax): Chunk[] {
  const lines = linesOf(file.text);
  return chunksOf(file, lines, piecesOf(file, lines, syntax));
}

function piecesOf(file: SourceText, lines: Lines, syntax: Syntax): Piece[] {
  const form = BY_FORM[file.languageId];
  if (form) return form(lines);
  try {
    const tree = syntax.tree(
      Document.open({ path: file.path, languageId: file.languageId, version: 0, text: file.text }),
    );
    if (tree) return syntaxPieces(tree.rootNode, lines);
  } catch {
    // The WebAssembly of a grammar can trap on a broken file; its lines are still worth finding.
  }
  return windows(lines, 0, lines.count, { kind: 'lines' });
}

const selectorOf = (line: string): string | undefined => /^\s*([^{}/;]+?)\s*\{/.exec(line)?.[1];

function chunksOf(file: SourceText, lines: Lines, pieces: readonly Piece[]): Chunk[] {
  const chunks: Chunk[] = [];
  for (const piece of pieces) {
    let { from, to } = piece;
    while (from < to && lines.blank(from)) from++;
    while (to > from && lines.blank(to - 1)) to--;
    if (from >= to) continue;
    if (to - from > LIMITS.lines + 4 || lines.size(from, to) > LIMITS.characters + 200) {
      const { kind, symbol, heading } = piece;
      for (const part of windows(lines, from, to, { kind, symbol, heading })) pushWithin(file, lines, part, chunks);
    } else pushWithin(file, lines, { ...piece, from, to }, chunks);
  }
  return chunks;
}

/** One chunk, or several of one line that is longer than a chunk may be. */
function pushWithin(file: SourceText, lines: Lines, piece: Piece, chunks: Chunk[]): void {
  let { from, to } = piece;
  while (from < to && lines.blank(from)) from++;
  while (to > from && lines.blank(to - 1)) to--;
  if (from >= to) return;
  const start = lines.start(from);
  const end = lines.start(to - 1) + lines.line(to - 1).length;
  const rows = { startLine: from + 1, endLine: to };
  if (end - start <= LIMITS.characters + 200) {
    chunks.push(chunkOf(file, piece, rows, start, end));
    return;
  }
  for (let at = start; at < end; ) {
    const stop = at + LIMITS.characters >= end ? end : cutWithin(file.text, at, at + LIMITS.characters);
    if (file.text.slice(at, stop).trim() !== '') chunks.push(chunkOf(file, piece, rows, at, stop));
    at = stop;
  }
}

/** Near `most`, behind a space or a mark, and never between the halves of a surrogate pair. */
function cutWithin(text: string, start: number, most: number): number {
  for (let at = most; at > most - 200 && at > start + 1; at--) if (/[\s,;{}]/.test(text[at - 1]!)) return at;
  const code = text.charCodeAt(most);
  return code >= 0xdc00 && code <= 0xdfff ? most - 1 : most;
}

function chunkOf(
  file: SourceText,
  piece: Piece,
  rows: { startLine: number; endLine: number },
  start: number,
  end: number,
): Chunk {
  const context = [file.path, piece.symbol, piece.heading].filter((part) => part !== undefined && part !== '');
  // Git may have given another clone other line breaks.
  const embedText = `${context.join('\n')}\n${file.text.slice(start, end)}`.replaceAll('\r\n', '\n');
  return {
    ...rows,
    start,
    end,
    kind: piece.kind,
    symbol: piece.symbol,
    embedText,
    hash: hash('sha256', embedText, 'hex').slice(0, 32),
  };
}
