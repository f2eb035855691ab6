import { fakeClock } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { createWireFacts } from '../../src/server/wire-facts.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';

type Asked = {
  method: string;
  params: object;
  signal: AbortSignal;
  answer: (value: unknown) => void;
  fail: (error: Error) => void;
};

function client(pending = 64) {
  const clock = fakeClock();
  const asked: Asked[] = [];
  const log: string[] = [];
  let snapshot = Snapshot.empty.open({ path: '/a.ts', languageId: 'typescript', version: 4, text: 'let a' });
  const facts = createWireFacts({
    ask: (method, params, signal) =>
      new Promise((answer, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason));
        asked.push({ method, params, signal, answer, fail });
      }),
    snapshot: () => snapshot,
    log: (level, message) => log.push(`${level}: ${message}`),
    timeout: 500,
    now: clock.now,
    pending,
    setTimeout: clock.setTimeout,
    clearTimeout: (timer) => clock.clearTimeout(timer as number | undefined),
  });
  const change = () => {
    snapshot = snapshot.change({
      path: '/a.ts',
      baseVersion: 4,
      version: 5,
      edits: [[0, 0, 'x']],
      origin: 'typed',
      at: 0,
    });
  };
  return { facts, asked, log, clock, change };
}
const never = new AbortController().signal;

describe('questions', () => {
  test('name the path, the version the engine sees, and the offsets', async () => {
    const { facts, asked } = client();
    void facts.references('/a.ts', 4, never);
    void facts.definition('/b.ts', 1, never);
    void facts.rename('/a.ts', 4, 'b', never);
    void facts.diagnostics('/a.ts', never);
    void facts.codeActions('/a.ts', 0, 3, never);
    void facts.symbols('/a.ts', never);
    expect(asked.map(({ method, params }) => [method, params])).toEqual([
      ['facts/references', { path: '/a.ts', version: 4, offset: 4 }],
      ['facts/definition', { path: '/b.ts', version: -1, offset: 1 }],
      ['facts/rename', { path: '/a.ts', version: 4, offset: 4, newName: 'b' }],
      ['facts/diagnostics', { path: '/a.ts', version: 4 }],
      ['facts/codeActions', { path: '/a.ts', version: 4, start: 0, end: 3 }],
      ['facts/symbols', { path: '/a.ts', version: 4 }],
    ]);
  });
});

describe('answers', () => {
  test('that fit are handed on', async () => {
    const { facts, asked } = client();
    const references = facts.references('/a.ts', 4, never);
    asked[0]!.answer([{ path: '/a.ts', start: 4, end: 5 }]);
    expect(await references).toEqual([{ path: '/a.ts', start: 4, end: 5 }]);
    const none = facts.diagnostics('/a.ts', never);
    asked[1]!.answer([]);
    expect(await none).toEqual([]);
    const symbols = facts.symbols('/a.ts', never);
    const leaf = { name: 'a', kind: 'variable', start: 0, end: 5, nameStart: 4, nameEnd: 5, children: [] };
    asked[2]!.answer([{ ...leaf, name: 'outer', children: [leaf] }]);
    expect(await symbols).toEqual([{ ...leaf, name: 'outer', children: [leaf] }]);
  });
  test('of no provider are undefined', async () => {
    const { facts, asked, log } = client();
    const rename = facts.rename('/a.ts', 4, 'b', never);
    asked[0]!.answer(null);
    expect([await rename, log]).toEqual([undefined, []]);
  });
  test.each([
    ['of another shape', [{ path: '/a.ts', start: 4 }], '0.end'],
    ['with negative offsets', [{ path: '/a.ts', start: -4, end: 1 }], '0.start'],
    ['that are no list', 'nonsense', ''],
    ['of absurd length', Array.from({ length: 10_001 }, () => ({ path: '/a.ts', start: 0, end: 1 })), ''],
  ])('%s are undefined, with a line in the log that names the place only', async (_name, answer, place) => {
    const { facts, asked, log } = client();
    const references = facts.references('/a.ts', 4, never);
    asked[0]!.answer(answer);
    expect(await references).toBe(undefined);
    expect(log).toEqual([
      expect.stringContaining(`warn: facts/references: the client's answer does not fit: ${place}`),
    ]);
  });
  test('nested too deep to be checked are undefined', async () => {
    const { facts, asked } = client();
    let symbol: object = { name: 'a', kind: 'b', start: 0, end: 1, nameStart: 0, nameEnd: 1, children: [] };
    for (let depth = 0; depth < 20_000; depth++) symbol = { ...symbol, children: [symbol] };
    const symbols = facts.symbols('/a.ts', never);
    asked[0]!.answer([symbol]);
    expect(await symbols).toBe(undefined);
  });
  test('for a text that has changed meanwhile are undefined', async () => {
    const { facts, asked, change } = client();
    const references = facts.references('/a.ts', 4, never);
    change();
    asked[0]!.answer([{ path: '/a.ts', start: 4, end: 5 }]);
    expect(await references).toBe(undefined);
  });
  test('that do not come within 500 ms are undefined, and the client is told', async () => {
    const { facts, asked, clock, log } = client();
    const references = facts.references('/a.ts', 4, never);
    await clock.advance(499);
    expect(asked[0]!.signal.aborted).toBe(false);
    await clock.advance(1);
    expect([await references, asked[0]!.signal.aborted, log]).toEqual([
      undefined,
      true,
      ['debug: facts/references: no answer within 500 ms'],
    ]);
  });
  test('that are errors are undefined', async () => {
    const { facts, asked } = client();
    const references = facts.references('/a.ts', 4, never);
    asked[0]!.fail(new Error('refused'));
    expect(await references).toBe(undefined);
  });
  test('nobody waits for any more are given up', async () => {
    const { facts, asked } = client();
    const abort = new AbortController();
    const references = facts.references('/a.ts', 4, abort.signal);
    abort.abort();
    expect([await references, asked[0]!.signal.aborted]).toEqual([undefined, true]);
    expect(await facts.references('/a.ts', 4, abort.signal)).toBe(undefined);
    expect(asked).toHaveLength(1);
  });
});

test('more questions than allowed at once are answered with undefined right away', async () => {
  const { facts, asked } = client(2);
  const first = facts.references('/a.ts', 1, never);
  void facts.references('/a.ts', 2, never);
  expect(await facts.references('/a.ts', 3, never)).toBe(undefined);
  asked[0]!.answer([]);
  await first;
  void facts.references('/a.ts', 4, never);
  expect(asked.map(({ params }) => (params as { offset: number }).offset)).toEqual([1, 2, 4]);
});

test('a client that leaves ten questions in a row unanswered is left alone for 15 s', async () => {
  const { facts, asked, clock, log } = client();
  for (let question = 0; question < 10; question++) {
    const answer = facts.references('/a.ts', question, never);
    await clock.advance(500);
    expect(await answer).toBe(undefined);
  }
  expect(log.at(-1)).toBe('info: 10 questions about language facts in a row had no answer; none for 15 s');
  expect(await facts.references('/a.ts', 10, never)).toBe(undefined);
  await clock.advance(14_999);
  expect(await facts.references('/a.ts', 11, never)).toBe(undefined);
  expect(asked).toHaveLength(10);
  await clock.advance(1);
  const answer = facts.references('/a.ts', 12, never);
  asked[10]!.answer([]);
  expect(await answer).toEqual([]);
});
