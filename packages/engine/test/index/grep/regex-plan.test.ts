import { pick, seededRandom } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import type { GramPlan } from '../../../src/index/grep/gram-plan.ts';
import { planPattern } from '../../../src/index/grep/regex-plan.ts';
import { createGramReader, ODD_CASE_GRAM } from '../../../src/index/grep/trigrams.ts';

/** `abc bcd`: all of them; `(a | b)`: either; `*`: any file. */
function shown(plan: GramPlan): string {
  if (plan.kind === 'all') return '*';
  if (plan.kind === 'grams')
    return plan.grams
      .map((gram) =>
        gram === ODD_CASE_GRAM ? 'ODD' : Buffer.from([gram >>> 16, (gram >>> 8) & 255, gram & 255]).toString('latin1'),
      )
      .join(' ');
  const parts = plan.of.map(shown);
  return plan.kind === 'and' ? parts.join(' ') : `(${parts.join(' | ')})`;
}

const planned = (pattern: string, ignoreCase = false) => shown(planPattern({ pattern, regex: true, ignoreCase }));

describe('what a file must hold for an expression', () => {
  test.each([
    ['hello', 'hel ell llo'],
    ['HeLLo', 'hel ell llo'],
    ['ab', '*'],
    ['', '*'],
    ['.*', '*'],
    ['abc.*xyz', 'abc xyz'],
    ['abc|xyz', '(abc | xyz)'],
    ['abc|xy', '*'],
    ['(abc|abd)e', '(abc bce | abd bde)'],
    ['ab[cd]e', '(abc bce | abd bde)'],
    ['ab\\w+cd', '*'],
    ['abc?d', '(abc bcd | abd)'],
    ['abc*d', '*'],
    ['abcd*', 'abc'],
    ['abcd+e', 'abc bcd'],
    ['(?:abc){2}', 'abc bca cab'],
    ['(?:abc){0}xyz', 'xyz'],
    ['(?:abc){3,}', 'abc bca cab'],
    ['^import\\b', 'imp mpo por ort'],
    ['a\\.b', 'a.b'],
    ['\\x61\\u{62}c', 'abc'],
    ['é1', '\xc3\xa91'],
    ['(?P<name>abc)', 'abc'],
    ['(?i)abc', '(abc | ODD)'],
    ['(?i:abc)xyz', '(abc bcx cxy xyz | ODD)'],
    ['(?i)xÄbcd', '(bcd | ODD)'],
    ['[^a]bcd', 'bcd'],
    ['[[:alpha:]]bcd', 'bcd'],
    ['[a-z&&[^b]]bcd', 'bcd'],
    ['[]a]bc', '(]bc | abc)'],
  ])('%s', (pattern, plan) => {
    expect(planned(pattern)).toBe(plan);
  });
  test.each([
    '(',
    'a)',
    '[a',
    'a{',
    'a{,3}b',
    '*abc',
    'abc\\',
    '\\1abc',
    '\\qabc',
    '(?x)a b c',
    '(?-u)abc',
    '(?<=abc)d',
    '\\u{d800}abc',
    'abc[z-a]',
  ])('%s is not understood: all files', (pattern) => {
    expect(planned(pattern)).toBe('*');
  });
  test('case ignored from outside', () => {
    expect(planned('Hello', true)).toBe('(hel ell llo | ODD)');
    expect(shown(planPattern({ pattern: 'a.b(', regex: false, ignoreCase: false }))).toBe('a.b .b(');
  });
  test('sets that would grow without end stay small', () => {
    const started = performance.now();
    expect(planned('[ab][cd][ef][gh][ij][kl][mn][op][qr][st][uv]wxyz')).toContain('wxy xyz');
    planned(`${'(a|b|cd|'.repeat(60)}x${')*'.repeat(60)}`);
    planned('(?:(?:[abc]{1,9}){1,9}d?){2,9}'.repeat(20));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

test('a file in which an expression matches is never left out', { timeout: 120_000 }, () => {
  const random = seededRandom(71);
  const reader = createGramReader();
  const words = ['ab', 'cd', 'abc', 'xyz', 'a', 'b', 'hello'];
  const alternatives = (depth: number): string =>
    random() < 0.3 ? `${sequence(depth)}|${sequence(depth)}` : sequence(depth);
  const sequence = (depth: number): string =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => atom(depth)).join('');
  const atom = (depth: number): string => {
    const kind = random();
    if (kind < 0.45 || depth === 0) return pick(random, words);
    if (kind < 0.55) return pick(random, ['.', '\\w', '[ab]', '[a-z]', '\\s', '[^a]', '\\b', '^', '$']);
    if (kind < 0.8) return `(?:${alternatives(depth - 1)})`;
    return `(?:${alternatives(depth - 1)})${pick(random, ['*', '+', '?', '{2}', '{1,3}', '*?'])}`;
  };
  const admits = (plan: GramPlan, grams: ReadonlySet<number>): boolean => {
    if (plan.kind === 'all') return true;
    if (plan.kind === 'grams') return plan.grams.every((gram) => grams.has(gram));
    return plan.kind === 'and'
      ? plan.of.every((part) => admits(part, grams))
      : plan.of.some((part) => admits(part, grams));
  };
  let matched = 0;
  let narrowed = 0;
  for (let round = 0; round < 8_000; round++) {
    const pattern = alternatives(3);
    const plan = planPattern({ pattern, regex: true, ignoreCase: false });
    if (plan.kind !== 'all') narrowed++;
    const expression = new RegExp(pattern);
    for (let text = 0; text < 4; text++) {
      const line = Array.from({ length: Math.floor(random() * 8) }, () => pick(random, [...words, 'q', ' '])).join('');
      if (!expression.test(line)) continue;
      matched++;
      if (!admits(plan, new Set(reader.read(Buffer.from(line)))))
        expect.unreachable(`${pattern} matches ${line}, and needs ${shown(plan)}`);
    }
  }
  expect(matched).toBeGreaterThan(2_000);
  expect(narrowed).toBeGreaterThan(3_000);
});
