import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskedCode } from '../../../src/tab/repair/code-mask.ts';
import { keywordLanguages } from '../../../src/workspace/languages.ts';

/** Blanks as dots, so that a failure can be read. */
const masked = (languageId: string, text: string, what: 'comments' | 'comments-and-strings' = 'comments-and-strings') =>
  maskedCode(text, languageId, what).replaceAll(' ', '.');

describe('what is no code is blank', () => {
  test.each([
    ['typescript', 'a("b", \'c\') // d', 'a(...,....).....'],
    ['typescript', 'a /* b\nc */ d', 'a.....\n.....d'],
    ['typescript', '`a ${b} c`;', '.....b....;'],
    ['typescript', 'x = /["/]/; y', 'x.=.......;.y'],
    ['typescript', 'x = a / b / c', 'x.=.a./.b./.c'],
    ['python', 'a = """b\nc""" # d', 'a.=.....\n........'],
    ['go', 'a := `b\nc`', 'a.:=...\n..'],
    ['rust', "fn f<'a>(x: &'a str) { 'b' }", "fn.f<'a>(x:.&'a.str).{.....}"],
    ['ruby', "a # 'b", 'a.....'],
    ['php', '#[A] $a # b', '#[A].$a....'],
    ['java', '"a\\"b" c', '.......c'],
  ])('%s: %s', (languageId, text, expected) => {
    expect(masked(languageId, text)).toBe(expected);
  });

  test('strings stay where only comments are asked for', () => {
    expect(masked('typescript', 'a("b // c"); // d', 'comments')).toBe('a("b.//.c");.....');
  });

  test('an unclosed comment ends with the text, an unclosed string with its line', () => {
    expect(masked('typescript', 'a /* b\nc')).toBe('a.....\n.');
    expect(masked('typescript', 'a("b\nc()')).toBe('a("b\nc()');
  });

  test('a language that is not known is left as it is', () => {
    expect(maskedCode('a // b', 'cobol', 'comments')).toBe('a // b');
  });
});

test('length and line breaks stay, for any text in any language', () => {
  const piece = fc.constantFrom(
    '"',
    "'",
    '`',
    '//',
    '/*',
    '*/',
    '#',
    '\n',
    '${',
    '}',
    '\\',
    '"""',
    'a',
    ' ',
    '/',
    '(',
    '😀',
    '\r\n',
  );
  fc.assert(
    fc.property(fc.constantFrom(...keywordLanguages), fc.array(piece, { maxLength: 40 }), (languageId, pieces) => {
      const text = pieces.join('');
      const result = maskedCode(text, languageId, 'comments-and-strings');
      expect(result).toHaveLength(text.length);
      for (let at = 0; at < text.length; at++) {
        if (text[at] === '\n') expect(result[at]).toBe('\n');
        else expect([text[at], ' ']).toContain(result[at]);
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});
