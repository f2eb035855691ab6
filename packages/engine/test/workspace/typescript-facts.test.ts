import { fakeClock, settle } from '@tabstop/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Document } from '../../src/workspace/document.ts';
import { languageOf } from '../../src/workspace/languages.ts';
import {
  createTypeScriptFacts,
  type FactsThread,
  spawnTypeScriptWorker,
  type TypeScriptFacts,
} from '../../src/workspace/typescript-facts.ts';
import type { FactsReply, FactsRequest } from '../../src/workspace/typescript-worker.ts';

const { signal } = new AbortController();

function documentsOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, Document> {
  return new Map(
    Object.entries(texts).map(([path, text]) => [
      path,
      Document.open({ path, languageId: languageOf(path), version: 1, text }),
    ]),
  );
}

const PROJECT = {
  'src/user.ts': 'export interface User { mail: string }\nexport function load(user: User) { return user.mail; }\n',
  'src/main.ts': "import { load } from './user';\nload({ mail: 'x' });\nconst mail = load;\n",
  'src/old.js': "const { load } = require('./user');\nload();\n",
  'other.py': 'load = 1\n',
};

describe('the language service in its thread', () => {
  let facts: TypeScriptFacts;
  beforeAll(async () => {
    facts = createTypeScriptFacts({
      spawn: () => spawnTypeScriptWorker(import.meta.url),
      // Machines that run tests are busy; the budget has a test of its own below.
      budget: 20_000,
      setTimeout: (callback, delay) => setTimeout(callback, delay),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    });
    expect(await facts.of(() => documentsOf(PROJECT)).references('src/user.ts', 25, signal), 'cold').toBeUndefined();
    expect(await facts.warm()).toBe(true);
  });
  afterAll(() => facts.dispose());

  /** The words at the locations, after their file and line. */
  function spelled(
    texts: Readonly<Record<string, string>>,
    locations: readonly { path: string; start: number; end: number }[] | undefined,
  ): string[] | undefined {
    return locations?.map(({ path, start, end }) => {
      const line = texts[path]!.slice(0, start).split('\n').length;
      return `${path}:${line} ${texts[path]!.slice(start, end)}`;
    });
  }

  const at = (path: keyof typeof PROJECT, word: string) => PROJECT[path].indexOf(word);

  test('references of a member across files, not of its namesakes', async () => {
    const found = await facts
      .of(() => documentsOf(PROJECT))
      .references('src/user.ts', at('src/user.ts', 'mail'), signal);
    expect(spelled(PROJECT, found)).toEqual(['src/user.ts:1 mail', 'src/user.ts:2 mail', 'src/main.ts:2 mail']);
  });

  test('references of a function through imports; `require` is not followed', async () => {
    const found = await facts
      .of(() => documentsOf(PROJECT))
      .references('src/user.ts', at('src/user.ts', 'load'), signal);
    expect(spelled(PROJECT, found)).toEqual([
      'src/user.ts:2 load',
      'src/main.ts:1 load',
      'src/main.ts:2 load',
      'src/main.ts:3 load',
    ]);
  });

  test('definition', async () => {
    const found = await facts
      .of(() => documentsOf(PROJECT))
      .definition('src/main.ts', at('src/main.ts', 'load('), signal);
    expect(spelled(PROJECT, found)).toEqual(['src/user.ts:2 load']);
  });

  test('rename keeps the meaning of shorthands', async () => {
    const texts = { 'a.ts': 'const foo = 1;\nexport { foo };\nlog({ foo });\n' };
    const edits = await facts.of(() => documentsOf(texts)).rename('a.ts', 6, 'bar', signal);
    expect(edits).toEqual([
      {
        path: 'a.ts',
        edits: [
          [6, 9, 'bar'],
          [24, 27, 'bar as foo'],
          [37, 40, 'foo: bar'],
        ],
      },
    ]);
  });

  test('symbols', async () => {
    const texts = { 'a.ts': 'class A { b = 1; c() {} }\nfunction d() {}\n' };
    const symbols = await facts.of(() => documentsOf(texts)).symbols('a.ts', signal);
    const shape = (nodes: typeof symbols): unknown =>
      nodes?.map(({ name, kind, nameStart, children }) => [name, kind, nameStart, shape(children)]);
    expect(shape(symbols)).toEqual([
      [
        'A',
        'class',
        6,
        [
          ['b', 'property', 10, []],
          ['c', 'method', 17, []],
        ],
      ],
      ['d', 'function', 35, []],
    ]);
  });

  test('texts as they were before an edit', async () => {
    const now = { 'a.ts': 'const bar = 1;\nuse(foo);\n' };
    const facts0 = facts.of(() => documentsOf(now));
    expect(spelled(now, await facts0.references('a.ts', 6, signal))).toEqual(['a.ts:1 bar']);
    const before = { 'a.ts': 'const foo = 1;\nuse(foo);\n' };
    const found = await facts0.withTexts!(new Map(Object.entries(before))).references('a.ts', 6, signal);
    expect(spelled(before, found)).toEqual(['a.ts:1 foo', 'a.ts:2 foo']);
    expect(spelled(now, await facts0.references('a.ts', 6, signal)), 'and now again').toEqual(['a.ts:1 bar']);
  });

  test('a project that is no longer asked about is gone from the thread', async () => {
    await facts.of(() => documentsOf({ 'x.ts': 'export const here = 1;\n' })).symbols('x.ts', signal);
    const texts = { 'y.ts': "import { here } from './x';\nhere;\n" };
    expect(await facts.of(() => documentsOf(texts)).definition('y.ts', 9, signal)).toEqual([
      { path: 'y.ts', start: 9, end: 13 },
    ]);
  });

  test('other languages and unknown files have no facts', async () => {
    const known = facts.of(() => documentsOf(PROJECT));
    expect(await known.references('other.py', 0, signal)).toBeUndefined();
    expect(await known.references('missing.ts', 0, signal)).toBeUndefined();
    expect(await known.diagnostics('src/user.ts', signal)).toBeUndefined();
  });
});

describe('time and failure', () => {
  function scripted() {
    const clock = fakeClock();
    const requests: FactsRequest[] = [];
    const listeners: Record<string, (value?: unknown) => void> = {};
    let spawned = 0;
    const thread: FactsThread = {
      postMessage: (request) => void requests.push(request),
      on: (event: string, listener: unknown) => {
        listeners[event] = listener as (value?: unknown) => void;
      },
      terminate: () => undefined,
    };
    const problems: string[] = [];
    const facts = createTypeScriptFacts({
      spawn: () => {
        spawned++;
        return thread;
      },
      budget: 30,
      setTimeout: clock.setTimeout,
      clearTimeout: (timer) => clock.clearTimeout(timer as number),
      onProblem: (problem) => problems.push(problem),
    });
    const reply = (message: FactsReply) => listeners.message!(message);
    return { clock, requests, listeners, facts, reply, problems, spawns: () => spawned };
  }
  const texts = { 'a.ts': 'const a = 1;\n' };

  test('the first question starts the thread and is not waited for', async () => {
    const { facts, requests, reply, spawns } = scripted();
    const known = facts.of(() => documentsOf(texts));
    expect(await known.references('a.ts', 6, signal)).toBeUndefined();
    expect(await known.references('a.ts', 6, signal)).toBeUndefined();
    expect([spawns(), requests.length]).toEqual([1, 0]);
    reply({ id: 0 });
    const asked = known.references('a.ts', 6, signal);
    reply({ id: 1, answer: [{ path: 'a.ts', start: 6, end: 7 }] });
    expect(await asked).toEqual([{ path: 'a.ts', start: 6, end: 7 }]);
  });

  test('an answer after the budget is left out', async () => {
    const { clock, facts, reply } = scripted();
    void facts.warm();
    reply({ id: 0 });
    const asked = facts.of(() => documentsOf(texts)).references('a.ts', 6, signal);
    await clock.advance(30);
    reply({ id: 1, answer: [] });
    expect(await asked).toBeUndefined();
  });

  test('an aborted question is answered at once', async () => {
    const { facts, reply } = scripted();
    void facts.warm();
    reply({ id: 0 });
    const controller = new AbortController();
    const asked = facts.of(() => documentsOf(texts)).references('a.ts', 6, controller.signal);
    controller.abort();
    expect(await asked).toBeUndefined();
  });

  test('the thread is told only what changed', async () => {
    const { facts, reply, requests } = scripted();
    void facts.warm();
    reply({ id: 0 });
    const both = documentsOf({ 'a.ts': 'a', 'b.ts': 'b' });
    void facts.of(() => both).symbols('a.ts', signal);
    void facts.of(() => documentsOf({ 'a.ts': 'a', 'b.ts': 'c' })).symbols('a.ts', signal);
    void facts.of(() => documentsOf({ 'a.ts': 'a' })).symbols('a.ts', signal);
    expect(requests.map((request) => request.texts)).toEqual([
      [
        ['a.ts', 'a'],
        ['b.ts', 'b'],
      ],
      [['b.ts', 'c']],
      [['b.ts', null]],
    ]);
  });

  test('a thread that dies leaves everything without facts, and says so once', async () => {
    const { facts, reply, listeners, problems } = scripted();
    void facts.warm();
    reply({ id: 0 });
    const asked = facts.of(() => documentsOf(texts)).references('a.ts', 6, signal);
    listeners.error!(new Error('out of memory'));
    listeners.exit!();
    await settle();
    expect(await asked).toBeUndefined();
    expect(await facts.of(() => documentsOf(texts)).references('a.ts', 6, signal)).toBeUndefined();
    expect(problems).toEqual(['out of memory']);
  });

  test('a thread that cannot start', async () => {
    const { facts, listeners } = scripted();
    const warm = facts.warm();
    listeners.error!(new Error('no such file'));
    expect(await warm).toBe(false);
  });
});
