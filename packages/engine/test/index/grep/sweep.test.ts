import { expect, test } from 'vitest';
import { type FileStat, sweep } from '../../../src/index/grep/sweep.ts';

/** Milliseconds since 1970 at which the index was in step; times of most file systems have fractions, those of some are whole seconds. */
const SYNCED = 1_700_000_000_000;
const OLD = { modified: SYNCED - 60_000.5, changed: SYNCED - 60_000.5 };

function swept(
  stats: Readonly<Record<string, Partial<FileStat> | undefined>>,
  { now = SYNCED + 5_000, milliseconds = 1_000 } = {},
) {
  const paths = Object.keys(stats).filter((path) => path.endsWith('.ts'));
  const { changed, gone, folders } = sweep(
    paths.map((path) => ({ path, size: 10, modified: OLD.modified })),
    {
      since: SYNCED,
      milliseconds,
      effects: {
        now: () => 0,
        wallClock: () => now,
        stat: (path) =>
          path in stats && stats[path] === undefined
            ? undefined
            : { isDirectory: !path.endsWith('.ts'), size: 10, ...OLD, ...stats[path] },
      },
    },
  );
  return { changed, gone: [...gone], folders };
}

const quiet = { changed: [], gone: [], folders: [] };

test.each([
  ['nothing happened', { 'a.ts': {} }, quiet],
  ['another size', { 'a.ts': { size: 11 } }, { ...quiet, changed: ['a.ts'] }],
  ['another time of the content', { 'a.ts': { modified: SYNCED - 3_000.5 } }, { ...quiet, changed: ['a.ts'] }],
  [
    'the time of the content set back after a change',
    { 'a.ts': { changed: SYNCED + 1.5 } },
    { ...quiet, changed: ['a.ts'] },
  ],
  ['gone', { 'a.ts': undefined }, { ...quiet, gone: ['a.ts'] }],
  ['a folder in its place', { 'a.ts': { isDirectory: true } }, { ...quiet, changed: ['a.ts'] }],
  ['something made in its folder', { 'src/a.ts': {}, src: { changed: SYNCED + 1.5 } }, { ...quiet, folders: ['src'] }],
])('%s', (_, stats: Readonly<Record<string, Partial<FileStat> | undefined>>, expected) => {
  expect(swept(stats)).toEqual(expected);
});

// Written again within the tick of the clock in which it was read: nothing but the time of that moment is left to tell.
test.each([
  ['within the tick of a kernel', SYNCED - 20.25, true],
  ['long before it', SYNCED - 200.25, false],
  ['within the two seconds of a clock that knows whole ones', SYNCED - 2_000, true],
  ['long before those', SYNCED - 3_000, false],
])('changed shortly before the index was in step: %s', (_, changed, isTold) => {
  expect(swept({ 'src/a.ts': { changed }, src: { changed } })).toEqual(
    isTold ? { ...quiet, changed: ['src/a.ts'], folders: ['src'] } : quiet,
  );
});

test('after the clock was set back nothing is told by times', () => {
  expect(swept({ 'a.ts': undefined }, { now: SYNCED - 1 })).toEqual(quiet);
});
