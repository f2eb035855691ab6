import { describe, expect, test } from 'vitest';
import { withLineOfItsOwn } from '../../../src/tab/continue/new-line.ts';
import { Snapshot } from '../../../src/workspace/snapshot.ts';
import { contextOf } from '../check.ts';

/** The text that is predicted in after `typed` was typed key by key at `at`, the cursor as `|`. */
function seen(text: string, at: number, typed: string, then?: number): string {
  let snapshot = Snapshot.empty.open({ path: 'a.ts', languageId: 'typescript', version: 1, text });
  for (const [index, key] of [...typed].entries())
    snapshot = snapshot.change({
      path: 'a.ts',
      baseVersion: index + 1,
      version: index + 2,
      edits: [[at + index, at + index, key]],
      origin: 'typed',
      at: index * 100,
    });
  const offset = then ?? at + typed.length;
  const document = withLineOfItsOwn(contextOf(snapshot.moveCursor({ path: 'a.ts', offset, selecting: false })));
  return `${document.content.slice(0, offset)}|${document.content.slice(offset)}`;
}

describe('a line that is typed before the text of another', () => {
  test.each<[name: string, text: string, at: number, typed: string, expected: string]>([
    ['gets its line break', 'first;\nsecond;\n', 7, 'new', 'first;\nnew|\nsecond;\n'],
    ['with its indentation typed before that of the other', '{\n  b();\n}\n', 2, '  a', '{\n  a|\n  b();\n}\n'],
    ['or after it', '{\n  b();\n}\n', 4, 'a', '{\n  a|\nb();\n}\n'],
    ['has it already', 'first;\n\nsecond;\n', 7, 'new', 'first;\nnew|\nsecond;\n'],
    ['is none where text stands before it', 'let a = b;\n', 8, 'c', 'let a = c|b;\n'],
  ])('%s', (_, text, at, typed, expected) => {
    expect(seen(text, at, typed)).toBe(expected);
  });
  test('is none where the cursor has gone elsewhere', () => {
    expect(seen('first;\nsecond;\n', 7, 'new', 8)).toBe('first;\nn|ewsecond;\n');
  });
  test('is none where nothing was typed', () => {
    expect(seen('first;\nsecond;\n', 7, '')).toBe('first;\n|second;\n');
  });
});
