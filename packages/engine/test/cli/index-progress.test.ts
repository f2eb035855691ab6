import { PassThrough } from 'node:stream';
import { fakeClock, settle } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { reportText, syncTelling } from '../../src/cli/index-progress.ts';
import type { IndexStatus } from '../../src/index/code-index.ts';
import { fakeIndex } from '../search/fake-index.ts';

/** Syncs through these states, one after each `step` milliseconds; answers all that was written. */
async function progress(options: {
  states: readonly Partial<IndexStatus>[];
  terminal?: boolean;
  patience?: number;
  quiet?: boolean;
  until?: 'text' | 'meaning';
}) {
  const clock = fakeClock();
  const stream = Object.assign(new PassThrough(), options.terminal ? { isTTY: true } : {});
  const index = fakeIndex({}, { status: { state: 'starting' } });
  const release = index.hold();
  let aborted = false;
  const sync = index.sync;
  index.sync = (signal) => {
    signal?.addEventListener('abort', () => {
      aborted = true;
    });
    return sync(signal);
  };
  const done = syncTelling(index, {
    stream,
    quiet: options.quiet ?? false,
    patience: options.patience ?? 0,
    ...(options.until ? { until: options.until } : {}),
    signal: new AbortController().signal,
    now: clock.now,
    setTimeout: clock.setTimeout,
    clearTimeout: (timer) => clock.clearTimeout(timer as number),
  });
  for (const status of options.states) {
    await clock.advance(100);
    index.become(status);
  }
  await settle();
  const early = aborted;
  release();
  const report = await done;
  return { text: String(stream.read() ?? ''), report, early };
}

const STATES: readonly Partial<IndexStatus>[] = [
  { state: 'reconciling' },
  { state: 'indexing', done: 0, total: 2_500 },
  { state: 'indexing', done: 1_250, total: 2_500 },
  { state: 'embedding', done: 10_000, total: 10_000 },
  { state: 'ready', done: 0, total: 0 },
];

describe('progress', () => {
  test('in a pipe: one line for each phase', async () => {
    const { text, report } = await progress({ states: STATES });
    expect(text.split('\n')).toEqual([
      'opening the index …',
      'looking at files …',
      'indexing files: 2,500 …',
      'reading what they mean, chunks: 10,000 …',
      '',
    ]);
    expect(report).toMatchObject({ added: 2 });
  });
  test('on a terminal: one line that is drawn over, and is gone at the end', async () => {
    const { text } = await progress({ states: STATES, terminal: true });
    const drawn = text.split('\r\x1b[K');
    expect(drawn.slice(0, 5)).toEqual([
      '',
      `  ${'░'.repeat(24)} opening the index`,
      `  ${'░'.repeat(24)} looking at files`,
      `  ${'░'.repeat(24)} indexing files: 0 of 2,500`,
      `  ${'█'.repeat(12)}${'░'.repeat(12)} indexing files: 1,250 of 2,500`,
    ]);
    expect(drawn.at(-1)).toBe('');
    expect(text).not.toContain('\n');
  });
  test('nothing is told of what is quick', async () => {
    expect((await progress({ states: STATES, patience: 1_000 })).text).toBe('');
  });
  test('what takes longer is told from then on, also where the status stands still', async () => {
    const { text } = await progress({ states: STATES, patience: 250 });
    expect(text.split('\n')).toEqual(['indexing files: 2,500 …', 'reading what they mean, chunks: 10,000 …', '']);
  });
  test('nothing at all where it is to be quiet', async () => {
    expect((await progress({ states: STATES, quiet: true })).text).toBe('');
  });
  test('words are enough for some: it stops when only meaning is left', async () => {
    expect(await progress({ states: STATES.slice(0, 3), until: 'text' })).toMatchObject({
      early: false,
      report: { added: 2 },
    });
    const stopped = await progress({ states: STATES.slice(0, 4), until: 'text' });
    expect([stopped.report, stopped.early]).toEqual([undefined, true]);
  });
});

test.each([
  [{ added: 0, modified: 0, removed: 0, embedded: 0, cached: 0, ms: 120 }, 'nothing has changed (0.1 s).'],
  [
    { added: 1_200, modified: 1, removed: 2, embedded: 3_000, cached: 4, ms: 12_345 },
    '1,200 added, 1 changed, 2 removed; 3,000 chunks embedded, 4 known already (12 s).',
  ],
  [
    { added: 0, modified: 0, removed: 0, embedded: 0, cached: 0, ms: 0, note: 'rebuilt: the store was damaged' },
    'nothing has changed (0.0 s). rebuilt: the store was damaged.',
  ],
])('%j', (report, text) => {
  expect(reportText({ chunked: 0, ...report })).toBe(text);
});
