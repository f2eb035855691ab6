import fc from 'fast-check';
import { expect, test } from 'vitest';
import { liveText, updateLiveText } from '../../../src/tab/lexicon/live-text.ts';
import { Words } from '../../../src/tab/lexicon/words.ts';

const line = fc.constantFrom(
  ...[
    'const userName = load(user);',
    '  if (a) {',
    '    return a.b;',
    '  }',
    '',
    '   ',
    '\tx = 1',
    'class User {',
    '}',
    ' * text',
  ],
  ...['  foo(bar, baz)', 'x', '      deep(er)', 'a\r', '\r', 'let [i, j, k] = [l, m, n, o, p, q, r, s, t, u, v, w]'],
);
const document = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'));

function changed(text: string, at: number, removed: number, inserted: string): string {
  const from = Math.floor(at * text.length);
  return text.slice(0, from) + inserted + text.slice(from + removed);
}

test('an updated text is the text encoded anew', () => {
  const insert = fc.oneof(line, fc.constantFrom('a', 'User', '\n', ' ', '\n\n', '}', '\n  '));
  const edit = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 60 }), insert);
  fc.assert(
    fc.property(document, fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
      const words = new Words();
      let current = text;
      let live = liveText('a.ts', current, words);
      for (const [at, removed, inserted] of edits) {
        const next = changed(current, at, removed, inserted);
        live = updateLiveText(live, current, next, words);
        current = next;
        expect(live).toEqual(liveText('a.ts', current, words));
      }
    }),
    { numRuns: 1_500, seed: 21 },
  );
});

test('an unchanged text stays the same object', () => {
  const words = new Words();
  const live = liveText('a.ts', 'a\nb', words);
  expect(updateLiveText(live, 'a\nb', 'a\nb', words)).toBe(live);
});
