import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CUT_FEATURES } from '../../../src/tab/continue/calibration.ts';
import calibration from '../../../src/tab/continue/calibration-weights.json' with { type: 'json' };
import { BaseBuilder } from '../../../src/tab/lexicon/base.ts';
import { encode } from '../../../src/tab/lexicon/encode.ts';
import { liveText } from '../../../src/tab/lexicon/live-text.ts';
import { countContext, Matches, matchBase, matchText } from '../../../src/tab/lexicon/matches.ts';
import { PatternState } from '../../../src/tab/lexicon/patterns.ts';
import { FEATURE_NAMES, type Knowledge, predict } from '../../../src/tab/lexicon/predict.ts';
import { DEPTH } from '../../../src/tab/lexicon/suffix-array.ts';
import { endsLine, wordOf } from '../../../src/tab/lexicon/symbols.ts';
import { TOKEN_FEATURES } from '../../../src/tab/lexicon/token-weights.ts';
import { Words } from '../../../src/tab/lexicon/words.ts';

test('the weights that ship are those of the features that are computed', () => {
  expect(TOKEN_FEATURES).toEqual(FEATURE_NAMES);
  expect(Object.keys(calibration.whole)).toEqual([...CUT_FEATURES]);
  expect(Object.keys(calibration.part)).toEqual([...CUT_FEATURES]);
});

const source = fc
  .array(fc.constantFrom('a', 'b', 'foo', '(', ')', '=', '\n', '  ', '1'), { maxLength: 60 })
  .map((parts) => parts.join(' '));

function baseOf(texts: readonly string[]) {
  const builder = new BaseBuilder();
  for (const [index, text] of texts.entries()) builder.add({ path: `${index}.ts`, modified: 0, size: 0 }, text);
  return builder.freeze();
}

/** Every place of a stream after the last token of a context: what follows, and how far back the two agree. */
function bruteForce(stream: Int32Array, context: readonly number[]): string[] {
  const found: string[] = [];
  for (let at = 1; at < stream.length; at++) {
    let length = 0;
    while (
      length < DEPTH &&
      length < context.length &&
      (stream[at - 1 - length] ?? 0) === context[context.length - 1 - length]
    )
      length++;
    if (length > 0) found.push(`${stream[at]} after ${length}`);
  }
  return found.sort();
}

class Recorded extends Matches {
  readonly entries: string[] = [];
  override add(next: number, length: number, weight: number, places: number): void {
    super.add(next, length, weight, places);
    if (weight > 0) this.entries.push(`${next} after ${length}`);
  }
}

describe('places alike to a context', () => {
  test('are all found, with the length they agree over', () => {
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 3 }), source, (texts, query) => {
        const base = baseOf(texts);
        const words = new Words(base.words);
        const context = [...encode(query, words).symbols].slice(-6);
        fc.pre(context.length > 0);
        const expected = bruteForce(base.symbols, context);
        fc.pre(expected.length <= 32);
        const fromBase = new Recorded();
        matchBase(
          base,
          base.symbols,
          base.order,
          context,
          Float32Array.from(texts, () => 1),
          fromBase,
        );
        expect(fromBase.entries.sort()).toEqual(expected);
        const fromText = new Recorded();
        matchText(base.symbols, context, { from: 0, to: 0 }, -1, 1, fromText);
        expect(fromText.entries.sort()).toEqual(expected);
        const { length, count } = countContext(base, context);
        const longest = expected.filter((entry) => entry.endsWith(` after ${length}`));
        if (length < context.length && length > 0) expect(count).toBeGreaterThanOrEqual(longest.length);
      }),
      { numRuns: 500, seed: 12 },
    );
  });

  test('beyond the sample stand for all of them', () => {
    const base = baseOf([`${'call(one);\n'.repeat(600)}${'call(two);\n'.repeat(200)}`]);
    const words = new Words(base.words);
    const found = new Matches();
    matchBase(base, base.symbols, base.order, [...encode('call(', words).symbols], Float32Array.of(1), found);
    const places = new Map<string, number>();
    for (let at = 0; at < found.size; at++) {
      const token = words.text(wordOf(found.next[at]!));
      if (found.level[at]! >= 2) places.set(token, (places.get(token) ?? 0) + found.places[at]!);
    }
    expect(places.get('one')! + places.get('two')!).toBeCloseTo(800, 0);
    expect(places.get('one')! / 800).toBeGreaterThan(0.6);
    expect(places.get('one')! / 800).toBeLessThan(0.9);
  });

  test('leave the hole out', () => {
    const words = new Words();
    const { symbols } = encode('a b\na c\na d', words);
    const found = new Recorded();
    matchText(symbols, [symbols[0]!], { from: 4, to: 5 }, -1, 1, found);
    expect(found.size).toBe(2);
  });
});

describe('predictions', () => {
  const known = (self: string, texts: readonly string[] = []): Knowledge => {
    const base = baseOf(texts);
    const words = texts.length > 0 ? new Words(base.words) : new Words();
    return {
      base,
      words,
      weights: Float32Array.from(texts, () => 1),
      others: [],
      self: liveText('self.ts', self, words),
      hole: { from: 0, to: 0 },
    };
  };
  const contextOf = (knowledge: Knowledge, text: string) => {
    const symbols = [...encode(text, knowledge.words).symbols];
    const state = new PatternState(knowledge.words);
    return { symbols, patterns: symbols.map((symbol) => state.next(symbol)), state };
  };
  const shown = (knowledge: Knowledge, symbol: number) =>
    endsLine(symbol) ? '\\n' : knowledge.words.text(wordOf(symbol));

  test('are a distribution that leaves room for the unseen', () => {
    fc.assert(
      fc.property(source, source, source, (self, other, query) => {
        const knowledge = known(self, [other]);
        const found = predict(knowledge, contextOf(knowledge, query));
        const total = found.reduce((sum, { probability }) => sum + probability, 0);
        expect(total).toBeLessThan(1);
        for (const { probability } of found) expect(probability).toBeGreaterThan(0);
      }),
      { numRuns: 300, seed: 13 },
    );
  });

  test.each([
    ['more often seen', 'f(x); f(x); f(x); f(y);', [], 'f(', 'x'],
    ['in this file rather than in another', 'f(mine);\nf(mine);', ['f(theirs);\nf(theirs);'], 'f(', 'mine'],
    ['after the longer context', 'a f(x);\nb f(y);\na f(x);\nb f(y);\na f(x);\nb f(y);\na f(x);', [], 'b f(', 'y'],
    [
      'by what it repeats, where the names are new',
      'this.a = a;\nthis.b = b;\nthis.c = c;\nthis.d = d;\nthis.e = e;\n',
      [],
      'this.d = d;\nthis.e = e;\nthis.fresh =',
      'fresh',
    ],
  ])('the token %s comes first', (_, self, texts, query, expected) => {
    const knowledge = known(self, texts);
    expect(shown(knowledge, predict(knowledge, contextOf(knowledge, query))[0]!.symbol)).toBe(expected);
  });

  test('keep to what fits', () => {
    const knowledge = known('f(alpha); f(alpha); f(beta);');
    const starts = (symbol: number) => wordOf(symbol) >= 0 && knowledge.words.text(wordOf(symbol)).startsWith('b');
    const found = predict(knowledge, contextOf(knowledge, 'f('), starts);
    expect(found.map(({ symbol }) => shown(knowledge, symbol))).toEqual(['beta']);
  });
});
