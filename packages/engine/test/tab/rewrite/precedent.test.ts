import { describe, expect, test } from 'vitest';
import type { Surroundings } from '../../../src/tab/rewrite/match.ts';
import { comparedWith } from '../../../src/tab/rewrite/precedent.ts';
import { propagate } from '../../../src/tab/sources/propagate.ts';
import { candidatesOf, sceneOf } from '../check.ts';

const around = (left: string, right: string): Surroundings => ({
  left: left.split(' ').filter(Boolean).reverse(),
  right: right.split(' ').filter(Boolean),
});

describe('a place is compared with where the change was made and where it was passed by', () => {
  const made = [around('; {', '. NoError ( t'), around('; }', '. NoError ( t')];

  test.each<[name: string, passed: Surroundings[], place: Surroundings, likerPassed: number]>([
    ['nothing was passed by', [], around('; (', '. Equal ( t'), 0],
    ['the place is like those that were passed by', [around('; {', '. Equal ( t')], around('; (', '. Equal ( t'), 3],
    ['the place is like those where it was made', [around('; {', '. Equal ( t')], around('; (', '. NoError ( t'), -3],
  ])('%s', (_name, passed, place, likerPassed) => {
    expect(comparedWith({ made, passed }, place)).toMatchObject({ likerPassed });
  });

  test('the share of places where it was made', () => {
    const passed = [around('a', 'b'), around('c', 'd')];
    expect(comparedWith({ made, passed }, around('', ''))).toMatchObject({ madeShare: 0.5, passed: Math.log2(3) });
  });
});

describe('what was passed by is left alone', () => {
  const scores = async (fixture: string) => {
    const context = sceneOf(fixture);
    return new Map(
      (await candidatesOf(propagate, context)).map(({ edits, score }) => {
        const line = context.document.text.lineAt(edits[0]![0]).text.trim();
        return [line, score];
      }),
    );
  };

  test('Go: one assertion is replaced, the other kind was passed by twice', async () => {
    const found = await scores(`
      === a_test.go
      assert.Equal(t, one, two)
      [-assert-]{+require+}.NoError(t, err)
      use(one)
      assert.Equal(t, three, four)
      [-assert-]{+require+}.NoError(t, err)
      use(two)
      assert.Equal(t, five, six)
      use(three)
      assert.NoError(t, err)
    `);
    expect(found.get('assert.NoError(t, err)')).toBeGreaterThan(0.25);
    expect(found.get('assert.Equal(t, five, six)')).toBeLessThan(found.get('assert.NoError(t, err)')!);
  });

  test('Python: the more places were passed by, the less likely is each of the others', async () => {
    const passed = (count: number) => `
      === a.py
      ${Array.from({ length: count }, (_, index) => `x${index}: List = make(${index})`).join('\n\n\n      ')}


      a: [-List-]{+Sequence+} = one()
      run()
      b: List = two()
    `;
    const none = (await scores(passed(0))).get('b: List = two()')!;
    const some = (await scores(passed(3))).get('b: List = two()')!;
    const many = (await scores(passed(12))).get('b: List = two()')!;
    expect(none).toBeGreaterThan(some);
    expect(some).toBeGreaterThan(many);
  });
});
