import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seededRandom } from '@tabstop/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openNodeIndex } from '../../src/index/node-index.ts';
import { temporaryFolder } from './fake-index.ts';

let place: ReturnType<typeof temporaryFolder>;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  place = temporaryFolder();
  folder = join(place.path, 'project');
  mkdirSync(folder);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  place.remove();
});

const VERBS = ['load', 'save', 'retry', 'parse', 'draw', 'merge', 'send', 'count'];
const NOUNS = ['Upload', 'Picture', 'Query', 'User', 'Branch', 'Report', 'Window', 'Token'];

function write(name: string, random: () => number): void {
  const functions = Array.from({ length: 6 }, () => {
    const [verb, noun, other] = [VERBS, NOUNS, NOUNS].map((words) => words[Math.floor(random() * words.length)]!);
    return `/** Will ${verb} the ${noun} again. */\nexport function ${verb}${noun}(${other}: string) {\n  const result = ${verb}(${other}, ${Math.floor(random() * 1e6)});\n  return result.${noun};\n}\n`;
  });
  writeFileSync(join(folder, name), functions.join('\n'));
}

function start(data: string): { readonly lines: AsyncIterator<string>; readonly child: ChildProcess } {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'sync-process.ts'), folder, data], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
}

/** What the index of the folder says, by its state in `data`. */
async function answers(data: string): Promise<unknown> {
  const index = await openNodeIndex(
    { folders: [folder], dataDir: data },
    { env: process.env, onProblem: (message) => expect(message).toBe('') },
  );
  try {
    await index.sync();
    const found = [];
    for (const text of ['retry the upload', 'draw picture', 'parseQuery', 'count of tokens']) {
      const { results, state } = await index.search({ text, limit: 20 });
      found.push([
        state,
        results.map(({ path, startLine, endLine, text, score }) => [path, startLine, endLine, text, score.toFixed(3)]),
      ]);
    }
    const { files, chunks, embedded, note } = index.status();
    return { files, chunks, embedded, note, found };
  } finally {
    await index.dispose();
  }
}

test('killed at any point, the next start ends in the right state', async () => {
  const random = seededRandom(5);
  const data = join(place.path, 'data');
  for (let at = 0; at < 60; at++) write(`f${at}.ts`, random);
  for (let round = 0; round < 6; round++) {
    const { child, lines } = start(data);
    // The first line is `open`; then steps, as many as there are.
    for (let left = 1 + Math.floor(random() * 5); left > 0; left--) {
      const { value } = (await lines.next()) as { value: string | undefined };
      if (value === undefined || value.startsWith('done')) break;
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    for (let at = 0; at < 15; at++) write(`f${Math.floor(random() * 60)}.ts`, random);
    rmSync(join(folder, `f${Math.floor(random() * 60)}.ts`), { force: true });
  }
  const healed = await answers(data);
  expect(healed).toEqual(await answers(join(place.path, 'fresh')));
  expect(healed).toMatchObject({ files: readdirSync(folder).length });
}, 240_000);

test('eight processes on one project share its store', async () => {
  const random = seededRandom(6);
  const data = join(place.path, 'data');
  for (let at = 0; at < 30; at++) write(`f${at}.ts`, random);
  const all = Array.from({ length: 8 }, () => start(data));
  const said = await Promise.all(
    all.map(async ({ lines }) => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) return undefined;
        if (value.startsWith('done '))
          return JSON.parse(value.slice(5)) as { files: number; chunks: number; embedded: number; follower: boolean };
      }
    }),
  );
  // One writes, and everyone sees all of it.
  expect(said.map((one) => one?.files)).toEqual(Array(8).fill(30));
  expect(new Set(said.map((one) => `${one?.chunks} ${one?.embedded}`)).size).toBe(1);
  expect(said.filter((one) => one?.follower === false)).toHaveLength(1);
  for (const { child } of all) {
    const gone = once(child, 'exit');
    child.stdin!.end();
    expect(await gone).toEqual([0, null]);
  }
  expect(await answers(data)).toEqual(await answers(join(place.path, 'fresh')));
}, 240_000);
