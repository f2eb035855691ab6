import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode } from '../../../src/tab/lexicon/encode.ts';
import { liveText } from '../../../src/tab/lexicon/live-text.ts';
import { lineHash, revisionOf, savedText } from '../../../src/tab/lexicon/revision.ts';
import { endsLine, wordOf } from '../../../src/tab/lexicon/symbols.ts';
import { Words } from '../../../src/tab/lexicon/words.ts';

/** What became of `before`: lines gone and new, with the tokens apart, and where in it `|` of `after` is. */
function revised(before: string, after: string) {
  const words = new Words();
  const old = liveText('a.ts', before, words);
  const cursor = after.indexOf('|');
  const now = liveText('a.ts', after.replace('|', ''), words);
  const at = cursor < 0 ? now.symbols.length : now.starts.filter((start) => start < cursor).length;
  const revision = revisionOf(savedText(old.symbols, old.patterns), now, at);
  const marked = (symbols: Int32Array, marks: Uint8Array) => {
    const lines: string[] = [];
    let line: string[] = [];
    symbols.forEach((symbol, index) => {
      if (marks[index] === 1 && !endsLine(symbol)) line.push(words.text(wordOf(symbol)));
      if (endsLine(symbol) || index === symbols.length - 1) {
        if (line.length > 0) lines.push(line.join(' '));
        line = [];
      }
    });
    return lines;
  };
  const nextWord = (symbols: Int32Array) => {
    const word = symbols.find((symbol) => !endsLine(symbol));
    return word === undefined ? undefined : words.text(wordOf(word));
  };
  return {
    words,
    revision,
    gone: marked(old.symbols, revision.gone),
    fresh: marked(now.symbols, revision.fresh),
    next: nextWord(old.symbols.subarray(revision.anchor)),
  };
}

describe('lines since the base was built', () => {
  test.each<[name: string, before: string, after: string, gone: string[], fresh: string[]]>([
    ['nothing changed', 'one();\ntwo();\n', 'one();\ntwo();\n', [], []],
    ['a line replaced', 'one(1);\ntwo();\n', 'one(2);\ntwo();\n', ['one ( 1 ) ;'], ['one ( 2 ) ;']],
    ['a line added', 'one();\n', 'one();\ntwo();\n', [], ['two ( ) ;']],
    ['a line taken out', 'one();\ntwo();\nthree();\n', 'one();\nthree();\n', ['two ( ) ;'], []],
    ['indentation alone is no change', 'if (a) {\n  b();\n}\n', 'if (a) {\n    b();\n}\n', [], []],
    ['a line moved is neither', 'one();\ntwo();\n', 'two();\none();\n', [], []],
    ['one of two alike is not gone', 'same();\nsame();\n', 'same();\n', [], []],
  ])('%s', (_, before, after, gone, fresh) => {
    const found = revised(before, after);
    expect([found.gone, found.fresh]).toEqual([gone, fresh]);
  });

  test('the cursor is where the lines above it were', () => {
    expect(revised('one();\ntwo();\nthree();\n', 'zero();\none();\n|three();\n').next).toBe('two');
  });

  test('a line that is gone is known by its hash', () => {
    const { words, revision } = revised('one(1);\ntwo();\n', 'one(2);\ntwo();\n');
    const hash = (text: string) => lineHash(encode(text, words).symbols);
    expect([revision.goneLines.has(hash('one(1);')), revision.goneLines.has(hash('two();'))]).toEqual([true, false]);
    expect([revision.lines.has(hash('one(2);')), revision.lines.has(hash('one(1);'))]).toEqual([true, false]);
  });

  test('properties: marked are the lines of one text that the other has not', () => {
    const text = fc
      .array(fc.constantFrom('a b', 'a (', 'b', 'c = a', '', 'a b c'), { maxLength: 12 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = (of: string) => of.split('\n').filter((line) => line !== '');
        const missing = (of: string, from: string) => lines(of).filter((line) => !lines(from).includes(line));
        const { gone, fresh } = revised(before, after);
        expect(gone).toEqual(missing(before, after));
        expect(fresh).toEqual(missing(after, before));
      }),
      { seed: 5 },
    );
  });
});
