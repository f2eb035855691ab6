import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskFiles, listFiles, MAX_FILE_BYTES } from '../../src/workspace/disk-files.ts';

let root: string;
let folder: string;

beforeEach(async () => {
  root = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'disk-')));
  folder = join(root, 'project');
  await fs.mkdir(folder);
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

async function write(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await fs.mkdir(dirname(join(folder, path)), { recursive: true });
    await fs.writeFile(join(folder, path), text);
  }
}

const listed = async () => (await listFiles(folder, { disk: fs, keys: 'relative' })).map(({ path }) => path);
let time = 0;
const read = (path: string) => diskFiles([folder], { disk: fs, now: () => time }).read(path);

describe('listing', () => {
  test('takes text that people write, in a stable order', async () => {
    await write({
      'b.ts': 'x',
      'a/z.py': 'x',
      'a/y.go': 'x',
      'logo.png': 'x',
      'README.md': 'x',
      LICENSE: 'x',
      'empty.ts': '',
    });
    expect(await listed()).toEqual(['README.md', 'b.ts', 'a/y.go', 'a/z.py']);
  });

  test.each<[name: string, rules: Record<string, string>, expected: string[]]>([
    ['a rule', { '.gitignore': 'out\n' }, ['keep.ts', 'src/a.ts', 'src/deep/c.ts']],
    ['a rule with a slash', { '.gitignore': '/src/deep\n' }, ['keep.ts', 'out/o.ts', 'src/a.ts']],
    ['a file taken back', { '.gitignore': 'src/*\n!src/a.ts\n' }, ['keep.ts', 'out/o.ts', 'src/a.ts']],
    ['nothing comes back from an ignored folder', { '.gitignore': 'src\n!src/a.ts\n' }, ['keep.ts', 'out/o.ts']],
    ['a rule further down', { 'src/.gitignore': 'deep\n' }, ['keep.ts', 'out/o.ts', 'src/a.ts']],
    [
      'a deeper rule wins',
      { '.gitignore': 'a.ts\n', 'src/.gitignore': '!a.ts\n' },
      ['keep.ts', 'out/o.ts', 'src/a.ts', 'src/deep/c.ts'],
    ],
    ['.tabstopignore', { '.tabstopignore': '**/deep\nout/\n' }, ['keep.ts', 'src/a.ts']],
    ['.git/info/exclude', { '.git/info/exclude': 'out\n' }, ['keep.ts', 'src/a.ts', 'src/deep/c.ts']],
  ])('obeys %s', async (_, rules, expected) => {
    await write({
      'keep.ts': 'x',
      'out/o.ts': 'x',
      'src/a.ts': 'x',
      'src/deep/c.ts': 'x',
      'node_modules/m/i.js': 'x',
      ...rules,
    });
    expect(await listed()).toEqual(expected);
  });

  test('leaves out secrets and what tools make', async () => {
    await write({
      '.env': 'x',
      '.env.local': 'x',
      'prod.env': 'x',
      'credentials.json': 'x',
      'id_rsa.sh': 'x',
      'tls.key.json': 'x',
      'secrets.yaml': 'x',
      'service-account-1.json': 'x',
      'my-service-account.json': 'x',
      'wp-config.php': 'x',
      '.aws/config.json': 'x',
      'src/.ssh/deploy.sh': 'x',
      'secrets.ts': 'x',
      'lib.min.js': 'x',
      'package-lock.json': 'x',
      'api.pb.go': 'x',
      'ok.ts': 'x',
    });
    // Code about secrets is code.
    expect(await listed()).toEqual(['ok.ts', 'secrets.ts']);
    for (const path of ['my-service-account.json', '.aws/config.json', 'src/.ssh/deploy.sh'])
      expect([path, await read(path)]).toEqual([path, undefined]);
  });

  test('leaves out large files and goes through no link', async () => {
    await write({ 'big.ts': 'x'.repeat(MAX_FILE_BYTES + 1), 'src/a.ts': 'x' });
    await fs.writeFile(join(root, 'outside.ts'), 'x');
    await fs.symlink(join(root, 'outside.ts'), join(folder, 'link.ts'));
    await fs.symlink(folder, join(folder, 'src/cycle'));
    expect(await listed()).toEqual(['src/a.ts']);
  });

  test('stops when told, and at its limit', async () => {
    await write({ 'a.ts': 'x', 'b.ts': 'x', 'c.ts': 'x' });
    expect(await listFiles(folder, { disk: fs, maxFiles: 2 })).toHaveLength(2);
    await expect(listFiles(folder, { disk: fs, signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });

  test('names files by absolute path unless told, with size and time', async () => {
    await write({ 'a.ts': 'four' });
    const [file] = await listFiles(folder, { disk: fs });
    expect(file).toMatchObject({ path: join(folder, 'a.ts'), absolute: join(folder, 'a.ts'), size: 4 });
    expect(file!.modified).toBeCloseTo(Date.now(), -5);
  });
});

describe('reading', () => {
  test('by absolute path or below the folder', async () => {
    await write({ 'src/a.ts': 'text' });
    expect([await read(join(folder, 'src/a.ts')), await read('src/a.ts')]).toEqual(['text', 'text']);
  });

  test.each<[name: string, path: string, files: Record<string, string | Uint8Array>]>([
    ['is missing', 'a.ts', {}],
    ['is a folder', 'a.ts', { 'a.ts/b.ts': 'x' }],
    ['is outside', '../outside.ts', {}],
    ['is ignored', 'out/a.ts', { '.gitignore': 'out', 'out/a.ts': 'x' }],
    ['may hold secrets', '.env', { '.env': 'TOKEN=1' }],
    ['is binary', 'a.ts', { 'a.ts': 'a\0b' }],
    ['is no UTF-8', 'a.ts', { 'a.ts': Uint8Array.of(0x61, 0xff, 0x62) }],
    ['is minified', 'a.js', { 'a.js': 'x'.repeat(5_000) }],
    ['is too large', 'a.ts', { 'a.ts': 'x\n'.repeat(MAX_FILE_BYTES) }],
  ])('nothing where it %s', async (_, path, files) => {
    await fs.writeFile(join(root, 'outside.ts'), 'outside');
    await write(files);
    expect(await read(path)).toBeUndefined();
  });

  test('nothing through a link that leads out, text through one that does not', async () => {
    await fs.writeFile(join(root, 'outside.ts'), 'outside');
    await write({ 'src/a.ts': 'inside' });
    await fs.symlink(join(root, 'outside.ts'), join(folder, 'out.ts'));
    await fs.symlink(root, join(folder, 'up'));
    await fs.symlink(join(folder, 'src/a.ts'), join(folder, 'in.ts'));
    await write({ '.env': 'TOKEN=1' });
    await fs.symlink(join(folder, '.env'), join(folder, 'innocent.ts'));
    expect(await read('innocent.ts')).toBeUndefined();
    expect([await read('out.ts'), await read('up/outside.ts'), await read('in.ts')]).toEqual([
      undefined,
      undefined,
      'inside',
    ]);
  });

  test('a file is read once until it changes', async () => {
    await write({ 'a.ts': 'one' });
    let reads = 0;
    const readFile = async (path: string) => {
      if (path.endsWith('.ts')) reads++;
      return fs.readFile(path);
    };
    const disk = { ...fs, readFile };
    const files = diskFiles([folder], { disk, now: () => time });
    expect([await files.read('a.ts'), await files.read('a.ts'), reads]).toEqual(['one', 'one', 1]);
    await write({ 'a.ts': 'longer' });
    expect([await files.read('a.ts'), reads]).toEqual(['one', 1]);
    time += 500;
    expect([await files.read('a.ts'), reads]).toEqual(['longer', 2]);
    await write({ 'a.ts': 'reported' });
    files.changed!(['a.ts']);
    expect([await files.read('a.ts'), reads]).toEqual(['reported', 3]);
  });
});

describe('manifests and lock files', () => {
  test('what says how a project is built is read, though its ending tells nothing; it is not listed', async () => {
    await write({ 'go.mod': 'module a', 'requirements-dev.txt': 'pytest', Makefile: 'all:', 'notes.txt': 'x' });
    expect(await Promise.all(['go.mod', 'requirements-dev.txt', 'Makefile', 'notes.txt'].map(read))).toEqual([
      'module a',
      'pytest',
      'all:',
      undefined,
    ]);
    expect(await listed()).toEqual([]);
  });

  test('a lock file is there, but never read; outside of the folders nothing is there', async () => {
    await write({ 'yarn.lock': 'x', 'sub/a.ts': 'x' });
    await fs.writeFile(join(root, 'package-lock.json'), '{}');
    const { has } = diskFiles([folder], { disk: fs, now: () => time });
    const asked = ['yarn.lock', join(folder, 'yarn.lock'), 'pnpm-lock.yaml', 'sub', '../package-lock.json'];
    expect(await Promise.all(asked.map((path) => has!(path)))).toEqual([true, true, false, false, false]);
    expect(await read('yarn.lock')).toBe(undefined);
  });
});
