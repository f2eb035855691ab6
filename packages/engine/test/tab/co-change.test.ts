import { describe, expect, test } from 'vitest';
import { createCoChange } from '../../src/tab/sources/co-change.ts';
import type { Related } from '../../src/workspace/co-change.ts';
import { candidatesOf, changed, contextOf, type SceneOptions, sceneOf } from './check.ts';

const related = (path: string, more: Partial<Related> = {}): Related => ({
  path,
  together: 6,
  of: 8,
  confidence: 0.75,
  lift: 3,
  ...more,
});

/** The jumps, as `path: the line with <|>`. */
async function jumps(
  fixture: string,
  others: readonly Related[],
  options: SceneOptions & { readonly line?: number } = {},
): Promise<string[]> {
  const source = createCoChange({ related: () => others, lastChangedLine: async () => options.line });
  const context = sceneOf(fixture, options);
  return (await candidatesOf(source, context, options.files)).map(({ path, edits, target }) => {
    expect(edits).toEqual([]);
    const text = context.snapshot.documents.get(path)?.content ?? options.files![path]!;
    const line =
      text.slice(text.lastIndexOf('\n', target! - 1) + 1, target!) + '<|>' + text.slice(target!).split('\n')[0];
    return `${path}: ${line.trim()}`;
  });
}

describe('the file that usually changes with this one', () => {
  test.each<[string, string, Record<string, string>, string]>([
    [
      'TypeScript: where it uses the name that was edited',
      'export function draw() {}{+\nexport function drawAll() {}+}\n',
      { 'b.ts': 'import x;\n\ndrawAll();\n' },
      'b.ts: <|>drawAll();',
    ],
    [
      'Python: its definition before a use',
      '=== a.py\nimport b{+\nb.draw_all()+}\n',
      { 'b.py': 'draw_all()\n\ndef draw_all():\n    pass\n' },
      'b.py: <|>draw_all()',
    ],
    [
      'Go: not in a comment',
      '=== a.go\npackage a{+\nvar Limit = 1+}\n',
      { 'b.go': 'package a\n\n// Limit it\nfunc f() { use(Limit) }\n' },
      'b.go: func f() { use(<|>Limit) }',
    ],
    [
      'Rust: a test',
      '=== src/a.rs\n{+pub fn area() {}+}\n',
      { 'tests/a.rs': 'fn t() {\n    area();\n}\n' },
      'tests/a.rs: <|>area();',
    ],
    [
      'a translation, by its key',
      "{+t('welcome');\n+}const a = 1;",
      { 'de.json': '{\n  "hello": "Hallo"\n}\n' },
      'de.json: <|>"hello": "Hallo"',
    ],
    ['CSS beside its component', '=== a.tsx\n{+<p/>;+}\n', { 'a.css': 'a {\n  top: 0;\n}\n' }, 'a.css: <|>top: 0;'],
  ])('%s', async (_what, fixture, files, expected) => {
    const [path] = Object.keys(files);
    expect(await jumps(fixture, [related(path!)], { files, line: 2 })).toEqual([expected]);
  });

  test('the top, where history tells no line', async () => {
    const files = { 'b.ts': 'one();\ntwo();\n' };
    expect(await jumps('a();{+\nb();+}\n', [related('b.ts')], { files })).toEqual(['b.ts: <|>one();']);
    expect(await jumps('a();{+\nb();+}\n', [related('b.ts')], { files, line: 99 })).toEqual(['b.ts: <|>one();']);
  });

  test('likeliest first, three at most', async () => {
    const files = { 'b.ts': 'b', 'c.ts': 'c', 'd.ts': 'd', 'e.ts': 'e' };
    const others = Object.keys(files).map((path) => related(path));
    expect(await jumps('a();{+\nb();+}\n', others, { files })).toEqual(['b.ts: <|>b', 'c.ts: <|>c', 'd.ts: <|>d']);
  });
});

describe('silence', () => {
  const files = { 'b.ts': 'one();\n' };
  test.each<[string, string, Related, SceneOptions]>([
    ['for what came together too rarely', 'a();{+\nb();+}\n', related('b.ts', { together: 2 }), {}],
    ['for what mostly stays when this changes', 'a();{+\nb();+}\n', related('b.ts', { confidence: 0.3 }), {}],
    ['for what changes with anything', 'a();{+\nb();+}\n', related('b.ts', { lift: 1 }), {}],
    ['for a file that is gone', 'a();{+\nb();+}\n', related('gone.ts'), {}],
    ['for a file that was edited already', '=== b.ts\n{1+b();\n+}\n=== a.ts\n{2+b();\n+}', related('b.ts'), {}],
    ['while a bracket is open', 'a();\n{+b(+}\n', related('b.ts'), {}],
    ['in the middle of a line', 'a();\n{+const b =+}\n', related('b.ts'), {}],
    ['on a line just made to be filled', 'a();{+\nb();\n+}\n', related('b.ts'), {}],
    ['after a redo', 'a();{+\nb();+}\n', related('b.ts'), { origin: 'redo' }],
  ])('%s', async (_what, fixture, other, options) => {
    expect(await jumps(fixture, [other], { files, ...options })).toEqual([]);
  });

  test('once the user has been there since', async () => {
    const source = createCoChange({ related: () => [related('b.ts')], lastChangedLine: async () => undefined });
    const first = sceneOf('=== a.ts\na();{+\nb();+}\n\n=== b.ts\none();\n');
    expect(await candidatesOf(source, first)).toHaveLength(1);
    const there = contextOf(first.snapshot.moveCursor({ path: 'b.ts', offset: 0, selecting: false }));
    expect(await candidatesOf(source, there)).toEqual([]);
    expect(await candidatesOf(source, first)).toEqual([]);
    // Another change here, later, is a new reason only when something else was edited in between.
    const again = contextOf(changed(first.snapshot, 'a.ts', [[0, 0, 'c();\n']], 'typed', 60_000));
    expect(await candidatesOf(source, again)).toEqual([]);
  });
});
