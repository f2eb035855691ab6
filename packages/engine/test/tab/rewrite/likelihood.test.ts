import { describe, expect, test } from 'vitest';
import { scoreOf } from '../../../src/tab/rewrite/likelihood.ts';
import { oddsByTrees, type TreeFile, type TreesFile } from '../../../src/tab/rewrite/trees.ts';
import type { Candidate } from '../../../src/tab/source.ts';
import { propagate } from '../../../src/tab/sources/propagate.ts';
import weights from '../../../src/tab/sources/propagate-weights.json' with { type: 'json' };
import { candidatesOf, sceneOf } from '../check.ts';

const { trees } = weights as unknown as TreesFile;

const odds = (features: Readonly<Record<string, number>>) => {
  const score = scoreOf(features);
  return Math.log(score / (1 - score));
};

describe('the weights', () => {
  const namesOf = (tree: TreeFile): readonly string[] =>
    typeof tree === 'number' ? [] : [tree[0], ...namesOf(tree[2]), ...namesOf(tree[3])];
  const names = new Set([...trees.flatMap(namesOf), ...Object.keys(weights.features)]);

  test('are of features that every place in an open file has', async () => {
    const context = sceneOf('=== a.py\na = [-load-]{+fetch+}(1)\n\n\nb = load(2)\n');
    const [{ features }] = (await candidatesOf(propagate, context)) as [Candidate];
    expect([...names].filter((name) => !(name in features))).toEqual([]);
    expect(Object.keys(features).filter((name) => !names.has(name))).toEqual([]);
  });

  test('are log-odds', () => {
    const features = { ahead: 1, near: 0.5, likeMade: 3 };
    expect(odds(features)).toBeCloseTo(oddsByTrees({ ...weights, trees })(features), 6);
  });

  test('what is not open is as much less likely as the file says', () => {
    const features = { otherFile: 1, likeMade: 6, madeShare: 1 };
    expect(odds({ ...features, closed: 1 }) - odds(features)).toBeCloseTo(weights.features.closed, 6);
    expect(weights.features.closed).toBeLessThan(0);
  });
});

/** Candidates of single places by the line they are on, as the user sees it before. */
async function byLine(fixture: string, files: Readonly<Record<string, string>> = {}): Promise<Map<string, Candidate>> {
  const context = sceneOf(fixture, { files });
  const found = new Map<string, Candidate>();
  for (const candidate of await candidatesOf(propagate, context, files)) {
    const text = context.snapshot.documents.get(candidate.path)?.content ?? files[candidate.path]!;
    const at = candidate.edits[0]![0];
    const end = text.indexOf('\n', at);
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, end < 0 ? undefined : end).trim();
    const known = found.get(line);
    if (!known || known.score < candidate.score) found.set(line, candidate);
  }
  return found;
}

describe('a person would change in one go what a place leaves undone', () => {
  test.each<[language: string, fixture: string, clean: string, undone: string, feature: 'remains' | 'beside']>([
    [
      'python',
      `
      === a.py
      a: [-t.List-]{+list+}[str] = one()


      b: t.List[str] = two()


      c: t.Union[t.List[str], int] = three()
      `,
      'b: t.List[str] = two()',
      'c: t.Union[t.List[str], int] = three()',
      'remains',
    ],
    [
      'go',
      `
      === a.go
      a := [-old.Make-]{+create+}(1)


      b := old.Make(2)


      c := old.Make(old.Size)
      `,
      'b := old.Make(2)',
      'c := old.Make(old.Size)',
      'remains',
    ],
    [
      'typescript',
      `
      === a.ts
      const a = [-util.clone-]{+structuredClone+}(one);


      const b = util.clone(two);


      const c = util.clone(three);
      const d = util.merge(four);
      `,
      'const b = util.clone(two);',
      'const c = util.clone(three);',
      'beside',
    ],
    [
      'rust',
      `
      === a.rs
      let a = [-mem::take-]{+std_take+}(one);


      let b = mem::take(two);


      let c = mem::take(three);
      let d = mem::swap(four, five);
      `,
      'let b = mem::take(two);',
      'let c = mem::take(three);',
      'beside',
    ],
  ])('%s', async (_language, fixture, clean, undone, feature) => {
    const found = await byLine(fixture);
    expect(found.get(clean)!.features[feature]).toBe(0);
    expect(found.get(undone)!.features[feature]).toBe(1);
    expect(found.get(undone)!.score).toBeLessThan(found.get(clean)!.score);
  });

  test('of a line without an end only the beginning is looked at', async () => {
    const end = (length: number) => `b = t.List[1];${' '.repeat(length)}t.rest();`;
    const remains = async (line: string) =>
      (await byLine(`a = [-t.List-]{+list+}[0];\n\n\n${line}\n`)).get(line)!.features.remains;
    expect(await remains(end(100))).toBe(1);
    expect(await remains(end(5_000))).toBe(0);
  });

  test('a name that stays in the new text is none that was taken out', async () => {
    const found = await byLine(`
      === a.js
      x = [-load(one)-]{+await load(one)+};


      y = load(load(one));
    `);
    for (const { features } of found.values()) expect(features).toMatchObject({ goneWords: 0, remains: 0 });
  });
});

describe('files', () => {
  const origin = '=== src/a.ts\nconst a = [-fetchUser-]{+loadUser+}(1);\n';
  const features = async (fixture: string, files: Readonly<Record<string, string>> = {}) => {
    const found = await byLine(fixture, files);
    return found.get('const b = fetchUser(2);')!;
  };

  test('what is open is likelier than what is not', async () => {
    const text = 'const b = fetchUser(2);\n';
    const open = await features(`${origin}=== src/b.ts\n${text}`);
    const closed = await features(origin, { 'src/b.ts': text });
    expect(open.features).toMatchObject({ closed: 0, otherFile: 1, otherFolder: 0, sameName: 0 });
    expect(closed.features).toMatchObject({ closed: 1, otherFile: 1, otherFolder: 0, sameName: 0 });
    expect(closed.score).toBeLessThan(open.score);
  });

  test.each([
    ['a neighbour', 'src/b.ts', { otherFolder: 0, sameName: 0 }],
    ['a namesake elsewhere', 'lib/a.ts', { otherFolder: 1, sameName: 1 }],
    ['a stranger', 'lib/b.ts', { otherFolder: 1, sameName: 0 }],
  ])('%s', async (_name, path, expected) => {
    const found = await features(`${origin}=== ${path}\nconst b = fetchUser(2);\n`);
    expect(found.features).toMatchObject(expected);
  });
});
