import type { ConcreteFormat, EditFormat, FileEdit, ParsedEdit } from '../edit.ts';
import { createFencedParser } from './fenced.ts';
import { createLineReader, type LineParser } from './line-reader.ts';
import { createPatchParser, isPatchMarker } from './patch.ts';
import { createSearchReplaceParser, isSearchMarker } from './search-replace.ts';
import { createSink, type EditEvents, type Sink } from './sink.ts';
import { createFindReplaceParser, isFindLabel, isOldTag } from './tagged.ts';
import { createToolCallParser } from './tool-call.ts';
import { createUnifiedParser } from './unified.ts';

export interface EditParser {
  /** The next piece of the model's answer, cut anywhere. */
  push(text: string): void;
  /** The format as far as it is known: what was asked for, or what `auto` has recognised. */
  readonly format: ConcreteFormat | undefined;
  /** No more text: the whole edit. Never throws. */
  end(): ParsedEdit;
}

const PARSERS: Record<ConcreteFormat, (sink: Sink) => LineParser> = {
  'search-replace': createSearchReplaceParser,
  patch: createPatchParser,
  unified: createUnifiedParser,
  'find-replace': createFindReplaceParser,
  'str-replace': createToolCallParser,
  lazy: (sink) => createFencedParser(sink, 'lazy'),
  whole: (sink) => createFencedParser(sink, 'whole'),
};

/**
 * Reads an edit as it streams in. `events` (or `onHunk` alone) hears of its parts once they are complete; the result of `end` is the same for every
 * way the text is cut. With `auto`, lines wait until one of them gives the format away; an answer that only looked like that
 * format (nothing came of it) is read again as the next likely one.
 */
export function createEditParser(
  format: EditFormat,
  events: Partial<EditEvents> | EditEvents['onHunk'] = {},
): EditParser {
  let chosen: ConcreteFormat | undefined = format === 'auto' ? undefined : format;
  let sink = createSink(typeof events === 'function' ? { onHunk: events } : events);
  let parser = chosen ? PARSERS[chosen](sink) : undefined;
  const lines: string[] = [];
  const recognise = chosen ? undefined : createRecogniser();

  const choose = (found: ConcreteFormat) => {
    chosen = found;
    parser = PARSERS[found](sink);
    for (const [i, line] of lines.entries()) {
      sink.at = i;
      parser.line(line);
    }
  };
  const reader = createLineReader((line) => {
    if (parser) {
      sink.at = lines.length;
      parser.line(line);
    }
    lines.push(line);
    if (!parser && recognise) {
      const found = recognise(line);
      if (found) choose(found);
    }
  });

  return {
    push: (text) => reader.push(text),
    get format() {
      return chosen;
    },
    end() {
      reader.end();
      if (!parser) choose('lazy');
      parser!.end();
      if (format === 'auto' && chosen !== 'lazy' && !sink.files.some(saysSomething)) {
        sink = createSink();
        choose('lazy');
        parser!.end();
      }
      return { format: chosen!, files: sink.files, problems: sink.problems };
    },
  };
}

export function parseEdit(text: string, format: EditFormat = 'auto'): ParsedEdit {
  const parser = createEditParser(format);
  parser.push(text);
  return parser.end();
}

const saysSomething = (file: FileEdit) =>
  file.hunks.length > 0 || file.content !== undefined || file.action === 'delete';

/** Tells a format by the first line that no other format has. Code that quotes such a line is rare enough to re-read. */
function createRecogniser(): (line: string) => ConcreteFormat | undefined {
  let previous = '';
  let jsonDepth = 0;
  let index = 0;
  return (line) => {
    const before = previous;
    previous = line;
    const at = index++;
    if (isPatchMarker(line)) return 'patch';
    if (isSearchMarker(line)) return 'search-replace';
    if (line.startsWith('diff --git ') || (line.startsWith('+++ ') && before.startsWith('--- '))) return 'unified';
    if (/^@@ -\d+(,\d+)? \+\d+(,\d+)? @@/.test(line) || (/^@@( \.\.\. @@)?\s*$/.test(line) && at < 4)) return 'unified';
    if (/^```+(diff|patch)\b/.test(line.trim())) return undefined;
    if (/^```+(diff|patch)\b/.test(before.trim()) && /^@@|^[-+ ]/.test(line))
      return line.startsWith('*** ') ? 'patch' : 'unified';
    if (isFindLabel(line)) return 'find-replace';
    if (isOldTag(line)) return 'find-replace';
    if (jsonDepth < 40 && /^\s*[[{]/.test(line)) jsonDepth = 1;
    else if (jsonDepth > 0) jsonDepth++;
    if (
      jsonDepth > 0 &&
      jsonDepth < 40 &&
      /"(?:old_str|old_string|oldText|old_text|insert_line|file_text)"|\\"(?:old_str|old_string)\\"|"(?:[^"]*\\n)?\*\*\* Begin Patch/.test(
        line,
      )
    ) {
      return 'str-replace';
    }
    if (
      jsonDepth > 0 &&
      /^\s*[[{]/.test(line) &&
      /"(?:search|find|old)"\s*:.*"(?:replace|new|replacement)"\s*:/.test(line)
    ) {
      return 'str-replace';
    }
    return undefined;
  };
}
