import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@tabstop/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  EMPTY_FOLDER,
  type FolderNode,
  folderNode,
  HASH_BYTES,
  IN_DOUBT,
} from '../../../src/index/tree/folder-node.ts';
import { encodeState, loadState, removeLeftovers, STATE_FILE, saveState } from '../../../src/index/tree/state-file.ts';
import { diskWith } from './tree-sandbox.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tabstop-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }), 60_000);

/** A random tree with names of all kinds. */
function randomNode(random: () => number, depth = 0): FolderNode {
  const names = ['a', 'ä', '日本.ts', 'x y', '\uffff', `n${Math.floor(random() * 100)}`]
    .filter(() => random() < 0.6)
    .sort();
  const files = names.map((name) => ({
    name,
    size: Math.floor(random() * 1e9),
    modified: 1.7e12 + random() * 1e9,
    changed: 1.7e12 + random() * 1e9,
    inode: Math.floor(random() * 2 ** 40),
    mark: [0, 1, IN_DOUBT, IN_DOUBT | 3][Math.floor(random() * 4)]!,
    hash: new Uint8Array(HASH_BYTES).map(() => random() * 256),
  }));
  const folders: [string, FolderNode][] = [];
  for (const name of ['d', 'e', 'ö'])
    if (depth < 4 && random() < 0.5) folders.push([name, randomNode(random, depth + 1)]);
  return folderNode(files, folders, undefined);
}

const why = (): string | undefined => {
  const loaded = loadState(fs, folder, '/root');
  return loaded.node ? 'loaded' : loaded.why;
};

it('what is kept comes back the same', () => {
  const random = seededRandom(5);
  for (let run = 0; run < 60; run++) {
    const node = run === 0 ? EMPTY_FOLDER : randomNode(random);
    saveState(fs, folder, '/root', node, '1');
    const loaded = loadState(fs, folder, '/root').node!;
    // Written again, the bytes are the same: nothing was lost.
    expect(Buffer.compare(encodeState('/root', loaded), encodeState('/root', node))).toBe(0);
    expect([...loaded.names]).toEqual([...node.names]);
    expect([...loaded.stats]).toEqual([...node.stats]);
  }
  expect(readdirSync(folder)).toEqual([STATE_FILE]);
});

it('nothing kept is nothing to complain about', () => {
  expect(loadState(fs, join(folder, 'nowhere'), '/root')).toEqual({ node: undefined, why: undefined });
});

it('a damaged byte anywhere is found', () => {
  saveState(fs, folder, '/root', randomNode(seededRandom(9)), '1');
  const file = join(folder, STATE_FILE);
  const good = readFileSync(file);
  for (let at = 0; at < good.length; at++) {
    // Bytes 12 to 15 and 56 to 63 are padding of the header.
    if ((at >= 12 && at < 16) || (at >= 56 && at < 64)) continue;
    const bad = Buffer.from(good);
    bad[at] = bad[at]! ^ 0x10;
    writeFileSync(file, bad);
    expect([at, why()]).not.toEqual([at, 'loaded']);
    expect(why()).toMatch(/^it (?:is|has) /);
  }
});

it('a file that is cut off anywhere, or too long, is found', () => {
  saveState(fs, folder, '/root', randomNode(seededRandom(9)), '1');
  const file = join(folder, STATE_FILE);
  const good = readFileSync(file);
  for (let length = 0; length < good.length; length += 7) {
    writeFileSync(file, good.subarray(0, length));
    expect(why()).toBe('it is cut off');
  }
  writeFileSync(file, Buffer.concat([good, Buffer.from([0])]));
  expect(why()).toBe('it is cut off');
});

it('another version, another root and another kind of file are rebuilt, each with its reason', () => {
  const bytes = encodeState('/root', EMPTY_FOLDER);
  const older = Buffer.from(bytes);
  older.writeUInt32LE(0, 4);
  writeFileSync(join(folder, STATE_FILE), older);
  expect(why()).toBe('it has version 0 and not 1');
  writeFileSync(join(folder, STATE_FILE), encodeState('/other', EMPTY_FOLDER));
  expect(why()).toBe('it is of another folder');
  writeFileSync(join(folder, STATE_FILE), 'x'.repeat(500));
  expect(why()).toBe('it is damaged');
});

it.each(['openSync', 'writeSync', 'renameSync'] as const)(
  'where %s fails, the old state stays and nothing is left behind',
  (call) => {
    const old = randomNode(seededRandom(1));
    saveState(fs, folder, '/root', old, '1');
    const full = diskWith(() => ({
      [call]: () => {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
    }));
    expect(() => saveState(full, folder, '/root', randomNode(seededRandom(2)), '2')).toThrow('no space left');
    expect(Buffer.compare(encodeState('/root', loadState(fs, folder, '/root').node!), encodeState('/root', old))).toBe(
      0,
    );
    expect(readdirSync(folder)).toEqual([STATE_FILE]);
  },
);

it('a disk that takes a few bytes at a time gets them all', () => {
  const node = randomNode(seededRandom(3));
  const slow = diskWith((real) => ({
    writeSync: (descriptor, buffer, offset, length) => real.writeSync(descriptor, buffer, offset, Math.min(length, 13)),
  }));
  saveState(slow, folder, '/root', node, '1');
  expect(why()).toBe('loaded');
});

it('files left behind by killed processes go when they are old', () => {
  for (const name of ['tree.bin.1-1.tmp', 'tree.bin.2-1.tmp', 'other.tmp']) writeFileSync(join(folder, name), 'x');
  utimesSync(join(folder, 'tree.bin.1-1.tmp'), 1, 1);
  removeLeftovers(fs, folder, Date.now());
  expect(readdirSync(folder).sort()).toEqual(['other.tmp', 'tree.bin.2-1.tmp']);
});

it('kill -9 at any point of writing leaves a state that is whole', async () => {
  const state = join(folder, 'state');
  mkdirSync(state);
  const script = join(folder, 'write.ts');
  const source = join(import.meta.dirname, '../../../src/index/tree');
  writeFileSync(
    script,
    `import * as fs from 'node:fs';
     import { folderNode, HASH_BYTES } from '${source}/folder-node.ts';
     import { saveState } from '${source}/state-file.ts';
     for (let run = 0; ; run++) {
       const files = Array.from({ length: 20000 }, (_, i) => ({ name: String(i).padStart(6, '0'), size: run, modified: run, changed: 1, inode: 1, mark: 0, hash: new Uint8Array(HASH_BYTES) }));
       saveState(fs, ${JSON.stringify(state)}, '/root', folderNode(files, [], undefined), String(run));
       if (run === 0) process.stdout.write('first\\n');
     }`,
  );
  let newest = -1;
  for (let kill = 0; kill < 8; kill++) {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 5 + kill * 17));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const loaded = loadState(fs, state, '/root');
    expect(loaded.node?.count).toBe(20_000);
    // All of one write, and none of a mix.
    expect(new Set(loaded.node!.stats.filter((_, index) => index % 4 === 0)).size).toBe(1);
    newest = Math.max(newest, loaded.node!.stats[0]!);
  }
  expect(newest).toBeGreaterThanOrEqual(0);
}, 240_000);
