import { renderMarked } from '@tabstop/testkit';
import { type ChangeOrigin, historyEdits } from '../../src/workspace/history.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { minimizeEdit, stringOf, type TextEdit } from '../../src/workspace/text-edit.ts';

/** Plays a person at an editor: carets, keys 100 ms apart, an undo stack with one stop per key. */
export function editingSession(files: Readonly<Record<string, string>>) {
  let snapshot = Snapshot.empty;
  for (const [path, text] of Object.entries(files))
    snapshot = snapshot.open({ path, languageId: 'typescript', version: 1, text });
  let path = Object.keys(files)[0]!;
  let carets: readonly number[] = [0];
  let now = 0;
  const undone: string[] = [];
  const stops: { path: string; text: string }[] = [];

  function text(): string {
    return snapshot.documents.get(path)!.content;
  }

  function change(edits: readonly TextEdit[], origin: ChangeOrigin): void {
    now += 100;
    const document = snapshot.documents.get(path)!;
    if (origin !== 'undo' && origin !== 'redo') stops.push({ path, text: document.content });
    const { version } = document;
    snapshot = snapshot.change({ path, baseVersion: version, version: version + 1, edits, origin, at: now });
  }

  /** The same replacement at every caret: `before` units to its left, `after` to its right. */
  function atCarets(before: number, after: number, insert: string, origin: ChangeOrigin): void {
    const edits = carets.map((caret): TextEdit => [caret - before, caret + after, insert]);
    carets = carets.map((caret, index) => caret - before + insert.length + index * (insert.length - before - after));
    change(edits, origin);
  }

  function restore(target: string, origin: 'undo' | 'redo'): void {
    const edit = minimizeEdit(text(), [0, text().length, target]);
    change([edit], origin);
    carets = [edit[0] + edit[2].length];
  }

  const session = {
    get snapshot() {
      return snapshot;
    },
    get text() {
      return text();
    },
    /** Goes to the end of the first occurrence of each mark (`start of` with `before`). */
    go(...marks: readonly string[]) {
      carets = marks.map((mark) => text().indexOf(mark) + mark.length);
      return session;
    },
    before(...marks: readonly string[]) {
      carets = marks.map((mark) => text().indexOf(mark));
      return session;
    },
    file(next: string) {
      path = next;
      carets = [0];
      return session;
    },
    type(keys: string) {
      for (const key of keys) atCarets(0, 0, key, 'typed');
      return session;
    },
    /** Types over what is selected: the first key replaces it. */
    typeOver(selected: string, keys: string) {
      const start = text().indexOf(selected);
      carets = [start];
      atCarets(0, selected.length, keys[0]!, 'typed');
      return session.type(keys.slice(1));
    },
    backspace(times = 1) {
      for (let time = 0; time < times; time++) atCarets(1, 0, '', 'typed');
      return session;
    },
    del(times = 1) {
      for (let time = 0; time < times; time++) atCarets(0, 1, '', 'typed');
      return session;
    },
    paste(inserted: string) {
      atCarets(0, 0, inserted, 'paste');
      return session;
    },
    tool(from: string, to: string) {
      const start = text().indexOf(from);
      change([[start, start + from.length, to]], 'tool');
      return session;
    },
    rewrite(to: string, origin: ChangeOrigin = 'tool') {
      change([[0, text().length, to]], origin);
      return session;
    },
    /** Back to what the text was `keys` changes ago. */
    undo(keys = 1) {
      for (let key = 0; key < keys - 1; key++) undone.push(stops.pop()!.text);
      undone.push(text());
      restore(stops.pop()!.text, 'undo');
      return session;
    },
    redo() {
      restore(undone.pop()!, 'redo');
      return session;
    },
    wait(milliseconds: number) {
      now += milliseconds;
      return session;
    },
    close() {
      snapshot = snapshot.close(path);
      return session;
    },
    open(content: string) {
      snapshot = snapshot.open({ path, languageId: 'typescript', version: 1, text: content });
      return session;
    },
    /** One line per place of each edit of the history, oldest first: `origin kind steps path:line: marked line`. */
    transcript(): string {
      return snapshot.history.edits
        .map((edit) => {
          const marked = renderMarked(edit.path, stringOf(edit.before), historyEdits(edit));
          return `${edit.origin} ${edit.kind} x${edit.steps} ${marked.replaceAll('\n', '\n  ')}`;
        })
        .join('\n');
    },
  };
  return session;
}
