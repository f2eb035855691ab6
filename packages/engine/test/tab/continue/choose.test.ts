import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Chosen,
  isShown,
  type Manner,
  type Option,
  ordered,
  STILL,
  TYPING,
} from '../../../src/tab/continue/choose.ts';

/** A text with how likely it is; `$` at its end says that it is all of the line. */
function option(text: string, score: number): Option {
  const whole = text.endsWith('$');
  const cut = { text: whole ? text.slice(0, -1) : text, whole, steps: [], probability: score, rank: 0 };
  return { cut: cut as unknown as Option['cut'], features: {} as Option['features'], score };
}

const told = ({ cut, ...rest }: Chosen) =>
  `${isShown({ cut, ...rest }) ? 'shown' : 'held back'} ${cut.text}${cut.whole ? '$' : ''}`;
const first = (options: readonly Option[], manner: Manner) => told(ordered(options, manner)[0]!);

describe('where no key is coming', () => {
  test.each<[name: string, options: Option[], expected: string]>([
    ['a whole line at the usual bar', [option('toString();$', 0.25)], 'shown toString();$'],
    ['not below it', [option('toString();$', 0.24)], 'held back toString();$'],
    ['a part is held back unless it is all but certain', [option('toString', 0.9)], 'held back toString'],
    ['then it is shown', [option('toString', 0.95)], 'shown toString'],
    [
      'the whole line goes before its surer beginning',
      [option('toString', 0.99), option('toString();$', 0.5)],
      'shown toString();$',
    ],
    [
      'of two lines the one that is worth more',
      [option('map(one)$', 0.3), option('map(two)$', 0.4)],
      'shown map(two)$',
    ],
    [
      'one that is shown goes before a longer one that is not',
      [option('x'.repeat(80) + '$', 0.2), option('map(two)$', 0.4)],
      'shown map(two)$',
    ],
    ['a closer alone ends a line', [option(';$', 0.6)], 'shown ;$'],
  ])('%s', (_, options, expected) => {
    expect(first(options, STILL)).toBe(expected);
  });
});

describe('while keys come', () => {
  test.each<[name: string, options: Option[], expected: string]>([
    ['a whole line has to be likelier', [option('toString().length;$', 0.5)], 'held back toString().length;$'],
    ['and is shown then', [option('toString().length;$', 0.65)], 'shown toString().length;$'],
    ['a part need not be all but certain', [option('toStringTag', 0.8)], 'shown toStringTag'],
    ['nothing for one or two keys', [option('ng', 0.99)], 'held back ng'],
    [
      'a short text has to be surer than a long one: little is saved, as much is lost',
      [option('size', 0.7)],
      'held back size',
    ],
    [
      'a sure part goes before an unsure line',
      [option('toStringTag', 0.9), option('toStringTag(value, other);$', 0.4)],
      'shown toStringTag',
    ],
  ])('%s', (_, options, expected) => {
    expect(first(options, TYPING)).toBe(expected);
  });
});

test('properties: nothing is lost, what is shown comes first and by gain, and saves keys on average', () => {
  const options = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 60 }), fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(options, fc.constantFrom(STILL, TYPING), (given, manner) => {
      const chosen = ordered(
        given.map(([length, whole, score]) => option('x'.repeat(length) + (whole ? '$' : ''), score)),
        manner,
      );
      expect(chosen.length).toBe(given.length);
      const shown = chosen.map(isShown);
      expect(shown).toEqual([...shown].sort((a, b) => Number(b) - Number(a)));
      for (const [index, choice] of chosen.entries()) {
        if (isShown(choice)) expect(choice.gain).toBeGreaterThanOrEqual(-1e-9);
        const next = chosen[index + 1];
        if (next && isShown(next) === isShown(choice)) expect(next.gain).toBeLessThanOrEqual(choice.gain);
      }
    }),
    { seed: 11 },
  );
});
