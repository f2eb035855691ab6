import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestIndex, temporaryFolder } from '../fake-index.ts';
import { fakeFolder } from '../fake-tree.ts';

let data: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  data = temporaryFolder();
});
afterEach(() => data.remove());

/** Files by path; the one that is to be first has a star before its name. */
async function firstOf(
  files: Readonly<Record<string, string>>,
  query: string,
  attention = { open: [] as string[], edited: [] as string[] },
) {
  const plain = Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('*', ''), text]));
  const index = await openTestIndex(fakeFolder(plain), { dataDir: data.path });
  try {
    await index.sync();
    index.attend(attention);
    return (await index.search({ text: query })).results;
  } finally {
    await index.dispose();
  }
}

const COPY = 'sends every message of the queue to the server and waits for all of the answers that it gives in time';

test.each([
  [
    'an identifier that is the symbol',
    'retryUpload',
    { '*a.ts': 'retryUpload: once more', 'b.ts': 'other: calls retryUpload, retryUpload and retryUpload' },
  ],
  [
    'a symbol before a mention',
    'parse query',
    { '*a.ts': 'parseQuery: reads words', 'b.ts': 'other: will parse what is a query' },
  ],
  [
    'sources before tests',
    'merge branch',
    { '*src/merge.ts': 'mergeBranch: joins', 'test/merge.test.ts': 'mergeBranch: joins' },
  ],
  [
    'tests where they are asked for',
    'test of merge branch',
    { 'src/merge.ts': 'mergeBranch: joins', '*src/merge.test.ts': 'mergeBranch: joins, a test' },
  ],
  [
    'the language that is named',
    'python merge branch',
    { 'a.ts': 'mergeBranch: joins', '*b.py': 'mergeBranch: joins' },
  ],
  [
    'a name that the question says in other words',
    'check whether the list is empty',
    { '*b.ts': 'isEmpty: tells of the list', 'a.ts': 'makeEmpty: tells of the list' },
  ],
  [
    'what a method is called, not what its class is',
    'number of rows',
    { '*b.ts': 'Table.numRows: looks at it', 'a.ts': 'NumRows.clear: looks at it' },
  ],
  ['code before data', 'merge branch', { 'a.json': 'merge branch', '*a.ts': 'merge branch' }],
])('%s', async (_name, query, files) => {
  const wanted = Object.keys(files)
    .find((path) => path.startsWith('*'))!
    .slice(1);
  expect((await firstOf(files, query))[0]?.path).toBe(wanted);
});

test('of two that are alike, the one that was edited last', async () => {
  const files = { 'a/x.ts': 'saveReport: alpha', 'b/x.ts': 'saveReport: beta' };
  for (const path of Object.keys(files))
    expect((await firstOf(files, 'save report', { open: [], edited: [path] }))[0]?.path).toBe(path);
});

test('copies are named in the first of them', async () => {
  const results = await firstOf(
    { 'a.ts': COPY, 'b.ts': COPY, 'c.ts': 'a message of another kind' },
    'message queue server',
  );
  expect(results.map(({ path }) => path)).toEqual(['a.ts', 'c.ts']);
  expect(results[0]!.why.also).toEqual(['b.ts:1-1']);
});

test('no more than three of one file', async () => {
  const many = Array.from({ length: 9 }, (_, at) => `draw${at}: the picture ${'abcdefghi'[at]}`).join('\n\n');
  const results = await firstOf({ 'a.ts': many, 'b.ts': 'draw: picture' }, 'draw picture');
  expect(results.filter(({ path }) => path === 'a.ts')).toHaveLength(3);
});

test('why: signals add up to one', async () => {
  const [first] = await firstOf({ 'upload.ts': 'retryUpload: once more' }, 'retry upload');
  const shares = Object.values(first!.why).filter((value) => typeof value === 'number');
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 1);
});
