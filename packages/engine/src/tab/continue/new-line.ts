import type { Document } from '../../workspace/document.ts';
import { changeSetOf } from '../../workspace/text-edit.ts';
import type { TabContext } from '../source.ts';

/**
 * The document with the line break that is still to come, where a new line is being typed right before the text of one that was there: at its
 * start, with what is typed so far glued to it (`const a|const b = 2`). The same document anywhere else.
 */
export function withLineOfItsOwn({ document, cursor, snapshot }: TabContext): Document {
  const { offset } = cursor;
  const line = document.text.lineAt(offset);
  if (line.text.slice(offset - line.from).trim() === '') return document;
  const latest = snapshot.history.latest;
  if (!latest || latest.path !== document.path) return document;
  let start = -1;
  latest.changes.iterChanges((fromA, toA, fromB, toB) => {
    if (fromA === toA && toB === offset) start = Math.max(fromB, line.from);
  });
  if (start < 0 || start === offset || line.text.slice(0, start - line.from).trim() !== '') return document;
  return document.update(changeSetOf([[offset, offset, '\n']], document.length), document.version);
}
