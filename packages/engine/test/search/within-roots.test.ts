import { expect, test } from 'vitest';
import { withinRoots } from '../../src/index/within-roots.ts';

test.each([
  [['/p'], '/p/src/a.ts', { root: '/p', path: 'src/a.ts' }],
  [['/p'], '/p/..odd', { root: '/p', path: '..odd' }],
  [['/p'], '/p', undefined],
  [['/p'], '/private/a.ts', undefined],
  [['/p'], '/p/../q/a.ts', undefined],
  [['/p', '/p/packages/x'], '/p/packages/x/a.ts', { root: '/p/packages/x', path: 'a.ts' }],
  [['/p/packages/x', '/p'], '/p/packages/y/a.ts', { root: '/p', path: 'packages/y/a.ts' }],
  [[], '/p/a.ts', undefined],
])('in %j, %s', (roots, path, place) => {
  expect(withinRoots(roots, path)).toEqual(place);
});
