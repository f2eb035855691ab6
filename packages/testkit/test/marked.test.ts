import { expect, test } from 'vitest';
import { parseMarked, renderMarked } from '../src/index.ts';

test('edits are relative to the text that earlier ones left, the cursor to the last', () => {
  const marked = parseMarked(`
    === src/a.ts
    const [-foo-]{+longer+} = 1;
    use([-foo-]{+longer+}<|>);
    === src/b.ts
    [-gone-]kept
  `);
  expect(marked).toEqual({
    documents: [
      { path: 'src/a.ts', text: 'const foo = 1;\nuse(foo);\n' },
      { path: 'src/b.ts', text: 'gonekept\n' },
    ],
    edits: [
      { path: 'src/a.ts', start: 6, end: 9, text: 'longer' },
      { path: 'src/a.ts', start: 22, end: 25, text: 'longer' },
      { path: 'src/b.ts', start: 0, end: 4, text: '' },
    ],
    cursor: { path: 'src/a.ts', offset: 28 },
  });
});

test('numbers put edits in another order than that of appearance', () => {
  expect(parseMarked('[2-a-]{2+xyz+} b [1-c-]').edits).toEqual([
    { path: 'a.ts', start: 4, end: 5, text: '' },
    { path: 'a.ts', start: 0, end: 1, text: 'xyz' },
  ]);
});

test('edits side by side follow each other', () => {
  expect(parseMarked('{+f(+}[-`-]x[-`-]{+)+}').edits).toEqual([
    { path: 'a.ts', start: 0, end: 0, text: 'f(' },
    { path: 'a.ts', start: 2, end: 3, text: '' },
    { path: 'a.ts', start: 3, end: 4, text: ')' },
  ]);
});

test('rendering shows only the touched lines', () => {
  expect(
    renderMarked('a.ts', 'one\ntwo\nthree\n', [
      [4, 7, 'TWO'],
      [8, 8, '>'],
    ]),
  ).toBe('a.ts:2: [-two-]{+TWO+}\na.ts:3: {+>+}three');
});
