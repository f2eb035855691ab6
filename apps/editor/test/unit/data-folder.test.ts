import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createDataFolder, keptSecret, locateDataFolder } from '../../src/data-folder.ts';
import { lastOpened } from '../../src/last-opened.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tabstop-data-'));
  folders.push(folder);
  return folder;
}

test.each<[string | undefined, Record<string, string>, string]>([
  [undefined, {}, '/home/me/.local/share/tabstop'],
  [undefined, { XDG_DATA_HOME: '/data' }, '/data/tabstop'],
  [undefined, { XDG_DATA_HOME: 'relative' }, '/home/me/.local/share/tabstop'],
  ['/elsewhere', { XDG_DATA_HOME: '/data' }, '/elsewhere'],
  ['here', {}, '/work/here'],
])('--data-dir %s with %j', (dataDir, environment, root) => {
  const folder = locateDataFolder({ dataDir, cwd: '/work', home: '/home/me' }, environment);
  expect(folder).toEqual({
    root,
    user: `${root}/user`,
    extensions: `${root}/extensions`,
    server: `${root}/server`,
    run: `${root}/run`,
    control: `${root}/run/control.sock`,
  });
});

test('a path too long for a socket has its socket in a private folder, the same one each time', () => {
  const dataDir = `/${'ü'.repeat(50)}`;
  const locate = () => locateDataFolder({ dataDir, cwd: '/', home: '/h', temporary: '/tmp' }, {}).control;
  expect(locate()).toMatch(/^\/tmp\/tabstop-[0-9a-f]{24}\/control\.sock$/);
  expect(locate()).toBe(locate());
});

describe('on disk', () => {
  const make = (root: string, temporaryFolder = tmpdir()) => {
    const folder = locateDataFolder({ dataDir: root, cwd: '/', home: '/', temporary: temporaryFolder }, {});
    createDataFolder(folder);
    return folder;
  };

  test('the folders are private, and making them again changes nothing', () => {
    const root = join(temporary(), 'deep', 'down');
    make(root);
    const folder = make(root);
    expect([folder.root, folder.run, folder.user].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o700, 0o700,
    ]);
  });

  test('a file in the way is a sentence', () => {
    const file = join(temporary(), 'file');
    writeFileSync(file, '');
    expect(() => make(file)).toThrow(/cannot be a folder because a file is in the way/);
    expect(() => make(join(file, 'under'))).toThrow(/a file is in the way/);
  });

  test('a socket folder that others may enter is not used', () => {
    const base = temporary();
    const root = join(base, 'x'.repeat(100));
    const control = locateDataFolder({ dataDir: root, cwd: '/', home: '/', temporary: base }, {}).control;
    mkdirSync(join(control, '..'), { recursive: true });
    chmodSync(join(control, '..'), 0o777);
    expect(() => make(root, base)).toThrow(/belongs to somebody else/);
  });

  test('a secret stays, is private, and is made anew when it was damaged', () => {
    const path = join(temporary(), 'secret');
    const first = keptSecret(path, 32);
    expect(first).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    expect(keptSecret(path, 32)).toEqual(first);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, 'short');
    expect(keptSecret(path, 32)).not.toEqual(first);
    expect(readFileSync(path)).toHaveLength(32);
  });
});

describe('what was open last', () => {
  test.each<[string, string | undefined]>([
    ['folder=%2Fa%20b', '?folder=%2Fa%20b'],
    ['workspace=%2Fw.code-workspace', '?workspace=%2Fw.code-workspace'],
    ['ew=true', undefined],
    ['', undefined],
  ])('after ?%s', (query, expected) => {
    const last = lastOpened(join(temporary(), 'last.json'));
    last.write(new URLSearchParams(query));
    expect(last.read()).toBe(expected);
  });

  test('a damaged file, or none, counts as nothing', () => {
    const path = join(temporary(), 'last.json');
    expect(lastOpened(path).read()).toBeUndefined();
    writeFileSync(path, '{"folder": 3');
    expect(lastOpened(path).read()).toBeUndefined();
  });
});
