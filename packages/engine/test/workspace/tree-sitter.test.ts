import { pick, seededRandom } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { Document } from '../../src/workspace/document.ts';
import { changeSetOf } from '../../src/workspace/text-edit.ts';
import { createTreeSitterSyntax, type TreeSitterOptions } from '../../src/workspace/tree-sitter.ts';
import { wasmReader } from '../../src/workspace/tree-sitter-wasm.ts';

const readWasm = wasmReader(import.meta.url);

function make(options: Partial<TreeSitterOptions> = {}) {
  return createTreeSitterSyntax({ readWasm, now: () => 0, defer: (task) => void setImmediate(task), ...options });
}

function open(languageId: string, text: string, path = 'file'): Document {
  return Document.open({ path, languageId, version: 1, text });
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('every language has a grammar that parses it', () => {
  const samples: [languageId: string, text: string][] = [
    ['typescript', 'const a: number = <number>1;\n'],
    ['typescriptreact', 'const a: X = <A b={1}/>;\n'],
    ['javascript', 'class A { #b = 1 }\n'],
    ['javascriptreact', 'const a = <A b={1}/>;\n'],
    ['python', 'def f(a: int) -> int:\n    return a\n'],
    ['go', 'package a\nfunc f[T any](a T) T { return a }\n'],
    ['rust', 'fn f(a: i32) -> i32 { a }\n'],
    ['java', 'record A(int b) {}\n'],
    ['c', 'int f(int *a) { return *a; }\n'],
    ['cpp', 'template <class T> T f(T&& a) { return a; }\n'],
    ['csharp', 'record A(int B);\n'],
    ['ruby', 'def f(a:) = a\n'],
    ['php', '<?php function f(int $a) { return $a; }\n'],
    ['css', 'a { color: red }\n'],
    ['shellscript', 'f() { echo "$1"; }\n'],
  ];
  test.each(samples)('%s', async (languageId, text) => {
    const syntax = make();
    const document = open(languageId, text);
    expect(syntax.tree(document), 'nothing before the grammar is there').toBeUndefined();
    await syntax.warm(languageId);
    const tree = syntax.tree(document)!;
    expect(tree.rootNode.hasError).toBe(false);
    expect(tree.rootNode.endIndex).toBe(text.length);
    syntax.dispose();
  });

  test('a language without a grammar has no tree', async () => {
    const syntax = make();
    await syntax.warm('cobol');
    expect(syntax.tree(open('cobol', 'MOVE A TO B.'))).toBeUndefined();
  });

  test('a grammar that cannot be read is reported, and the language goes without', async () => {
    const failed: string[] = [];
    const syntax = make({
      readWasm: (name) => (name.includes('python') ? Promise.reject(new Error('gone')) : readWasm(name)),
      onError: (languageId, error) => failed.push(`${languageId}: ${(error as Error).message}`),
    });
    await syntax.warm('python');
    expect(failed).toEqual(['python: gone']);
    expect(syntax.tree(open('python', 'a = 1'))).toBeUndefined();
  });
});

describe('offsets', () => {
  test('are UTF-16 code units of the raw text, with \\r\\n and surrogate pairs before them', async () => {
    const syntax = make();
    await syntax.warm('typescript');
    const text = 'const s = "😀é";\r\nconst target = s;\r\n';
    const at = text.indexOf('target');
    const node = syntax.tree(open('typescript', text))!.rootNode.descendantForIndex(at, at + 6)!;
    expect([node.type, node.startIndex, node.endIndex, node.text]).toEqual(['identifier', at, at + 6, 'target']);
    syntax.dispose();
  });
});

describe('reparsing', () => {
  const pieces = [
    'a',
    '😀',
    '\n',
    '\r\n',
    '{',
    '}',
    'function f(x) { return x }',
    '"',
    '/*',
    '*/',
    ' = ',
    '(',
    ')',
    ';',
    'é',
  ];
  test('after random edits gives the tree that a fresh parse gives', async () => {
    const random = seededRandom(7);
    const incremental = make();
    const fresh = make({ maxTrees: 1 });
    await Promise.all([incremental.warm('typescript'), fresh.warm('typescript')]);
    for (let round = 0; round < 30; round++) {
      let document = open('typescript', 'const a = 1;\nfunction f() { return a }\n', `r${round}`);
      const trail: unknown[] = [];
      for (let step = 0; step < 12; step++) {
        const start = Math.floor(random() * (document.length + 1));
        const end = Math.min(document.length, start + Math.floor(random() * 4));
        const edit = [start, end, pick(random, pieces)] as const;
        trail.push(edit);
        document = document.update(changeSetOf([edit], document.length), document.version + 1);
        const got = incremental.tree(document)!;
        const wanted = fresh.tree(open('typescript', document.content, `fresh-${round}-${step}`))!;
        // Error recovery may differ between an incremental and a fresh parse; a text without errors may not.
        if (!wanted.rootNode.hasError)
          expect(got.rootNode.toString(), JSON.stringify(trail)).toBe(wanted.rootNode.toString());
        expect(got.rootNode.endIndex, JSON.stringify(trail)).toBe(document.length);
      }
    }
    incremental.dispose();
    fresh.dispose();
  });

  test('the same text is parsed once', async () => {
    const syntax = make();
    await syntax.warm('go');
    const document = open('go', 'package a\n');
    expect(syntax.tree(document)).toBe(syntax.tree(document));
    expect(syntax.tree(document.withReadOnly(true))).toBe(syntax.tree(document));
  });
});

describe('bounds', () => {
  test('trees beyond the bound are freed, least recently used first', async () => {
    const syntax = make({ maxTrees: 3 });
    await syntax.warm('python');
    const documents = ['a', 'b', 'c', 'd'].map((path) => open('python', `${path} = 1\n`, path));
    const [first, second] = documents.map((document) => syntax.tree(document)!);
    expect(syntax.held).toEqual({ trees: 3, codeUnits: 18 });
    expect(first!.rootNode.text, 'alive until the caller yields').toBe('a = 1\n');
    await turn();
    expect(() => first!.rootNode.text).toThrow();
    expect(second!.rootNode.text).toBe('b = 1\n');
    expect(syntax.tree(documents[0]!)!.rootNode.text).toBe('a = 1\n');
    syntax.dispose();
    expect(syntax.held).toEqual({ trees: 0, codeUnits: 0 });
  });

  test('large texts count by their length', async () => {
    const syntax = make({ maxCodeUnits: 10_000 });
    await syntax.warm('python');
    for (let i = 0; i < 20; i++) syntax.tree(open('python', `a${i} = 1\n`.repeat(300), `p${i}`));
    expect(syntax.held.codeUnits).toBeLessThanOrEqual(10_000);
    expect(syntax.held.trees).toBeGreaterThan(1);
  });

  test('a long parse answers nothing within its budget and goes on in slices', async () => {
    let time = 0;
    const tasks: (() => void)[] = [];
    // Each look at the clock costs a millisecond: 15 progress reports make a slice.
    const syntax = make({ now: () => time++, defer: (task) => tasks.push(task) });
    await syntax.warm('typescript');
    const document = open('typescript', 'export const a = (x: number) => x + 1;\n'.repeat(3_000));
    expect(syntax.tree(document)).toBeUndefined();
    expect(syntax.tree(document), 'asked again while it goes on').toBeUndefined();
    let slices = 0;
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      task();
      slices++;
    }
    expect(slices).toBeGreaterThan(3);
    const tree = syntax.tree(document)!;
    expect(tree.rootNode.namedChildCount).toBe(3_000);
    expect(tree.rootNode.hasError).toBe(false);
  });

  test('a newer text takes over from a parse that has not finished', async () => {
    let time = 0;
    let step = 1;
    const tasks: (() => void)[] = [];
    const syntax = make({ now: () => (time += step), defer: (task) => tasks.push(task) });
    await syntax.warm('typescript');
    expect(syntax.tree(open('typescript', 'a();\n'.repeat(9_000)))).toBeUndefined();
    step = 0;
    const newer = open('typescript', 'b();\n');
    expect(syntax.tree(newer)!.rootNode.namedChildCount).toBe(1);
    for (let task = tasks.shift(); task; task = tasks.shift()) task();
    expect(syntax.held.trees).toBe(1);
    expect(syntax.tree(newer)!.rootNode.namedChildCount).toBe(1);
  });

  test('what is excluded from prediction is not parsed', async () => {
    const syntax = make();
    await syntax.warm('javascript');
    expect(syntax.tree(open('javascript', `x = "${'a'.repeat(20_000)}"`))).toBeUndefined();
  });
});
