import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileGlob } from '../../../src/index/files/glob.ts';

/** Patterns as gitignore(5) and git's own tests of wildmatch have them; git-differential.test.ts compares thousands more with git itself. */

const matches = (pattern: string, text: string, options = { paths: true, ignoreCase: false }): boolean =>
  compileGlob(pattern, options)?.matches(text) ?? false;

it.each([
  // pattern, what it matches, what it does not
  ['foo', ['foo'], ['fo', 'fooo', 'FOO', 'a/foo']],
  ['???', ['foo'], ['fo', 'fooo', 'a/b']],
  ['*', ['', 'foo'], ['a/b']],
  ['f*', ['f', 'foo'], ['', 'of', 'f/o']],
  ['*foo*', ['foo', 'afoob'], ['fo/o', 'a/foo']],
  ['*ob*a*r*', ['foobar', 'obar'], ['foobr']],
  ['a*b*c', ['abc', 'axbxc', 'abbcc'], ['abcx', 'ab/c']],
  ['\\*', ['*'], ['a', '\\*', '']],
  ['foo\\*bar', ['foo*bar'], ['fooxbar']],
  ['f\\\\oo', ['f\\oo'], ['foo']],
  ['foo\\', [], ['foo', 'foo\\']],
  ['**', ['', 'a', 'a/b/c'], []],
  ['**/foo', ['foo', 'a/foo', 'a/b/foo'], ['afoo', 'foo/a', 'a/foo/b']],
  ['foo/**', ['foo/', 'foo/a', 'foo/a/b'], ['foo', 'fooo/a']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'b/a/b']],
  ['a**b', ['ab', 'axb'], ['a/b', 'ax/b']],
  ['a**/b', ['ax/b', 'a/b'], ['ax/y/b', 'ab']],
  ['**/a/**/b', ['a/b', 'x/a/y/z/b', 'a/a/b'], ['b', 'x/b/a']],
  ['*/*/*', ['a/b/c'], ['a/b', 'a/b/c/d']],
  ['**/**/**', ['a', 'a/b/c'], []],
  ['**/*a*/*b', ['xa/yb', 'q/xax/b', 'a/a/b'], ['xa/y/zb', 'b']],
  ['***/foo', ['foo', 'a/foo'], []],
  ['foo/***', ['foo/a/b'], ['foo']],
] as const)('%s', (pattern, yes, no) => {
  expect([yes.filter((text) => !matches(pattern, text)), no.filter((text) => matches(pattern, text))]).toEqual([
    [],
    [],
  ]);
});

it.each([
  // pattern, the bytes it matches among these
  ['[abc]', 'abc'],
  ['[!abc]', '-0AB]^\\['],
  ['[^abc]', '-0AB]^\\['],
  ['[a-c]', 'abc'],
  ['[c-a]', 'c'],
  ['[]]', ']'],
  ['[!]]', '-0ABabc^\\['],
  ['[]a]', 'a]'],
  ['[a-]', '-a'],
  ['[-a]', '-a'],
  ['[a\\-c]', '-ac'],
  ['[\\]]', ']'],
  ['[\\\\]', '\\'],
  ['[[]', '['],
  ['[[:digit:]]', '0'],
  ['[[:upper:]]', 'AB'],
  ['[[:lower:][:digit:]]', '0abc'],
  ['[![:alnum:]]', '-]^\\['],
  ['[[:punct:]]', '-]^\\['],
  ['[a-[:digit:]]', ''],
  ['[[:none:]]', ''],
  ['[[:alpha:]', ''],
  ['[a', ''],
  ['[', ''],
  ['[]', ''],
  ['[!]', ''],
])('%s', (pattern, expected) => {
  const found = [...'-0ABabc]^\\['].filter((character) => matches(pattern, character)).join('');
  expect([...found].sort().join('')).toBe([...expected].sort().join(''));
});

it('no class matches a slash in a path', () => {
  for (const pattern of ['[/]', '[!a]', '[.-0]', '[[:punct:]]', '?', '[\\/]'])
    expect(matches(`a${pattern}b`, 'a/b')).toBe(false);
});

it('letters of any case, as git folds them: an escaped capital and one in a class stay what they are', () => {
  const folded = (pattern: string, text: string): boolean => matches(pattern, text, { paths: true, ignoreCase: true });
  for (const [pattern, text] of [
    ['FOO*', 'foobar'],
    ['f?o', 'FXO'],
    ['[A-Z]x', 'ax'],
    ['[[:upper:]]', 'a'],
    ['**/A', 'b/a'],
  ] as const) {
    expect([pattern, folded(pattern, text)]).toEqual([pattern, true]);
  }
  for (const [pattern, text] of [
    ['\\A', 'a'],
    ['\\A', 'A'],
    ['[A]', 'a'],
    ['é', 'É'],
  ] as const) {
    expect([pattern, folded(pattern, text)]).toEqual([pattern, false]);
  }
});

it('for a name, stars do not care for slashes and two are one', () => {
  const name = { paths: false, ignoreCase: false };
  expect(matches('a**b', 'axyb', name)).toBe(true);
  expect(matches('**', 'abc', name)).toBe(true);
});

/** The definition itself, by trying everything: slow, and obviously right. */
function byDefinition(tokens: readonly string[], text: string): boolean {
  const [first, ...rest] = tokens;
  if (first === undefined) return text === '';
  if (first === '**/') {
    if (byDefinition(rest, text)) return true;
    for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1))
      if (byDefinition(rest, text.slice(at + 1))) return true;
    return false;
  }
  if (first === '*') {
    for (let length = 0; length <= text.length && !text.slice(0, length).includes('/'); length++) {
      if (byDefinition(rest, text.slice(length))) return true;
    }
    return false;
  }
  if (text === '') return false;
  return (first === '?' ? text[0] !== '/' : text[0] === first) && byDefinition(rest, text.slice(1));
}

it('backing up to the last star alone finds what trying everything finds', () => {
  const segment = fc.array(fc.constantFrom('a', 'b', '?', '*'), { minLength: 1, maxLength: 4 }).map(
    // Two stars in a row would be read as two of another kind.
    (tokens) => tokens.filter((token, index) => token !== '*' || tokens[index - 1] !== '*'),
  );
  const pattern = fc
    .array(fc.tuple(fc.boolean(), segment), { minLength: 1, maxLength: 4 })
    .map((segments) =>
      segments.flatMap(([deep, tokens], index) => [...(index > 0 ? ['/'] : []), ...(deep ? ['**/'] : []), ...tokens]),
    );
  const text = fc
    .array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join('/'));
  fc.assert(
    fc.property(pattern, text, (tokens, path) => {
      expect(matches(tokens.join(''), path)).toBe(byDefinition(tokens, path));
    }),
    { seed: 6, numRuns: 3_000 },
  );
});
