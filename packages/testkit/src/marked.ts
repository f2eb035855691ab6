/** One edit of a marked text: relative to the document as the edits before it left it. */
export interface MarkedEdit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Marked {
  /** The documents before any edit, in order. */
  readonly documents: readonly { readonly path: string; readonly text: string }[];
  /** In order of their numbers, then of appearance. */
  readonly edits: readonly MarkedEdit[];
  /** Offset in the document after all edits. */
  readonly cursor: { readonly path: string; readonly offset: number } | undefined;
}

/**
 * Reads a fixture of one or more files with marks in the notation of `wdiff`:
 * `[-old-]` was deleted, `{+new+}` was inserted, `[-old-]{+new+}` was replaced, `<|>` is the cursor (in the text after the edits).
 * `{2+new+}` or `[2-old-]` numbers an edit, where edits were not made in the order of appearance. A line `=== path` starts the next file
 * (a fixture without one is `a.ts`). The first line break after the opening quote and the indentation common to all lines are dropped.
 */
export function parseMarked(fixture: string): Marked {
  const documents: { path: string; text: string }[] = [];
  const numbered: { order: number; appears: number; path: string; at: number; deleted: string; inserted: string }[] =
    [];
  let cursor: { path: string; offset: number } | undefined;
  for (const { path, body } of filesOf(dedent(fixture))) {
    const mark = /\[(\d*)-([\s\S]*?)-\](?:\{\d*\+([\s\S]*?)\+\})?|\{(\d*)\+([\s\S]*?)\+\}|<\|>/g;
    let text = '';
    let last = 0;
    let shift = 0;
    for (let match = mark.exec(body); match; match = mark.exec(body)) {
      text += body.slice(last, match.index);
      last = match.index + match[0].length;
      if (match[0] === '<|>') {
        cursor = { path, offset: text.length + shift };
        continue;
      }
      const deleted = match[2] ?? '';
      let inserted = match[3] ?? match[5] ?? '';
      const inner = inserted.indexOf('<|>');
      if (inner >= 0) {
        inserted = inserted.replace('<|>', '');
        cursor = { path, offset: text.length + shift + inner };
      }
      numbered.push({
        order: Number(match[1] || match[4] || 0),
        appears: numbered.length,
        path,
        at: text.length,
        deleted,
        inserted,
      });
      text += deleted;
      shift += inserted.length - deleted.length;
    }
    documents.push({ path, text: text + body.slice(last) });
  }
  numbered.sort((a, b) => a.order - b.order);
  const edits = numbered.map((edit, index) => {
    const before = numbered.slice(0, index).filter((other) => other.path === edit.path && other.appears < edit.appears);
    const shift = before.reduce((sum, other) => sum + other.inserted.length - other.deleted.length, 0);
    const start = edit.at + shift;
    return { path: edit.path, start, end: start + edit.deleted.length, text: edit.inserted };
  });
  return { documents, edits, cursor };
}

/** The lines that edits touch, in the notation of `parseMarked`, each after its path and line number: what golden expectations hold. */
export function renderMarked(
  path: string,
  text: string,
  edits: readonly (readonly [number, number, string])[],
): string {
  let marked = '';
  let last = 0;
  const touched = new Set<number>();
  let line = 0;
  const push = (piece: string, isEdit: boolean) => {
    if (isEdit) touched.add(line);
    for (const char of piece)
      if (char === '\n') {
        line++;
        if (isEdit) touched.add(line);
      }
    marked += piece;
  };
  for (const [start, end, insert] of edits) {
    push(text.slice(last, start), false);
    push((end > start ? `[-${text.slice(start, end)}-]` : '') + (insert ? `{+${insert}+}` : ''), true);
    last = end;
  }
  push(text.slice(last), false);
  return marked
    .split('\n')
    .map((content, index) => `${path}:${index + 1}: ${content}`)
    .filter((_, index) => touched.has(index))
    .join('\n');
}

function filesOf(text: string): { path: string; body: string }[] {
  const files: { path: string; body: string }[] = [];
  const header = /^=== (.+)\n/gm;
  const heads = [...text.matchAll(header)];
  if (heads.length === 0) return [{ path: 'a.ts', body: text }];
  heads.forEach((head, index) => {
    const start = head.index + head[0].length;
    files.push({ path: head[1]!.trim(), body: text.slice(start, heads[index + 1]?.index ?? text.length) });
  });
  return files;
}

function dedent(text: string): string {
  const body = text.startsWith('\n') ? text.slice(1) : text;
  const lines = body.split('\n');
  if (lines.at(-1)?.trim() === '') lines[lines.length - 1] = '';
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length);
  const common = indents.length ? Math.min(...indents) : 0;
  return lines.map((line) => line.slice(Math.min(common, /^ */.exec(line)![0].length))).join('\n');
}
