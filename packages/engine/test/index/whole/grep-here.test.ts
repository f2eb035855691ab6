import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { grepHere } from '../../../src/index/grep/grep-here.ts';
import { GrepPatternError } from '../../../src/index/grep/grep-match.ts';
import { openHere, pathOf, type Sandbox, sandbox, sourceText, until, write, writeProject } from './index-sandbox.ts';

function grep(
  box: Sandbox,
  pattern: string,
  more: { roots?: readonly string[]; regex?: boolean; limit?: number } = {},
) {
  const { roots = [box.root], ...query } = more;
  return grepHere({ roots, dataDir: box.dataDir, query: { pattern, ...query }, env: process.env });
}

test('from outside: without an index, beside an engine that follows the folder, and after it has gone', {
  timeout: 300_000,
}, async () => {
  const box = sandbox();
  writeProject(box.root, 80);
  expect(await grep(box, 'upload12(')).toMatchObject({
    matches: [{ root: box.root, path: pathOf(12), line: 2, ranges: [[16, 25]] }],
    known: 'reconciled',
    candidates: 80,
    notes: [expect.stringContaining('tabstop index sync')],
  });

  const index = await openHere(box, true);
  await index.sync();
  await until('it says that it follows', async () => (await grep(box, 'upload12(')).known === 'followed');
  expect(await grep(box, 'upload12(')).toMatchObject({ matches: { length: 1 }, files: 80, notes: [] });
  write(box.root, pathOf(30), `${sourceText(30, 1)}// justWritten\n`);
  write(box.root, 'src/part1/made.ts', '// justWritten\n');
  // By the watcher's word, or by a look at what changed last: whichever comes first.
  const written = ['src/part1/made.ts', pathOf(30)].sort();
  await until('both', async () => {
    const { matches } = await grep(box, 'justWritten');
    return matches.map(({ path }) => path).join() === written.join();
  });
  await index.dispose();

  rmSync(join(box.root, pathOf(30)));
  expect(await grep(box, 'justWritten')).toMatchObject({
    matches: [{ path: 'src/part1/made.ts' }],
    known: 'reconciled',
    notes: [],
  });
});

test('several folders, a limit over all of them, and a pattern that is none', { timeout: 120_000 }, async () => {
  const box = sandbox();
  const second = join(box.base, 'second');
  writeProject(box.root, 10);
  writeProject(second, 5);
  const roots = [box.root, second];
  expect(await grep(box, 'export function', { roots })).toMatchObject({
    matches: { length: 15 },
    files: 15,
    truncated: false,
  });
  const limited = await grep(box, 'export function', { roots, limit: 12 });
  expect(limited).toMatchObject({ matches: { length: 12 }, truncated: true });
  expect(limited.matches.filter(({ root }) => root === second)).toHaveLength(2);
  await expect(grep(box, 'export (function', { roots, regex: true })).rejects.toThrow(GrepPatternError);
});
