import { fakeClock } from '@tabstop/testkit';
import { expect, test } from 'vitest';
import { RESTART_DELAYS, STEADY_AFTER } from '../../src/engine/backoff.ts';
import {
  EngineRefusal,
  type EngineRun,
  type EngineState,
  PING,
  START_PATIENCE,
  supervise,
} from '../../src/engine/supervisor.ts';

/** Engines that do as they are told, and a transcript of what the supervisor makes of it. */
function stage() {
  const clock = fakeClock();
  const transcript: string[] = [];
  const engines: FakeEngine[] = [];
  const note = (text: string) => transcript.push(`${clock.now()} ${text}`);
  const supervisor = supervise({
    timers: clock,
    start() {
      const engine = fakeEngine(engines.length + 1, note);
      engines.push(engine);
      return engine.run;
    },
    onState: (state) => note(words(state)),
    onReady: (run) => note(`use ${run.pid}`),
    onGone: (run) => note(`drop ${run.pid}`),
  });
  const take = () => transcript.splice(0).join('\n');
  return { clock, supervisor, engines, take };
}

function words(state: EngineState): string {
  if (state.kind === 'waiting') return `waiting ${state.delay} ms, crash ${state.crashes}: ${state.reason}`;
  if (state.kind === 'refused') return `refused: ${state.reason}`;
  return state.kind;
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

interface FakeEngine {
  readonly run: EngineRun;
  answer(): void;
  refuse(error: Error): void;
  die(reason: string): void;
  pong: boolean;
  pings: number;
}

function fakeEngine(pid: number, note: (text: string) => void): FakeEngine {
  const ready = deferred<void>();
  const gone = deferred<{ reason: string }>();
  ready.promise.catch(() => undefined);
  const engine: FakeEngine = {
    run: {
      pid,
      ready: ready.promise,
      gone: gone.promise,
      ping() {
        engine.pings++;
        return engine.pong ? Promise.resolve('pong') : new Promise(() => undefined);
      },
      kill() {
        note(`kill ${pid}`);
        gone.resolve({ reason: 'killed' });
      },
    },
    answer: () => ready.resolve(),
    refuse: (error) => ready.reject(error),
    die(reason) {
      ready.reject(new Error(reason));
      gone.resolve({ reason });
    },
    pong: true,
    pings: 0,
  };
  return engine;
}

test('starts, is used when the engine has answered, and is pinged from then on', async () => {
  const { clock, supervisor, engines, take } = stage();
  supervisor.start();
  await clock.advance(80);
  engines[0]!.answer();
  await clock.advance(PING.every * 3 + 10);
  expect(take()).toBe('0 starting\n80 ready\n80 use 1');
  expect(engines[0]!.pings).toBe(3);
});

test('a crash is followed by a start after a short wait', async () => {
  const { clock, supervisor, engines, take } = stage();
  supervisor.start();
  engines[0]!.answer();
  await clock.advance(1_000);
  take();
  engines[0]!.die('killed by SIGKILL');
  await clock.advance(100);
  engines[1]!.answer();
  await clock.advance(0);
  expect(take()).toBe(
    [
      '1000 drop 1',
      '1000 waiting 100 ms, crash 1: killed by SIGKILL',
      '1100 starting',
      '1100 ready',
      '1100 use 2',
    ].join('\n'),
  );
});

test('crashes in a row wait longer and longer, up to the last delay', async () => {
  const { clock, supervisor, engines, take } = stage();
  supervisor.start();
  const delays: number[] = [];
  for (let crash = 0; crash < RESTART_DELAYS.length + 2; crash++) {
    engines.at(-1)!.die('exit code 1');
    await clock.advance(0);
    const { state } = supervisor;
    delays.push(state.kind === 'waiting' ? state.delay : -1);
    await clock.advance(delays.at(-1)!);
  }
  expect(delays).toEqual([...RESTART_DELAYS, 30_000, 30_000]);
  expect(take()).not.toContain('ready');
});

test('after a steady run the row of delays begins anew', async () => {
  const { clock, supervisor, engines, take } = stage();
  supervisor.start();
  for (let crash = 0; crash < 4; crash++) {
    engines.at(-1)!.die('exit code 1');
    await clock.advance(0);
    await clock.advance(RESTART_DELAYS[crash]!);
  }
  engines.at(-1)!.answer();
  await clock.advance(STEADY_AFTER);
  take();
  engines.at(-1)!.die('exit code 1');
  await clock.advance(0);
  expect(take()).toMatch(/waiting 100 ms, crash 1/);
});

test('an engine that does not answer pings is killed and started again', async () => {
  const { clock, supervisor, engines, take } = stage();
  supervisor.start();
  engines[0]!.answer();
  await clock.advance(0);
  engines[0]!.pong = false;
  take();
  await clock.advance(PING.every + PING.patience + 200);
  expect(take()).toBe(
    ['25000 kill 1', '25000 drop 1', '25000 waiting 100 ms, crash 1: killed', '25100 starting'].join('\n'),
  );
});

test('an engine that never answers the handshake is killed', async () => {
  const { clock, supervisor, take } = stage();
  supervisor.start();
  await clock.advance(START_PATIENCE);
  expect(take()).toContain(`${START_PATIENCE} kill 1`);
});

test('a refusal is final until the user starts it again', async () => {
  const { clock, supervisor, engines, take } = stage();
  supervisor.start();
  engines[0]!.refuse(new EngineRefusal('version 2 here, version 1 there'));
  await clock.advance(120_000);
  expect(take()).toBe(['0 starting', '0 kill 1', '0 drop 1', '0 refused: version 2 here, version 1 there'].join('\n'));
  supervisor.start();
  engines[1]!.answer();
  await clock.advance(0);
  expect(take()).toBe('120000 starting\n120000 ready\n120000 use 2');
});

test('starting by hand ends what runs and does not count as a crash', async () => {
  const { clock, supervisor, engines, take } = stage();
  supervisor.start();
  engines[0]!.answer();
  await clock.advance(10);
  take();
  supervisor.start();
  engines[1]!.answer();
  await clock.advance(5_000);
  expect(take()).toBe(['10 drop 1', '10 kill 1', '10 starting', '10 ready', '10 use 2'].join('\n'));
});

test('stopped, it stays stopped', async () => {
  const { clock, supervisor, engines, take } = stage();
  supervisor.start();
  engines[0]!.answer();
  await clock.advance(0);
  supervisor.stop();
  await clock.advance(120_000);
  expect(take()).toBe('0 starting\n0 ready\n0 use 1\n0 drop 1\n0 kill 1\n0 stopped');
});
