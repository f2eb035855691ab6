import type { WireSearchResult } from '@tabstop/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileRows, matchedLine, SNIPPET_LINES, snippet, whyText } from '../../../src/search/result-rows.ts';

/** `«…»` marks what matches. */
function result(marked: string, change: Partial<WireSearchResult> = {}): WireSearchResult {
  const highlights: [number, number][] = [];
  let text = '';
  for (const [index, part] of marked.split(/[«»]/).entries()) {
    if (index % 2 === 1) highlights.push([text.length, text.length + part.length]);
    text += part;
  }
  return {
    root: '/home/me/app',
    path: 'src/a.ts',
    startLine: 10,
    endLine: 10 + text.split('\n').length - 1,
    score: 1,
    text,
    language: 'typescript',
    highlights,
    why: {},
    ...change,
  };
}
/** The lines of a snippet with the marks put back. */
const shown = (marked: string) =>
  snippet(result(marked)).map(
    ({ number, parts }) => `${number} ${parts.map(([text, match]) => (match ? `«${text}»` : text)).join('')}`,
  );

describe('a snippet', () => {
  test('is the whole of a short result, without the indentation in common', () => {
    expect(shown('    if («retry») {\n      «send»(«file»);\n    }')).toEqual([
      '10 if («retry») {',
      '11   «send»(«file»);',
      '12 }',
    ]);
  });
  test('is where most matches, the first such place', () => {
    const lines = Array.from({ length: 30 }, (_, at) =>
      at === 3 ? 'a «x»' : at === 20 || at === 22 ? 'b «x» «y»' : `line ${at}`,
    );
    expect(shown(lines.join('\n'))).toEqual(['28 line 18', '29 line 19', '30 b «x» «y»', '31 line 21', '32 b «x» «y»']);
  });
  test('without a match is the beginning, without blank lines before and behind', () => {
    expect(shown('\n\none\n\ntwo\n\n\n\nthree')).toEqual(['12 one', '13 ', '14 two']);
  });
  test('a match over several lines is marked in each', () => {
    expect(shown('a «b\nc» d')).toEqual(['10 a «b»', '11 «c» d']);
  });
  test('line breaks of Windows do not show', () => {
    expect(shown('a «b»\r\nc\r')).toEqual(['10 a «b»', '11 c']);
  });
  test('a line without end is cut', () => {
    const [line] = snippet(result('x'.repeat(10_000)));
    expect(line!.parts.map(([text]) => text.length)).toEqual([240, 1]);
  });
  test('shows the very text, in order, for every text and every set of ranges', () => {
    const word = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.boolean()), { maxLength: 40 }), (parts) => {
        let text = '';
        const highlights: [number, number][] = [];
        for (const [part, match] of parts) {
          if (match && part !== '') highlights.push([text.length, text.length + part.length]);
          text += part;
        }
        const lines = text.split('\n');
        const found = snippet(result('', { text, highlights }));
        expect(found.length).toBeGreaterThan(0);
        expect(found.length).toBeLessThanOrEqual(SNIPPET_LINES);
        for (const { number, parts: cut } of found) {
          const line = lines[number - 10]!;
          expect(line.endsWith(cut.map(([piece]) => piece).join(''))).toBe(true);
          expect(line.trimStart().length).toBeLessThanOrEqual(cut.map(([piece]) => piece).join('').length);
        }
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});

test.each([
  ['a\nb «x»\nc «x»', 11],
  ['no match at all\nb', 10],
])('the cursor goes to the first match of %j', (marked, line) => {
  expect(matchedLine(result(marked))).toBe(line);
});

describe('results under their files', () => {
  const answer = (...results: WireSearchResult[]) => ({ results, state: 'complete' as const, ms: 1, notes: [] });
  test('files in the order of their best result; results keep their place in the answer', () => {
    const rows = fileRows(
      answer(
        result('one', { path: 'b.ts' }),
        result('two', { symbol: 'Two' }),
        result('three', { path: 'b.ts', startLine: 1, endLine: 1 }),
      ),
      ['/home/me/app'],
    );
    expect(
      rows.map(({ name, folder, rows: own }) => [
        name,
        folder,
        ...own.map(({ index, startLine, symbol }) => `${index} ${startLine} ${symbol}`),
      ]),
    ).toEqual([
      ['b.ts', '', '0 10 ', '2 1 '],
      ['a.ts', 'src', '1 10 Two'],
    ]);
  });
  test('with several folders open each file says of which', () => {
    const rows = fileRows(
      answer(result('x'), result('x', { root: '/home/me/lib' }), result('x', { root: '/home/me/lib', path: 'top.ts' })),
      ['/home/me/app', '/home/me/lib'],
    );
    expect(rows.map(({ name, folder }) => `${name} ${folder}`)).toEqual([
      'a.ts app • src',
      'a.ts lib • src',
      'top.ts lib',
    ]);
  });
});

test.each([
  [{ words: 0.2, meaning: 0.75, path: 0.004 }, 'meaning 75 % · words 20 %'],
  [{ a: 0.1, b: 0.2, c: 0.3, d: 0.15, e: 0.25 }, 'c 30 % · e 25 % · b 20 % · d 15 %'],
  [{ matched: ['retri', 'upload'] }, ''],
  [{ words: 1, near: 'open file' }, 'words 100 % · near: open file'],
  [{ score: 4.25 }, 'score 4.3'],
])('why %j', (why, text) => {
  expect(whyText(why)).toBe(text);
});
