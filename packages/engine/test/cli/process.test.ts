import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleEngine } from '../server/engine-process.ts';

let bundle: Awaited<ReturnType<typeof bundleEngine>>;
beforeAll(async () => {
  bundle = await bundleEngine();
}, 60_000);
afterAll(() => bundle.remove());

function start(...argv: string[]) {
  return startNode([], argv);
}

function startNode(options: readonly string[], argv: readonly string[]) {
  const child = spawn(process.execPath, [...options, bundle.cli, ...argv]);
  child.stdin.on('error', () => {});
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const lines = async (count: number) => {
    while (stdout.split('\n').length <= count) await once(child.stdout, 'data');
  };
  return { child, ended, lines, stdout: () => stdout, stderr: () => stderr };
}

/** A person who types `letters` keys at the end of a line of a file of 200 lines, asked for after each. */
function* session(name: string, letters: number): Generator<string> {
  const text = Array.from({ length: 200 }, (_, line) => `export const value${line} = compute(${line});`).join('\n');
  const events: object[] = [];
  for (let key = 0; key < letters; key++) {
    const offset = text.length + key;
    events.push({ path: `${name}.ts`, edits: [[offset, offset, 'abcdefgh '[key % 9]!]] });
    yield `${JSON.stringify({ id: `${name}-${key}`, documents: [{ path: `${name}.ts`, text }], events, cursor: { path: `${name}.ts`, offset: offset + 1 } })}\n`;
  }
}

const CASE = [...session('a', 1)][0]!;

test('an answer comes as soon as its case, not at the end', async () => {
  const predict = start('predict', '--jsonl');
  predict.child.stdin.write(CASE);
  await predict.lines(1);
  predict.child.stdin.write(CASE.replace('a-0', 'second'));
  await predict.lines(2);
  predict.child.stdin.end();
  expect(await predict.ended).toBe(0);
  expect(
    predict
      .stdout()
      .split('\n')
      .map((line) => line && JSON.parse(line).id),
  ).toEqual(['a-0', 'second', '']);
  expect(predict.stderr()).toBe('');
});

test('a reader that goes away is no failure', async () => {
  const predict = start('predict', '--jsonl');
  predict.child.stdin.write(CASE);
  await predict.lines(1);
  predict.child.stdout.destroy();
  const more = setInterval(() => predict.child.stdin.write(CASE), 5);
  expect(await predict.ended).toBe(0);
  clearInterval(more);
  expect(predict.stderr()).toBe('');
});

test('SIGINT ends it at once, with 130 and without a trace', async () => {
  const predict = start('predict', '--jsonl');
  predict.child.stdin.write(CASE);
  await predict.lines(1);
  predict.child.kill('SIGINT');
  expect(await predict.ended).toBe(130);
  expect(predict.stderr()).toBe('');
});

test('an empty input is no case', async () => {
  const predict = start('predict', '--jsonl');
  predict.child.stdin.end();
  expect([await predict.ended, predict.stdout(), predict.stderr()]).toEqual([0, '', '']);
});

describe('many cases', () => {
  test('stay in bounded memory', async () => {
    // Far less heap than 2,000 cases would fill if anything of them were kept: a leak ends the process.
    const predict = startNode(['--max-old-space-size=192'], ['predict', '--jsonl']);
    let asked = 0;
    let resident = 0;
    // 100 sessions of 20 keys, all of different documents.
    for (let round = 0; round < 100; round++) {
      for (const line of session(`round${round}`, 20)) {
        if (!predict.child.stdin.write(line)) await once(predict.child.stdin, 'drain');
        asked++;
      }
      await predict.lines(asked);
      const status = await readFile(`/proc/${predict.child.pid}/status`, 'utf8').catch(() => '');
      resident = Math.max(resident, Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
    }
    predict.child.stdin.end();
    expect(await predict.ended, predict.stderr()).toBe(0);
    // Megabytes, grammars and the token model included.
    expect(resident).toBeLessThan(500);
  }, 120_000);
});
