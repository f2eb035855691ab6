import { rowsFrom } from '../place/rows.ts';
import { readValues } from './json-values.ts';
import type { LineParser } from './line-reader.ts';
import { createPatchParser } from './patch.ts';
import { addHunk, brokenHunk, type MutableFile, openFile, type Sink } from './sink.ts';

const OLD_KEYS = [
  'old_str',
  'old_string',
  'oldText',
  'old_text',
  'oldString',
  'old',
  'search',
  'find',
  'original',
  'target',
];
const NEW_KEYS = [
  'new_str',
  'new_string',
  'newText',
  'new_text',
  'newString',
  'new',
  'replace',
  'replacement',
  'replace_with',
  'updated',
];
const PATH_KEYS = ['path', 'file_path', 'filePath', 'file', 'filename', 'target_file'];
const ALL_KEYS = ['replace_all', 'replaceAll', 'allow_multiple', 'all'];
const CONTENT_KEYS = ['file_text', 'content', 'contents', 'code'];
const NESTED_KEYS = [
  'input',
  'arguments',
  'parameters',
  'args',
  'function',
  'edits',
  'tool_calls',
  'calls',
  'changes',
  'content',
  'command',
  'patch',
];
/** A call of apply_patch has the patch as its argument, or as one of its command's words. */
const PATCH = /^\*\*\* Begin Patch/m;

/**
 * Calls of string-replace tools as JSON: Claude's text editor (`str_replace`, `insert`, `create`), Claude Code's Edit and
 * MultiEdit, OpenAI function calls with their arguments as a string, apply_patch, arrays and lines of these, in fences or prose.
 * JSON has no value before its end, so hunks come as each top-level value closes.
 */
export function createToolCallParser(sink: Sink): LineParser {
  const state: { file: MutableFile | undefined } = { file: undefined };
  const values = readValues((value, start) => {
    if (value === undefined) {
      addHunk(sink, fileFor(undefined), brokenHunk('malformed', start, sink.at + 1));
      sink.problems.push({ line: start, message: 'not valid JSON' });
    } else visit(value, undefined, start, 0);
  });

  const fileFor = (path: string | undefined): MutableFile => {
    if (!state.file || (path !== undefined && path !== state.file.path)) state.file = openFile(sink, path, 'update');
    return state.file;
  };

  const visit = (value: unknown, inherited: string | undefined, start: number, depth: number): void => {
    if (depth > 12) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, inherited, start, depth + 1);
      return;
    }
    if (typeof value === 'string') {
      if (depth > 0 && PATCH.test(value)) {
        const patch = createPatchParser(sink);
        for (const line of value.split(/\r?\n/)) patch.line(line);
        patch.end();
        state.file = undefined;
      } else if (depth > 0 && /^\s*[[{]/.test(value)) {
        const inner = readValues((parsed) => parsed !== undefined && visit(parsed, inherited, start, depth + 1));
        for (const line of value.split('\n')) inner.line(line, 0);
        inner.end();
      }
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const call = value as Record<string, unknown>;
    const path = text(call, PATH_KEYS) ?? inherited;
    const before = text(call, OLD_KEYS);
    const after = text(call, NEW_KEYS);
    const source = { start, end: sink.at + 1 };
    const line = call.insert_line ?? call.insertLine;
    if (typeof line === 'number' && before === undefined) {
      const inserted = after ?? text(call, ['insert_text', 'text']);
      if (inserted !== undefined && Number.isInteger(line) && line >= 0) {
        const lines = splitText(inserted);
        addHunk(sink, fileFor(path), {
          rows: lines.map((t) => ({ op: 'add', text: t })),
          afterLine: line,
          source,
        });
      }
      return;
    }
    if (before !== undefined) {
      if (after === undefined && call.command === undefined && call.name === undefined && Object.keys(call).length > 4)
        return;
      const all = ALL_KEYS.some((key) => call[key] === true || call[key] === 'true');
      addHunk(sink, fileFor(path), {
        rows: rowsFrom(splitText(before), splitText(after ?? '')),
        literal: { old: before, new: after ?? '', all },
        source,
      });
      return;
    }
    const content = text(call, CONTENT_KEYS);
    if (content !== undefined && path !== undefined) {
      openFile(sink, path, 'whole').content = content;
      state.file = undefined;
      return;
    }
    for (const key of NESTED_KEYS) if (key in call) visit(call[key], path, start, depth + 1);
  };

  return {
    line: (line) => values.line(line, sink.at),
    end: () => values.end(),
  };
}

function text(call: Record<string, unknown>, keys: readonly string[]): string | undefined {
  for (const key of keys) if (typeof call[key] === 'string') return call[key];
  return undefined;
}

/** "a\nb\n" and "a\nb" are both two lines; '' is none. */
function splitText(value: string): string[] {
  if (value === '') return [];
  const lines = value.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
