import { describe, expect, test } from 'vitest';
import type { Candidate } from '../../../src/tab/source.ts';
import { propagate } from '../../../src/tab/sources/propagate.ts';
import { applyEdits } from '../../../src/workspace/text-edit.ts';
import { candidatesOf, sceneOf } from '../check.ts';

/** Candidates by what they make of their first line. */
async function byResult(fixture: string): Promise<Map<string, Candidate>> {
  const context = sceneOf(fixture);
  const found = new Map<string, Candidate>();
  for (const candidate of await candidatesOf(propagate, context)) {
    const text = context.snapshot.documents.get(candidate.path)!.content;
    const at = text.lastIndexOf('\n', candidate.edits[0]![0] - 1) + 1;
    const made = applyEdits(text, candidate.edits).slice(at);
    found.set(made.split('\n')[0]!.trim(), candidate);
  }
  return found;
}

const featureOf = async (fixture: string, result: string, feature: string) =>
  (await byResult(fixture)).get(result)?.features[feature];

describe('the order of places', () => {
  const fixture = `
    === a.ts
    const a = [-load-]{+fetch+}(1);
    skip();
    const b = load(2);
    skip();
    const c = load(3);
    skip();
    const d = load(4);
    === b.ts
    skip();
    const e = load(5);
    skip();
    const f = load(6);
  `;
  test.each([
    ['the next one', 'const b = fetch(2);', 0],
    ['the one behind it', 'const c = fetch(3);', 1],
    ['the third', 'const d = fetch(4);', Math.log2(3)],
    ['the first of another file', 'const e = fetch(5);', 0],
    ['the second of another file', 'const f = fetch(6);', 1],
  ])('%s', async (_what, result, nth) => {
    expect(await featureOf(fixture, result, 'nth')).toBeCloseTo(nth, 9);
  });

  test('above the cursor they are counted by themselves', async () => {
    const above = `
      === a.py
      a = load(1)
      skip()
      b = [-load-]{+fetch+}(2)
      skip()
      c = load(3)
    `;
    expect(await featureOf(above, 'a = fetch(1)', 'nth')).toBe(0);
    expect(await featureOf(above, 'c = fetch(3)', 'nth')).toBe(0);
  });
});

describe('the line of a place is compared with the one that was edited', () => {
  test.each<[language: string, fixture: string, like: string, unlike: string]>([
    [
      'typescript',
      `
      === a.ts
      expect(one.[-size-]{+length+}).toBe(1);
      skip();
      expect(two.size).toBe(2);
      skip();
      return size ? size : [];
      `,
      'expect(two.length).toBe(2);',
      'return length ? length : [];',
    ],
    [
      'go',
      `
      === a.go
      if err := [-Open-]{+Create+}(one); err != nil {
      skip()
      if err := Open(two); err != nil {
      skip()
      var all = []func(){Close, Open}
      `,
      'if err := Create(two); err != nil {',
      'var all = []func(){Close, Create}',
    ],
    [
      'rust',
      `
      === a.rs
      let one: [-Arc-]{+Rc+}<u8> = make();
      skip();
      let two: Arc<u8> = make();
      skip();
      fn take(all: &[Arc<Vec<u16>>], rest: usize) {}
      `,
      'let two: Rc<u8> = make();',
      'fn take(all: &[Rc<Vec<u16>>], rest: usize) {}',
    ],
  ])('%s', async (_language, fixture, like, unlike) => {
    const found = await byResult(fixture);
    expect(found.get(like)!.features.lineLike).toBeGreaterThan(0.6);
    expect(found.get(unlike)!.features.lineLike).toBeLessThan(0.4);
  });

  test('a comment is prose', async () => {
    const fixture = `
      === a.rs
      #[[-allow-]{+expect+}(unused)]
      fn one() {}

      // whether to allow it
      #[allow(dead_code)]
      fn two() {}
    `;
    expect(await featureOf(fixture, '// whether to expect it', 'prose')).toBe(1);
    expect(await featureOf(fixture, '#[expect(dead_code)]', 'prose')).toBe(0);
  });

  test('what stands deeper is told from what does not', async () => {
    const fixture = `
      === a.py
      a = [-load-]{+fetch+}(1)
      skip()
      b = load(2)
      if b:
          c = load(3)
    `;
    expect(await featureOf(fixture, 'b = fetch(2)', 'indentOff')).toBe(0);
    expect(await featureOf(fixture, 'c = fetch(3)', 'indentOff')).toBe(1);
  });

  test.each([
    [
      'typescript',
      "import { a } from './[-old-]{+new+}';\nskip();\nimport { b } from './old';",
      "import { b } from './new';",
      1,
    ],
    ['python', 'from [-old-]{+new+} import a\nskip()\nfrom old import b', 'from new import b', 1],
    ['rust', 'use crate::[-old-]{+new+}::a;\nskip();\nuse crate::old::b;', 'use crate::new::b;', 1],
    [
      'javascript',
      "const a = require('[-old-]{+new+}/a');\nskip();\nconst b = require('old/b');",
      "const b = require('new/b');",
      1,
    ],
    ['no import', 'a = [-old-]{+new+}.a;\nskip();\nb = old.b;', 'b = new.b;', 0],
  ])('an import: %s', async (_language, text, result, imports) => {
    expect(await featureOf(`=== a.x\n${text}\n`, result, 'imports')).toBe(imports);
  });
});

describe('what the user did lately', () => {
  const edits = (count: number) =>
    Array.from({ length: count }, (_, index) => `x${index} = [-load-]{+fetch+}(${index})\nskip()\n`).join('');
  const last = (text: string) => `=== a.py\n${text}y = load(9)\n`;

  test('one change of one', async () => {
    const found = (await byResult(last(edits(1)))).get('y = fetch(9)')!.features;
    expect(found).toMatchObject({ share: 1, repetitive: 0, hunksMade: 1 });
  });

  test('the same three times', async () => {
    const found = (await byResult(last(edits(3)))).get('y = fetch(9)')!.features;
    expect(found).toMatchObject({ share: 1, repetitive: 1, hunksMade: 2 });
  });

  test('once among others', async () => {
    const others = 'a = [-1-]{+one+}\nskip()\nb = [-2-]{+two+}\nskip()\n';
    const found = (await byResult(last(`${others}${edits(1)}`))).get('y = fetch(9)')!.features;
    expect(found).toMatchObject({ share: 1 / 3, repetitive: 0, hunksMade: 2 });
  });
});

describe('several changes on one line', () => {
  const fixture = `
    === a.rs
    a = [-i32::min_value()-]{+i32::MIN+};
    skip();
    b = [-i32::max_value()-]{+i32::MAX+};
    skip();
    c = i32::min_value()..i32::max_value();
    skip();
    d = i32::max_value();
  `;
  test('one of them leaves the other', async () => {
    const found = await byResult(fixture);
    expect(found.get('c = i32::MIN..i32::MAX;')!.features).toMatchObject({ partOfSeveral: 0, leavesRewrites: 0 });
    expect(found.get('c = i32::MIN..i32::max_value();')!.features).toMatchObject({ partOfSeveral: 1 });
    expect(found.get('c = i32::MIN..i32::max_value();')!.features.leavesRewrites).toBeGreaterThan(0);
    expect(found.get('d = i32::MAX;')!.features).toMatchObject({ partOfSeveral: 0, leavesRewrites: 0 });
  });
});
