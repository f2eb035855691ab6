import { seededRandom } from '@tabstop/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProjectLexicon } from '../../../src/tab/lexicon/project-lexicon.ts';
import { lexiconOfTexts } from '../../../src/tab/lexicon/texts.ts';
import { Document } from '../../../src/workspace/document.ts';
import { languageOf } from '../../../src/workspace/languages.ts';
import { occurrencesOf } from '../../../src/workspace/tokens.ts';

const open = (path: string, text: string, version = 1) =>
  Document.open({ path, languageId: languageOf(path), version, text });

const words = ['alpha', 'beta', 'Gamma', 'delta', 'x', '$y'];
const text = fc
  .array(fc.constantFrom(...words, ' ', '\n', '(', '.', ';'), { maxLength: 40 })
  .map((parts) => parts.join(' '));
const texts = fc.uniqueArray(fc.tuple(fc.constantFrom('a.ts', 'b.ts', 'c/d.ts', 'e.py'), text), {
  selector: ([path]) => path,
  maxLength: 4,
});

describe('identifiers', () => {
  test('files and counts are those of the texts as they are now', () => {
    fc.assert(
      fc.property(texts, texts, texts, (frozen, changed, opened) => {
        const lexicon = lexiconOfTexts(frozen.map(([path, text]) => ({ path, text })));
        const now = new Map(frozen);
        for (const [path, text] of changed) {
          lexicon.fileChanged(path, text === '' ? undefined : text);
          now.set(path, text);
        }
        for (const [path, text] of opened) {
          lexicon.update(open(path, text));
          now.set(path, text);
        }
        for (const word of words) {
          const holding = [...now].filter(([, text]) => occurrencesOf(text, word).length > 0).map(([path]) => path);
          expect([...lexicon.filesWith(word, 100)].sort(), word).toEqual(holding.sort());
          const times = [...now.values()].reduce((sum, text) => sum + occurrencesOf(text, word).length, 0);
          expect(lexicon.count(word), word).toBe(times);
        }
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  test('closing a document brings its file back', () => {
    const lexicon = lexiconOfTexts([{ path: 'a.ts', text: 'onDisk' }]);
    lexicon.update(open('a.ts', 'unsaved'));
    expect([lexicon.filesWith('onDisk', 9), lexicon.filesWith('unsaved', 9)]).toEqual([[], ['a.ts']]);
    lexicon.close('a.ts');
    expect([lexicon.filesWith('onDisk', 9), lexicon.filesWith('unsaved', 9)]).toEqual([['a.ts'], []]);
  });

  test('a limit is kept', () => {
    const lexicon = lexiconOfTexts(['a', 'b', 'c'].map((name) => ({ path: `${name}.ts`, text: 'shared' })));
    lexicon.update(open('d.ts', 'shared'));
    expect(lexicon.filesWith('shared', 2)).toHaveLength(2);
  });
});

describe('continuations', () => {
  const lexicon = lexiconOfTexts([
    {
      path: 'a.ts',
      text: 'const user = await load(id);\nconst user = await load(id);\nconst role = await find(id);\n',
    },
  ]);
  const context = ['const', ' ', 'user', ' ', '=', ' ', 'await'];

  test('are probabilities, best first', () => {
    const found = lexicon.continuations(context, open('b.ts', ''), 10);
    expect(found[0]).toMatchObject({ token: ' load', order: 4, count: 2 });
    const total = found.reduce((sum, { probability }) => sum + probability, 0);
    expect(total).toBeGreaterThan(0.3);
    expect(total).toBeLessThan(1);
    expect(found.map(({ probability }) => probability)).toEqual(
      found.map(({ probability }) => probability).sort((a, b) => b - a),
    );
  });

  test('end lines with the indentation that comes next', () => {
    const block = lexiconOfTexts([{ path: 'a.ts', text: 'if (a) {\n    b();\n}\nif (a) {\n    b();\n}\n' }]);
    const document = open('b.ts', 'x\n    y\n');
    expect(block.continuations(['if', ' ', '(', 'a', ')', ' ', '{'], document, 1)[0]?.token).toBe('\n    ');
  });

  test('reflect unsaved text at once, and the latest version of it', () => {
    const fresh = new ProjectLexicon();
    const first = (text: string, version: number) => {
      const document = open('n.ts', text, version);
      fresh.update(document);
      return fresh.continuations(['call', '('], document, 1)[0]?.token;
    };
    expect(first('call(one)\n', 1)).toBe('one');
    expect(first('call(two)\n', 2)).toBe('two');
    expect(first('', 3)).toBeUndefined();
  });

  test('learn nothing from a file that is gone', () => {
    const two = lexiconOfTexts([
      { path: 'a.ts', text: 'call(one);\n'.repeat(4) },
      { path: 'b.ts', text: 'call(two);\n' },
    ]);
    const token = () => two.continuations(['call', '('], open('c.ts', ''), 1)[0]?.token;
    expect(token()).toBe('one');
    two.fileChanged('a.ts', undefined);
    expect(token()).toBe('two');
  });
});

test('a base with changes laid over it predicts as one that was built with them', () => {
  const random = seededRandom(6);
  const names = ['load', 'save', 'user', 'role', 'id'];
  const name = () => names[Math.floor(random() * names.length)]!;
  const file = () => Array.from({ length: 5 }, () => `const ${name()} = ${name()}(${name()}, ${name()});`).join('\n');
  const before = ['a', 'b', 'c'].map((stem) => ({ path: `${stem}.ts`, text: file() }));
  const after = [before[0]!, { path: 'b.ts', text: file() }, { path: 'd.ts', text: file() }];
  const laidOver = lexiconOfTexts(before);
  laidOver.fileChanged('b.ts', after[1]!.text);
  laidOver.fileChanged('c.ts', undefined);
  laidOver.fileChanged('d.ts', after[2]!.text);
  const built = lexiconOfTexts(after);
  const document = open('z.ts', '');
  const probabilities = (lexicon: ProjectLexicon, context: readonly string[]) =>
    new Map(lexicon.continuations(context, document, 50).map(({ token, probability }) => [token, probability]));
  for (const context of [['const', ' ', 'user', ' ', '='], ['load', '('], ['const'], ['(', 'id', ',']]) {
    const expected = probabilities(built, context);
    const found = probabilities(laidOver, context);
    expect([...found.keys()].sort(), context.join('')).toEqual([...expected.keys()].sort());
    // The word counts of the whole project are a feature too, and leave laid-over texts out.
    for (const [token, probability] of expected)
      expect(Math.abs(found.get(token)! - probability), token).toBeLessThan(0.02);
  }
});

test('a base is taken over in slices, and the old one answers until then', async () => {
  const lexicon = lexiconOfTexts([{ path: 'a.ts', text: 'before' }]);
  for (const name of ['b', 'c', 'd']) lexicon.update(open(`${name}.ts`, `open ${name}`));
  lexicon.fileChanged('e.ts', 'settled');
  lexicon.fileChanged('f.ts', 'kept');
  const seen: string[][] = [];
  const holding = () => ['before', 'after', 'settled', 'kept'].filter((word) => lexicon.filesWith(word, 1).length > 0);
  const { base } = lexiconOfTexts([{ path: 'a.ts', text: 'after' }]);
  await lexicon.adoptBase(
    base,
    () => ['e.ts'],
    async () => {
      seen.push(holding());
      // Changes meanwhile are not lost.
      lexicon.update(open('b.ts', 'open later', 2));
    },
  );
  expect(seen).toEqual(Array.from({ length: seen.length }, () => ['before', 'settled', 'kept']));
  expect(seen.length).toBeGreaterThanOrEqual(2);
  expect(holding()).toEqual(['after', 'kept']);
  expect([lexicon.filesWith('later', 9), lexicon.filesWith('open', 9).length]).toEqual([['b.ts'], 3]);
});
