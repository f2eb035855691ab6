import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outlineOf } from '../../../src/index/chunk/outline.ts';
import type { OutlineItem } from '../../../src/index/code-index.ts';
import { languageOf } from '../../../src/workspace/languages.ts';
import { noSyntax } from '../../../src/workspace/syntax.ts';
import { openSyntax } from './open-syntax.ts';

const syntax = openSyntax();

/** `name kind start-end`, members indented. */
function drawn(items: readonly OutlineItem[], depth = 0): string[] {
  return items.flatMap((item) => [
    `${'  '.repeat(depth)}${item.name} ${item.kind} ${item.startLine}-${item.endLine}`,
    ...drawn(item.children, depth + 1),
  ]);
}

async function outline(file: string): Promise<string[]> {
  const path = file.replace(/(\.\w+)\.txt$/, '$1');
  await syntax.warm(languageOf(path));
  const text = readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8');
  return drawn(outlineOf({ path, languageId: languageOf(path), text }, syntax));
}

const OUTLINES: Readonly<Record<string, readonly string[]>> = {
  'upload.ts.txt': [
    'UploadOptions class 5-7',
    'Progress type 9-9',
    'uploadWithRetry function 14-23',
    'sizeOf function 25-27',
    'Counter class 30-36',
    '  add method 33-35',
    'Queue class 39-69',
    '  constructor method 43-46',
    '  push method 49-54',
    '  length method 56-58',
    '  peek method 60-62',
    '  drain method 64-64',
    '  take method 66-68',
    'Names module 71-75',
    '  join function 72-74',
    'main function 77-79',
  ],
  'legacy.js.txt': ['resolve function 4-6', 'Loader.load function 8-11', 'parse method 14-16', 'dump method 17-17'],
  'store.py': [
    'read_json function 10-16',
    'fetch function 19-23',
    'Store class 26-55',
    '  __init__ method 35-37',
    '  full method 39-41',
    '  __setitem__ method 43-47',
    '  flush method 49-52',
    '  Error class 54-55',
  ],
  'server.go': ['Server type 10-13', 'New function 16-18', 'Server.Close method 21-24', 'List.Len method 26-26'],
  'matrix.cpp': [
    'linear module 4-26',
    '  dot function 7-12',
    '  Matrix class 14-22',
    '    at method 17-17',
    '  Matrix::Matrix function 24-24',
    'pointer function 28-30',
  ],
  'parser.rb': [
    'Lines module 4-21',
    '  Parser class 5-20',
    '    initialize method 8-10',
    '    each method 13-15',
    '    of method 17-19',
    'main function 23-25',
  ],
  'guide.md': ['Install heading 6-24', '  Linux heading 13-19', '    Debian heading 17-19', '  Usage heading 21-24'],
};

describe('the definitions of a file, as a tree', () => {
  test.each(Object.entries(OUTLINES))('%s', async (file, items) => {
    expect(await outline(file)).toEqual(items);
  });
});

test('without a grammar there is none, and a grammar that traps ends nothing', () => {
  const file = { path: 'a.py', languageId: 'python', text: 'def f():\n    pass\n' };
  const traps = {
    tree: () => {
      throw new Error('unreachable');
    },
    warm: async () => {},
  };
  expect(outlineOf(file, noSyntax)).toEqual([]);
  expect(outlineOf(file, traps)).toEqual([]);
});

test('a file that is broken off keeps what is whole', async () => {
  await syntax.warm('python');
  const text = 'class A:\n    def f(self):\n        return (\n\n\ndef whole():\n    return 1\n';
  const names = drawn(outlineOf({ path: 'a.py', languageId: 'python', text }, syntax));
  expect(names.join()).toContain('whole function');
});
