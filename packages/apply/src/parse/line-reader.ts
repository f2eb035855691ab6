/** Calls `onLine` for each whole line of a text that arrives in pieces, without its break; `end` hands over the rest. */
export interface LineReader {
  push(text: string): void;
  end(): void;
}

/**
 * A line ends at `\n`; a `\r` before it is dropped, so that an edit written with CRLF reads like one with LF. Cost is linear:
 * the pieces of an unfinished line are joined once, when its end arrives.
 */
export function createLineReader(onLine: (line: string) => void): LineReader {
  let pending: string[] = [];
  const finish = (tail: string) => {
    let line = tail;
    if (pending.length > 0) {
      pending.push(tail);
      line = pending.join('');
      pending = [];
    }
    onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
  let first = true;
  return {
    push(text) {
      if (text === '') return;
      let start = first && text.startsWith('\uFEFF') ? 1 : 0;
      first = false;
      for (;;) {
        const at = text.indexOf('\n', start);
        if (at < 0) break;
        finish(text.slice(start, at));
        start = at + 1;
      }
      if (start < text.length) pending.push(start === 0 ? text : text.slice(start));
    },
    end() {
      if (pending.length > 0) finish('');
    },
  };
}

/** A format's grammar over lines: `hunk` is called as soon as a hunk is complete. */
export interface LineParser {
  line(text: string): void;
  end(): void;
}
