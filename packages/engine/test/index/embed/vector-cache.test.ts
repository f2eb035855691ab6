import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openVectorCache, type VectorCacheOptions } from '../../../src/index/embed/vector-cache.ts';

// Many runs, on machines that may be ten times as slow.
vi.setConfig({ testTimeout: 300_000 });

const DAY = 86_400_000;

let folder: string;
let file: string;
let problems: string[];
let time: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vectors-'));
  file = join(folder, 'vectors.db');
  problems = [];
  time = 1_000 * DAY;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: Partial<VectorCacheOptions> = {}) =>
  openVectorCache({
    file,
    now: () => time,
    remove: (path) => rmSync(path, { force: true }),
    onProblem: (problem) => problems.push(problem),
    ...options,
  });

const vector = (seed: number, length = 4) => Float32Array.from({ length }, (_, index) => Math.sin(seed * 31 + index));
const hash = (number: number) => number.toString(16).padStart(32, '0');
const entries = (from: number, to: number, length?: number) =>
  Array.from({ length: to - from }, (_, index) => [hash(from + index), vector(from + index, length)] as const);

describe('what is put is got', () => {
  test('by another opening too, bit for bit; unknown hashes and other models are left out', () => {
    const first = open();
    first.put('a', entries(0, 600));
    first.put('b', [[hash(1), vector(99)]]);
    first.close();
    const second = open();
    const found = second.get('a', [...Array.from({ length: 600 }, (_, index) => hash(index)), hash(9_999)]);
    expect(found.size).toBe(600);
    expect(found.get(hash(577))).toEqual(vector(577));
    expect(second.get('b', [hash(0), hash(1)])).toEqual(new Map([[hash(1), vector(99)]]));
    expect(second.get('c', [hash(0)]).size).toBe(0);
    expect(second.get('a', [])).toEqual(new Map());
    second.close();
    expect(problems).toEqual([]);
  });

  test('a vector that is a view of a larger array is kept as itself', () => {
    const cache = open();
    const table = Float32Array.from([9, 1, 2, 9]);
    cache.put('a', [['x', table.subarray(1, 3)]]);
    expect([...cache.get('a', ['x']).get('x')!]).toEqual([1, 2]);
    cache.close();
  });

  test('any puts and gets are as those of a map; counts agree', () => {
    const step = fc.record({
      model: fc.constantFrom('a', 'b'),
      hashes: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }),
      seed: fc.nat(1_000),
      action: fc.constantFrom('put', 'get', 'reopen', 'maintain'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        rmSync(file, { force: true });
        let cache = open();
        const model = new Map<string, Float32Array>();
        for (const { model: name, hashes, seed, action } of steps) {
          if (action === 'reopen') {
            cache.close();
            cache = open();
          } else if (action === 'maintain') cache.maintain();
          else if (action === 'put') {
            cache.put(
              name,
              hashes.map((number) => [hash(number), vector(seed + number)] as const),
            );
            for (const number of hashes) model.set(`${name} ${number}`, vector(seed + number));
          } else {
            const wanted = hashes.filter((number) => model.has(`${name} ${number}`));
            expect(cache.get(name, hashes.map(hash))).toEqual(
              new Map(wanted.map((number) => [hash(number), model.get(`${name} ${number}`)!])),
            );
          }
        }
        expect(cache.stats.entries).toBe(model.size);
        cache.close();
        for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
      }),
      { seed: 20_270, numRuns: 40 },
    );
    expect(problems).toEqual([]);
  });
});

describe('the limit', () => {
  /** Bytes that the cache counts for one entry of 256 dimensions. */
  const ENTRY = 256 * 4 + 200;

  test('the least recently used go first, whichever model they are of', () => {
    const cache = open({ maxBytes: 100 * ENTRY });
    cache.put('old', entries(0, 50, 256));
    time += DAY;
    cache.put('new', entries(50, 100, 256));
    time += 2 * DAY;
    // Uses count by the day, and are written down together.
    cache.get(
      'old',
      entries(0, 20).map(([key]) => key),
    );
    cache.maintain();
    time += DAY;
    cache.put('new', entries(100, 120, 256));
    cache.maintain();
    expect(cache.stats.bytes).toBeLessThanOrEqual(90 * ENTRY);
    const kept = (model: string, from: number, to: number) =>
      cache.get(
        model,
        entries(from, to).map(([key]) => key),
      ).size;
    expect({ used: kept('old', 0, 20), unused: kept('old', 20, 50), newest: kept('new', 100, 120) }).toEqual({
      used: 20,
      unused: 0,
      newest: 20,
    });
    cache.close();
  });

  test('is kept while much is written, without being asked', () => {
    const cache = open({ maxBytes: 1_000 * ENTRY });
    for (let at = 0; at < 20_000; at += 1_000) {
      time += 1_000;
      cache.put('a', entries(at, at + 1_000, 256));
    }
    cache.close();
    const again = open();
    expect(again.stats.entries).toBeLessThanOrEqual(1_000);
    expect(again.get('a', [hash(19_999)]).size).toBe(1);
    again.close();
    // The pages are given back: the file follows the limit, not all that was ever written (24 MB).
    expect(statSync(file).size).toBeLessThan(8_000_000);
  });
});

describe('what is damaged is begun anew, and said', () => {
  const damages: readonly (readonly [name: string, damage: () => void])[] = [
    [
      'a file that is no database',
      () => writeFileSync(file, 'not a database at all, but long enough to be read as one'.repeat(40)),
    ],
    ['a file cut off', () => writeFileSync(file, readFileSync(file).subarray(0, 5_000))],
    [
      'pages overwritten',
      () => {
        const bytes = readFileSync(file);
        bytes.fill(0xab, 4_096, Math.min(bytes.length, 40_960));
        writeFileSync(file, bytes);
      },
    ],
    [
      'a newer format',
      () => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA user_version = 99');
        database.close();
      },
    ],
    [
      'tables of somebody else',
      () => {
        const database = new DatabaseSync(file);
        database.exec('DROP TABLE vectors');
        database.close();
      },
    ],
  ];

  test.each(damages)('%s', (_, damage) => {
    const before = open();
    before.put('a', entries(0, 500, 64));
    before.close();
    damage();
    const cache = open();
    // Whether it shows at the opening or at a page that is read later: no throw, and after the second try at most it works.
    cache.put('a', entries(0, 10, 64));
    cache.get(
      'a',
      entries(0, 500).map(([key]) => key),
    );
    cache.put('a', entries(0, 10, 64));
    expect(
      cache.get(
        'a',
        entries(0, 10).map(([key]) => key),
      ).size,
    ).toBe(10);
    expect(problems.join()).toContain('begun anew');
    cache.close();
  });

  test('damage while it is open', () => {
    const cache = open();
    cache.put('a', entries(0, 2_000, 64));
    cache.close();
    const other = open();
    expect(other.get('a', [hash(0)]).size).toBe(1);
    writeFileSync(file, Buffer.alloc(statSync(file).size, 0xcd));
    for (let round = 0; round < 3; round++) other.put('a', entries(2_000, 2_010, 64));
    expect(other.get('a', [hash(2_005)])).toEqual(new Map([[hash(2_005), vector(2_005, 64)]]));
    other.close();
  });
});

test('a place that cannot be written leaves the cache out, without an error', () => {
  const cache = open({ file: join(folder, 'no', 'such', 'folder', 'vectors.db') });
  cache.put('a', entries(0, 3));
  expect(cache.get('a', [hash(0)]).size).toBe(0);
  expect(cache.stats).toEqual({ entries: 0, bytes: 0 });
  cache.maintain();
  cache.close();
  expect(problems[0]).toContain('cannot be used');
});

test('a copy of the file taken while it was written is a cache too', () => {
  const cache = open();
  cache.put('a', entries(0, 300, 64));
  copyFileSync(file, join(folder, 'copy.db'));
  cache.close();
  const copy = open({ file: join(folder, 'copy.db') });
  copy.put('a', entries(0, 5, 64));
  expect(copy.get('a', [hash(3)]).size).toBe(1);
  copy.close();
});

test('three processes write at the same time and lose nothing', async () => {
  const writer = join(import.meta.dirname, 'vector-cache-writer.ts');
  const run = (name: string) =>
    new Promise<{ code: number | null; said: string }>((resolve, reject) => {
      const child = spawn(process.execPath, ['--no-warnings', writer, file, name, '300'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (data) => {
        said += data;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, said }));
    });
  const ends = await Promise.all(['one', 'two', 'three'].map(run));
  expect(ends).toEqual([0, 1, 2].map(() => ({ code: 0, said: '' })));
  const cache = open();
  expect(cache.stats.entries).toBe(4 * 300);
  for (const name of ['one', 'two', 'three', 'both'])
    expect(
      cache.get(
        'shared',
        Array.from({ length: 300 }, (_, number) => `${name}-${number}`),
      ).size,
    ).toBe(300);
  cache.close();
}, 120_000);

test('a process killed in the middle of writing leaves a cache that works', async () => {
  const writer = join(import.meta.dirname, 'vector-cache-writer.ts');
  const child = spawn(process.execPath, ['--no-warnings', writer, file, 'doomed', '1000000'], { stdio: 'ignore' });
  const cache = open();
  await expect.poll(() => cache.get('shared', ['doomed-500']).size, { timeout: 60_000, interval: 20 }).toBe(1);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('close', resolve));
  const kept = cache.stats.entries;
  cache.put('shared', entries(0, 10));
  expect(cache.stats.entries).toBe(kept + 10);
  expect(cache.get('shared', [hash(3), 'doomed-500']).size).toBe(2);
  cache.close();
  expect(problems).toEqual([]);
}, 120_000);
