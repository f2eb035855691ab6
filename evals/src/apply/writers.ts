import { pick } from '@tabstop/testkit';
import type { Block } from './real-edits.ts';

/** A block with its rows as they were written down. */
export interface WrittenBlock extends Block {
  readonly written: Block['rows'];
}

export interface Written {
  readonly text: string;
  readonly notes: readonly string[];
}

const PROSE = [
  'Here is the change:',
  "I've updated the function so that it handles the new case.",
  'Sure! The fix is below.',
  'This makes the check run first.',
];

const oldOf = (rows: Block['rows']) => rows.filter((row) => row.op !== '+').map((row) => row.text);
const newOf = (rows: Block['rows']) => rows.filter((row) => row.op !== '-').map((row) => row.text);
const languageOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);

/** SEARCH/REPLACE blocks as aider asks for them, and the shapes that they come back in. */
export function writeSearchReplace(random: () => number, path: string, blocks: readonly WrittenBlock[]): Written {
  const notes: string[] = [];
  const length = pick(random, [7, 7, 7, 7, 5, 6, 8, 9]);
  if (length !== 7) notes.push('marker length');
  const fences = pick(random, ['once', 'once', 'none', 'doubled', 'inside'] as const);
  if (fences !== 'once') notes.push(`fences ${fences}`);
  const named = pick(random, ['above', 'above', 'inside fence', 'absent', 'marker'] as const);
  const [search, replace] = pick(random, [
    ['SEARCH', 'REPLACE'],
    ['SEARCH', 'REPLACE'],
    ['ORIGINAL', 'UPDATED'],
  ] as const);
  const fence = '```';
  const out: string[] = [pick(random, PROSE), ''];
  const order = random() < 0.3 ? [...blocks].reverse() : blocks;
  if (order !== blocks && blocks.length > 1) notes.push('reordered');
  for (const block of order) {
    if (named === 'above') out.push(pick(random, [path, `**${path}**`, `\`${path}\`:`]));
    if (fences === 'doubled') out.push(fence);
    if (fences === 'once' || fences === 'doubled') out.push(fence + languageOf(path));
    if (named === 'inside fence') out.push(path);
    out.push(`${'<'.repeat(length)} ${search}${named === 'marker' ? ` ${path}` : ''}`);
    if (fences === 'inside') out.push(fence + languageOf(path));
    out.push(...oldOf(block.written));
    if (fences === 'inside') out.push(fence);
    out.push('='.repeat(length));
    if (fences === 'inside') out.push(fence + languageOf(path));
    out.push(...newOf(block.written));
    if (fences === 'inside') out.push(fence);
    out.push(`${'>'.repeat(length)} ${replace}`);
    if (fences === 'once' || fences === 'doubled') out.push(fence);
    if (fences === 'doubled') out.push(fence);
    out.push('');
  }
  return { text: out.join('\n'), notes };
}

/** apply_patch, with or without its first and last line, anchors, and the leading space of context. */
export function writePatch(
  random: () => number,
  path: string,
  blocks: readonly WrittenBlock[],
  before: readonly string[],
): Written {
  const notes: string[] = [];
  const spaces = pick(random, ['kept', 'kept', 'lost', 'some'] as const);
  if (spaces !== 'kept') notes.push(`leading space ${spaces}`);
  const envelope = random() < 0.85;
  if (!envelope) notes.push('no envelope');
  const anchored = random() < 0.5;
  const out: string[] = [];
  if (envelope) out.push('*** Begin Patch');
  out.push(`*** Update File: ${path}`);
  const order = random() < 0.15 ? [...blocks].reverse() : blocks;
  if (order !== blocks && blocks.length > 1) notes.push('reordered');
  for (const block of order) {
    const anchor = anchored ? enclosing(before, block.from) : undefined;
    out.push(anchor === undefined ? '@@' : `@@ ${anchor.trim()}`);
    for (const row of block.written) {
      const mark = row.op === ' ' && (spaces === 'lost' || (spaces === 'some' && random() < 0.5)) ? '' : row.op;
      out.push(mark + row.text);
    }
  }
  if (envelope) out.push('*** End Patch');
  return { text: out.join('\n') + '\n', notes };
}

/** Unified diffs with the numbers, counts and headers that models make up. */
export function writeUnified(random: () => number, path: string, blocks: readonly WrittenBlock[]): Written {
  const notes: string[] = [];
  const numbers = pick(random, ['right', 'right', 'wrong', 'wrong counts', 'none'] as const);
  if (numbers !== 'right') notes.push(`numbers ${numbers}`);
  const spaces = pick(random, ['kept', 'kept', 'kept', 'lost'] as const);
  if (spaces !== 'kept') notes.push('leading space lost');
  const headers = pick(random, ['git', 'plain', 'plain', 'none'] as const);
  if (headers === 'none') notes.push('no file header');
  const fenced = random() < 0.5;
  const out: string[] = [];
  if (fenced) out.push('```diff');
  if (headers === 'git') out.push(`diff --git a/${path} b/${path}`);
  if (headers !== 'none') out.push(`--- a/${path}`, `+++ b/${path}`);
  let shift = 0;
  const off = 1 + Math.floor(random() * 40) * (random() < 0.5 ? -1 : 1);
  for (const block of blocks) {
    const oldCount = block.written.filter((row) => row.op !== '+').length;
    const newCount = block.written.filter((row) => row.op !== '-').length;
    const start = Math.max(1, block.from + 1 + (numbers === 'wrong' ? off : 0));
    const wrong = numbers === 'wrong counts' ? pick(random, [-2, -1, 1, 2]) : 0;
    if (numbers === 'none') out.push(pick(random, ['@@ ... @@', '@@']));
    else
      out.push(`@@ -${start},${Math.max(0, oldCount + wrong)} +${start + shift},${Math.max(0, newCount + wrong)} @@`);
    shift += newCount - oldCount;
    for (const row of block.written) out.push((row.op === ' ' && spaces === 'lost' ? '' : row.op) + row.text);
  }
  if (fenced) out.push('```');
  return { text: out.join('\n') + '\n', notes };
}

export function writeFindReplace(random: () => number, path: string, blocks: readonly WrittenBlock[]): Written {
  const style = pick(random, ['labels', 'fenced labels', 'tags'] as const);
  const out: string[] = [path, ''];
  for (const block of blocks) {
    const old = oldOf(block.written);
    const fresh = newOf(block.written);
    if (style === 'tags') out.push('<find>', ...old, '</find>', '<replace>', ...fresh, '</replace>', '');
    else if (style === 'labels') out.push('FIND:', ...old, 'REPLACE WITH:', ...fresh, 'END', '');
    else out.push('**Find:**', '```', ...old, '```', '', '**Replace with:**', '```', ...fresh, '```', '');
  }
  return { text: out.join('\n'), notes: [style] };
}

/** Calls of string-replace tools; `insert` and `create` are not edits of existing text and left out. */
export function writeStringReplace(random: () => number, path: string, blocks: readonly WrittenBlock[]): Written {
  const style = pick(random, ['claude', 'claude code', 'multi edit', 'openai', 'lines'] as const);
  const pairs = blocks.map((block) => [oldOf(block.written).join('\n'), newOf(block.written).join('\n')] as const);
  if (style === 'multi edit') {
    const edits = pairs.map(([old_string, new_string]) => ({ old_string, new_string }));
    return { text: JSON.stringify({ file_path: path, edits }, null, 2), notes: [style] };
  }
  const calls = pairs.map(([old, fresh]) => {
    if (style === 'claude code') return { file_path: path, old_string: old, new_string: fresh, replace_all: false };
    const call = { command: 'str_replace', path, old_str: old, new_str: fresh };
    if (style === 'openai')
      return { type: 'function', function: { name: 'str_replace', arguments: JSON.stringify(call) } };
    return style === 'claude' ? { type: 'tool_use', name: 'str_replace_based_edit_tool', input: call } : call;
  });
  const text =
    style === 'lines'
      ? calls.map((call) => JSON.stringify(call)).join('\n')
      : JSON.stringify(calls.length === 1 ? calls[0] : calls, null, random() < 0.5 ? 2 : 0);
  return { text, notes: [style] };
}

export function writeWhole(random: () => number, path: string, after: readonly string[]): Written {
  const style = pick(random, ['fenced', 'fenced', 'bare', 'prose'] as const);
  // Markdown in the file would close the fence: an answer with a longer fence is what a careful model writes.
  const fence = after.some((line) => line.trimStart().startsWith('```')) ? '`````' : '```';
  if (style === 'bare') return { text: after.join('\n') + '\n', notes: [style] };
  const block = [`${fence}${languageOf(path)}`, ...after, fence];
  return {
    text:
      (style === 'prose' ? [pick(random, PROSE), '', path, ...block, '', 'Let me know.'] : [path, ...block]).join(
        '\n',
      ) + '\n',
    notes: [style],
  };
}

/** The line that opens the block around a line. */
export function enclosing(lines: readonly string[], at: number): string | undefined {
  const depth = (line: string) => /^\s*/.exec(line)![0].length;
  let target = at;
  while (target < lines.length && lines[target]!.trim() === '') target++;
  const own = depth(lines[target] ?? '');
  for (let i = at - 1; i >= 0; i--) {
    const line = lines[i]!;
    if (line.trim() !== '' && depth(line) < own && /\w/.test(line)) return line;
  }
  return undefined;
}
