import type { FileEdit } from '../edit.ts';
import { type Fence, readFence } from './fence.ts';
import type { LineParser } from './line-reader.ts';
import { pathInInfo, pathInLine } from './path.ts';
import { type MutableFile, openFile, type Sink } from './sink.ts';

const SHELL = /^(?:bash|sh|shell|zsh|console|shell-session|terminal|powershell|output|log|text|plaintext)$/i;

/** How a file begins and prose does not; a fence further down is then one in a comment of it. */
const FILE_START = /^(?:\/\*|\/\/|#!|<\?|<!|"""|'use |"use |package |import |export |from \S+ import )/;

/**
 * Code in prose: each fenced block is the text (or part) of a file, named in the info string or in the line above; without
 * any fence the whole text is. A fence opened inside a block is taken as nested when it has an info string, so that a
 * Markdown file survives.
 */
export function createFencedParser(sink: Sink, action: 'lazy' | 'whole'): LineParser {
  const everything: string[] = [];
  const blocks: { file: MutableFile; info: string }[] = [];
  let open: Fence | undefined;
  let nested = 0;
  let lines: string[] = [];
  let near: { path: string; line: number } | undefined;
  let path: string | undefined;
  /** The open block as its listeners know it; only the first unnamed one can be told to be the file's. */
  let heard: FileEdit | undefined;

  const close = () => {
    const file = openFile(sink, path, action);
    file.content = joinLines(lines);
    blocks.push({ file, info: open?.info ?? '' });
    if (heard) sink.onSection(file);
    heard = undefined;
    open = undefined;
    lines = [];
  };

  return {
    line(text) {
      everything.push(text);
      if (open) {
        const mark = readFence(text);
        const same =
          mark !== undefined &&
          mark.mark === open.mark &&
          mark.length >= open.length &&
          mark.indent.length <= open.indent.length + 3;
        if (same && mark.info !== '') nested++;
        else if (same && nested > 0) nested--;
        else if (same) {
          close();
          return;
        }
        const line = open.indent !== '' && text.startsWith(open.indent) ? text.slice(open.indent.length) : text;
        lines.push(line);
        if (heard) sink.onText(heard, line);
        return;
      }
      const mark = readFence(text);
      if (mark && /^ {0,3}(?:> ?)?$/.test(mark.indent) && !underlines(mark, everything.at(-2))) {
        open = mark;
        nested = 0;
        path = pathInInfo(mark.info) ?? (near && sink.at - near.line <= 3 ? near.path : undefined);
        near = undefined;
        const named = path === undefined ? {} : { path };
        heard =
          path !== undefined || (blocks.length === 0 && !SHELL.test(mark.info))
            ? { ...named, action, hunks: [] }
            : undefined;
        return;
      }
      const named = pathInLine(text);
      if (named) near = { path: named, line: sink.at };
    },
    end() {
      if (open) {
        // A fence that never closes: a cut-off answer or a forgotten fence; the text so far is what there is. Nested
        // counting may have been fooled, in which case the last closing line was the real one.
        const mark = open;
        let last = lines.length - 1;
        while (last >= 0 && lines[last]!.trim() === '') last--;
        const closing = last >= 0 ? readFence(lines[last]!) : undefined;
        if (nested > 0 && closing && closing.info === '' && closing.mark === mark.mark) lines = lines.slice(0, last);
        else sink.problems.push({ line: sink.at, message: 'the last code fence is not closed' });
        close();
      }
      const solid = (text: readonly string[]) => text.filter((line) => line.trim() !== '').length;
      const fenced = blocks.reduce((sum, block) => sum + solid(block.file.content!.split('\n')), 0);
      // Far more text outside than inside, and no file named: a file that has fences in its comments, not an answer.
      const opening = everything.find((line) => line.trim() !== '') ?? '';
      if (
        blocks.length === 0 ||
        (FILE_START.test(opening) && blocks.every((b) => b.file.path === undefined)) ||
        (solid(everything) > 3 * fenced + 30 && blocks.every((b) => b.file.path === undefined))
      ) {
        sink.files.length = 0;
        if (everything.some((line) => line.trim() !== '')) {
          const file = openFile(sink, undefined, action);
          file.content = joinLines(everything);
        }
        return;
      }
      // A doubled fence leaves an empty block; commands to run are not part of a file when there is a block that is.
      const useful = blocks.filter((b) => b.file.content!.trim() !== '');
      const code = useful.filter((b) => b.file.path !== undefined || !SHELL.test(b.info));
      const kept = code.length > 0 ? code : useful;
      sink.files.splice(0, sink.files.length, ...kept.map((b) => b.file));
    },
  };
}

/** Tildes below a title and as long as it are a heading of reStructuredText, in a docstring for example. */
const underlines = (mark: Fence, above: string | undefined) =>
  mark.mark === '~' &&
  mark.info === '' &&
  mark.length >= 4 &&
  above !== undefined &&
  above.trim().length > 0 &&
  mark.length >= above.trim().length - 1;

const joinLines = (lines: readonly string[]) => (lines.length === 0 ? '' : lines.join('\n') + '\n');
