import { describe, expect, test } from 'vitest';
import { CaseFileError, parseCorpus, parseQueries } from '../../src/search/case.ts';
import { commitCases, parseCommits } from '../../src/search/commit-cases.ts';
import { corpusTree, guessLanguage } from '../../src/search/corpus-tree.ts';
import { quantile, rowOf, scoreQuery } from '../../src/search/metrics.ts';
import { firstSentence, orderOf, type Pair, pairCases } from '../../src/search/pair-cases.ts';

/** `a b:3-9`: results by path, with lines where they matter. */
const found = (text: string) =>
  text.split(' ').map((one) => {
    const [path, lines] = one.split(':');
    const [startLine, endLine] = (lines ?? '1-1').split('-').map(Number);
    return { path: path!, startLine: startLine!, endLine: endLine! };
  });

describe('figures of one query', () => {
  test.each([
    ['a b c', ['a'], { hit1: 1, hit5: 1, recall10: 1, reciprocal10: 1 }],
    ['x a c', ['a'], { hit1: 0, hit5: 1, recall10: 1, reciprocal10: 1 / 2 }],
    ['x y z p q a', ['a'], { hit1: 0, hit5: 0, recall10: 1, reciprocal10: 1 / 6 }],
    ['x y', ['a'], { hit1: 0, hit5: 0, recall10: 0, reciprocal10: 0 }],
    ['1 2 3 4 5 6 7 8 9 10 a', ['a'], { hit1: 0, hit5: 0, recall10: 0, reciprocal10: 0 }],
    ['a x b', ['a', 'b', 'c', 'd'], { hit1: 1, hit5: 1, recall10: 2 / 4, reciprocal10: 1 }],
    ['a:10-20 b', ['a:20-30'], { hit1: 1, hit5: 1, recall10: 1, reciprocal10: 1 }],
    ['a:10-19 a:25-26', ['a:20-30'], { hit1: 0, hit5: 1, recall10: 1, reciprocal10: 1 / 2 }],
    ['a:10-19 a:1-2', ['a'], { hit1: 1, hit5: 1, recall10: 1, reciprocal10: 1 }],
  ])('%s for %j', (answer, relevant, score) => expect(scoreQuery(found(answer), relevant)).toEqual(score));

  test('make a row', () => {
    const scores = [scoreQuery(found('a'), ['a']), scoreQuery(found('x a'), ['a'])];
    expect(rowOf('r', scores, [4, 2])).toEqual({
      name: 'r',
      queries: 2,
      hit1: 0.5,
      hit5: 1,
      recall10: 1,
      mrr10: 0.75,
      p50: 4,
      p99: 4,
    });
  });

  test.each([
    [[3, 1, 2], 0.5, 2],
    [[1], 0.99, 1],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.99, 10],
  ])('quantile of %j at %d', (values, share, expected) => expect(quantile(values, share)).toBe(expected));
});

describe('files of cases', () => {
  test('are read, with ids as text', () => {
    expect(parseQueries('{"id": 1, "query": "q", "relevant": [2, "a:1-2"]}\n\n', 'q')).toEqual([
      { id: '1', query: 'q', relevant: ['2', 'a:1-2'] },
    ]);
  });

  test.each([
    ['{"id": 1', /q:1: no JSON/],
    ['{"id": 1, "query": "q", "relevant": []}', /q:1: relevant/],
    ['{"id": 1, "relevant": ["a"]}', /q:1: query/],
    ['', /empty/],
  ])('that are wrong are refused by line: %j', (text, message) => {
    expect(() => parseQueries(text, 'q')).toThrow(CaseFileError);
    expect(() => parseQueries(text, 'q')).toThrow(message);
  });

  test('a corpus has each id once', () =>
    expect(() => parseCorpus('{"id":1,"text":"a"}\n{"id":"1","text":"b"}', 'c')).toThrow(/1 is there twice/));
});

test('a corpus is a folder with a file for each text', async () => {
  const tree = corpusTree([
    { id: 'a', text: 'x' },
    { id: 'b', text: 'y' },
  ]);
  expect([...tree.files()].map(({ path }) => path)).toEqual(['a', 'b']);
  expect(await tree.read('b')).toMatchObject({ text: 'y', hash: tree.file('b')!.hash });
  expect(await tree.read('c')).toEqual({ skipped: 'not in the corpus' });
});

test.each([
  ['def f(self, x):\n    return x', 'python'],
  ['@cached\nasync def f():\n  pass', 'python'],
  ['func (s *Server) Close() error {\n}', 'go'],
  ['pub fn read(&self) -> u8 {\n}', 'rust'],
  ['public static int size(List<String> all) {\n}', 'java'],
  ['def size\n  @all.size\nend', 'ruby'],
  ['function f(a: string): number {\n}', 'typescript'],
  ['const f = (a) => a;', 'javascript'],
  ['once upon a time', 'plaintext'],
])('%j is %s', (text, language) => expect(guessLanguage(text)).toBe(language));

describe('cases from doc comments', () => {
  const pair = (name: string, doc: string): Pair => ({
    name,
    doc,
    code: `def ${name}(): return 1`,
    path: 'a.py',
    language: 'python',
  });

  test('ask for functions by their first sentence, as many of each package', () => {
    const packages = new Map([
      ['one', [pair('a', 'Reads all of the file. More.'), pair('b', 'Writes all of the file'), pair('c', 'Too short')]],
      ['two', [pair('d', 'Sends a message to everyone')]],
    ]);
    const { corpus, queries } = pairCases(packages, 2, (text) => text);
    expect(corpus.map(({ id, text }) => [id, text.slice(4, 5)])).toEqual([
      ['one#0', 'a'],
      ['one#1', 'b'],
      ['one#2', 'c'],
      ['two#0', 'd'],
    ]);
    expect(queries).toEqual([
      { id: 'doc:one#0', query: 'Reads all of the file', relevant: ['one#0'] },
      { id: 'doc:two#0', query: 'Sends a message to everyone', relevant: ['two#0'] },
    ]);
  });

  test('never by a sentence that several functions have', () => {
    const packages = new Map([['one', [pair('a', 'Reads all of the file.'), pair('b', 'Reads all of the file.')]]]);
    expect(pairCases(packages, 9, orderOf).queries).toEqual([]);
  });

  test('leave the steps inside of functions out, unless they are asked for', () => {
    const packages = new Map([['one', [pair('a', 'Reads all of the file'), pair('', 'Skip the empty lines here')]]]);
    const asked = (steps: boolean) =>
      pairCases(packages, 9, (text) => text, { steps }).queries.map(({ query }) => query);
    expect(asked(false)).toEqual(['Reads all of the file']);
    expect(asked(true).toSorted()).toEqual(['Reads all of the file', 'Skip the empty lines here']);
  });

  test('take so many functions of a package at most', () => {
    const packages = new Map([['one', [pair('a', ''), pair('b', ''), pair('c', '')]]]);
    expect(pairCases(packages, 9, orderOf, { perPackage: 2 }).corpus).toHaveLength(2);
  });

  test.each([
    ['One. Two.', 'One'],
    ['Uses e.g. this\nand that. Then', 'Uses e.g'],
    ['No end', 'No end'],
    ['Really? Yes', 'Really?'],
  ])('first sentence of %j', (doc, sentence) => expect(firstSentence(doc)).toBe(sentence));
});

test('cases from commits: subjects without prefix, sources that are still there', () => {
  const log =
    '\0a1\tfix(tab): keep the cursor in place\n\nsrc/a.ts\nREADME.md\nsrc/gone.ts\n\0b2\tchore: bump all of it\n\nsrc/a.ts\n\0c3\tshort one\n\nsrc/a.ts\n';
  const commits = parseCommits(log);
  expect(commits[0]).toEqual({
    id: 'a1',
    subject: 'fix(tab): keep the cursor in place',
    paths: ['src/a.ts', 'README.md', 'src/gone.ts'],
  });
  expect(commitCases(commits, new Set(['src/a.ts', 'README.md']), 9, orderOf)).toEqual([
    { id: 'a1', query: 'keep the cursor in place', relevant: ['src/a.ts'] },
  ]);
});
