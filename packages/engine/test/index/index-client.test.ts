import { afterEach, describe, expect, test } from 'vitest';
import type { CodeIndex, IndexStatus, SearchAnswer } from '../../src/index/code-index.ts';
import { indexClient, type IndexThread } from '../../src/index/index-client.ts';
import { serveIndex } from '../../src/index/serve.ts';
import { openIndexInThread } from '../../src/index/start-thread.ts';
import type { FromIndex, ToIndex } from '../../src/index/wire.ts';
import { temporaryFolder, until } from './fake-index.ts';

const STATUS: IndexStatus = {
  state: 'ready',
  files: 3,
  chunks: 4,
  embedded: 4,
  done: 0,
  total: 0,
  skipped: 0,
  follower: false,
  model: 'm',
  bytes: 9,
};
const ANSWER: SearchAnswer = { results: [], state: 'complete', ms: 1, notes: [] };

/** An index that answers when it is told to. */
function fakeIndex() {
  const calls: string[] = [];
  let release: (() => void) | undefined;
  const index = {
    status: () => STATUS,
    onStatus: () => () => {},
    async search({ text }: { text: string }, signal?: AbortSignal): Promise<SearchAnswer> {
      calls.push(`search ${text}`);
      if (text === 'wrong') throw new RangeError('no such root');
      if (text === 'slow')
        await new Promise<void>((resolve, reject) => {
          release = resolve;
          signal?.addEventListener('abort', () => {
            calls.push('aborted');
            reject(signal.reason);
          });
        });
      return ANSWER;
    },
    attend: ({ open }: { open: readonly string[] }) => calls.push(`attend ${open}`),
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
    explain: async (path: string, root?: string) => ({ path, indexed: true, reason: `${root}` }),
    dispose: async () => void calls.push('dispose'),
  } as unknown as CodeIndex;
  return { index, calls, release: () => release?.() };
}

/** Threads that are objects: messages take a turn of the event loop, as between real ones. */
function harness() {
  const threads: {
    fake: ReturnType<typeof fakeIndex>;
    die(why: string): void;
    fail(message: string): void;
    terminated: boolean;
  }[] = [];
  const timers: { milliseconds: number; call: () => void; gone: boolean }[] = [];
  const problems: string[] = [];
  let opens = true;
  const client = indexClient({
    onProblem: (message) => problems.push(message),
    after(milliseconds, call) {
      const timer = { milliseconds, call, gone: false };
      timers.push(timer);
      return () => {
        timer.gone = true;
      };
    },
    start(hear, onEnd): IndexThread {
      const fake = fakeIndex();
      const inbox: ToIndex[] = [];
      let serve: ((message: ToIndex) => void) | undefined;
      const post = (message: FromIndex) => setImmediate(() => hear(message));
      const thread = {
        fake,
        terminated: false,
        die: onEnd,
        fail: (message: string) => post({ kind: 'failed', message }),
      };
      threads.push(thread);
      if (opens)
        setImmediate(() => {
          serve = serveIndex(fake.index, post);
          for (const message of inbox.splice(0)) serve(message);
        });
      return {
        post: (message) => void (serve ? setImmediate(() => serve!(message)) : inbox.push(message)),
        async terminate() {
          thread.terminated = true;
        },
      };
    },
  });
  return {
    client,
    threads,
    problems,
    waits: () => timers.filter(({ gone }) => !gone).map(({ milliseconds }) => milliseconds),
    fire(milliseconds: number) {
      const timer = timers.find((one) => one.milliseconds === milliseconds && !one.gone)!;
      timer.gone = true;
      timer.call();
    },
    never() {
      opens = false;
    },
  };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('an index in another thread', () => {
  test('answers as if it were here', async () => {
    const { client } = harness();
    expect(client.status().state).toBe('starting');
    // Asked before it is open.
    expect(await client.search({ text: 'x' })).toEqual(ANSWER);
    expect(await client.explain('a.ts', '/root')).toEqual({ path: 'a.ts', indexed: true, reason: '/root' });
    expect(client.status()).toEqual(STATUS);
  });

  test('refuses with the words of the index', async () => {
    const { client } = harness();
    await expect(client.search({ text: 'wrong' })).rejects.toMatchObject({
      name: 'IndexThreadError',
      message: 'no such root',
      reason: 'RangeError',
    });
  });

  test('is told when nobody waits any more', async () => {
    const { client, threads } = harness();
    const controller = new AbortController();
    const asked = client.search({ text: 'slow' }, controller.signal);
    await turn();
    controller.abort(new Error('typed on'));
    await expect(asked).rejects.toThrow('typed on');
    await until(() => threads[0]!.fake.calls.includes('aborted'));
    await expect(client.search({ text: 'x' }, controller.signal)).rejects.toThrow('typed on');
  });
});

describe('a thread that ends', () => {
  test('refuses what was asked, says so, and is started again with what it has to know', async () => {
    const { client, threads, problems, fire, waits } = harness();
    client.attend({ open: ['a.ts'], edited: [] });
    client.pause();
    const asked = client.search({ text: 'slow' });
    await turn();
    threads[0]!.die('out of memory');
    await expect(asked).rejects.toThrow('the index stopped (out of memory) and is started again');
    expect(client.status()).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('out of memory'),
      files: 3,
    });
    await expect(client.search({ text: 'x' })).rejects.toThrow('out of memory');
    expect(waits()).toEqual([500]);
    fire(500);
    expect(await client.search({ text: 'x' })).toEqual(ANSWER);
    expect(threads[1]!.fake.calls).toEqual(['attend a.ts', 'pause', 'search x']);
    expect(problems).toHaveLength(1);
    expect(client.status()).toEqual(STATUS);
  });

  test('again and again is waited for longer and longer, and from the start again after calm', async () => {
    const { threads, waits, fire } = harness();
    const seen: number[] = [];
    for (let round = 0; round < 9; round++) {
      await turn();
      threads.at(-1)!.die('x');
      const [wait] = waits();
      seen.push(wait!);
      fire(wait!);
    }
    expect(seen).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    await turn();
    fire(60_000);
    threads.at(-1)!.die('x');
    expect(waits()).toEqual([500]);
  });

  test('before it was open is a failure with its reason', async () => {
    const { client, threads, never, fire, problems } = harness();
    await turn();
    never();
    threads[0]!.die('first');
    fire(500);
    const asked = client.search({ text: 'x' });
    threads[1]!.fail('the folder of the index cannot be written');
    await expect(asked).rejects.toThrow('the index cannot be opened: the folder of the index cannot be written');
    expect(problems.at(-1)).toMatch(/cannot be opened/);
    expect(threads[1]!.terminated).toBe(true);
  });

  test('is not started again once it is closed', async () => {
    const { client, threads, waits } = harness();
    await turn();
    await client.dispose();
    await client.dispose();
    expect(threads[0]!.fake.calls).toEqual(['dispose']);
    expect(threads[0]!.terminated).toBe(true);
    threads[0]!.die('terminated');
    expect(threads).toHaveLength(1);
    expect(waits().filter((wait) => wait < 2_000)).toEqual([]);
    await expect(client.search({ text: 'x' })).rejects.toThrow(/closed/);
  });
});

describe('the real thread', () => {
  const data = temporaryFolder();
  afterEach(() => data.remove());

  test('indexes and answers', async () => {
    const index = openIndexInThread({ folders: [import.meta.dirname], dataDir: data.path }, (message) =>
      expect(message).toBe(''),
    );
    try {
      expect((await index.sync()).added).toBeGreaterThan(5);
      const { results } = await index.search({ text: 'a thread that ends is started again' });
      expect(results[0]?.path).toBe('index-client.test.ts');
    } finally {
      await index.dispose();
    }
  }, 120_000);
});
