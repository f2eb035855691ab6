import { parseMarked } from '@tabstop/testkit';
import { expect, test } from 'vitest';
import { onlyReverts } from '../../src/tab/reverts.ts';
import { EditHistory } from '../../src/workspace/history.ts';
import { applyEdits, changeSetOf, type TextEdit, textOf } from '../../src/workspace/text-edit.ts';

/** Makes the marked edits, each as one of its own, then asks about `edit` given as [find, replace] in the resulting text. */
function reverts(fixture: string, find: string, replace: string): boolean {
  const marked = parseMarked(fixture);
  let text = marked.documents[0]!.text;
  let history = EditHistory.empty;
  marked.edits.forEach((edit, index) => {
    const edits: TextEdit[] = [[edit.start, edit.end, edit.text]];
    history = history.push('a.ts', textOf(text), changeSetOf(edits, text.length), 'typed', index * 10_000);
    text = applyEdits(text, edits);
  });
  const at = text.indexOf(find);
  expect(at, `"${find}" in "${text}"`).toBeGreaterThanOrEqual(0);
  return onlyReverts('a.ts', text, [[at, at + find.length, replace]], history.edits);
}

test.each([
  ['putting a replaced word back', 'const [-foo-]{+bar+} = 1;', 'bar', 'foo', true],
  ['going on with the rename elsewhere', 'const [-foo-]{+bar+} = 1;\nuse(foo);', 'foo)', 'bar)', false],
  ['putting a deleted statement back', 'a();\n[-b();\n-]c();', 'c();', 'b();\nc();', true],
  ['putting something else there', 'a();\n[-b();\n-]c();', 'c();', 'd();\nc();', false],
  ['deleting what was just inserted', 'a();\n{+b();\n+}c();', 'b();\n', '', true],
  ['deleting something else', 'a();\n{+b();\n+}c();', 'c();', '', false],
  ['taking one of two replacements back', '[-foo-]{+bar+} [-foo-]{+bar+}', 'bar bar', 'bar foo', true],
  ['replacing the new name by a third one', 'const [-foo-]{+bar+} = 1;', 'bar', 'baz', false],
  ['text behind a fresh insertion', 'x = {+call+}', 'call', 'call()', false],
])('%s', (_name, fixture, find, replace, expected) => {
  expect(reverts(fixture, find, replace)).toBe(expected);
});
