import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inside, RefusedError } from '../../src/mcp/inside.ts';

let home: string;
let root: string;
let other: string;
beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'tabstop-inside-')));
  root = join(home, 'project');
  other = join(home, 'other');
  for (const path of [
    'project/src/a.ts',
    'project/..odd/b.ts',
    'project-secret/key',
    'other/src/a.ts',
    'other/only.ts',
  ]) {
    await mkdir(join(home, path, '..'), { recursive: true });
    await writeFile(join(home, path), path);
  }
  await symlink(join(home, 'project-secret'), join(root, 'out'));
  await symlink('src/a.ts', join(root, 'alias.ts'));
  await symlink('self', join(root, 'self'));
  await symlink(root, join(home, 'linked'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const asked = async (roots: readonly string[], path: string) => {
  try {
    const { root, path: found, target } = await inside(roots, path, { realpath });
    return [root, found, target];
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return error.message;
  }
};

describe('a path that an agent names', () => {
  test('is relative to a root, or absolute in one', async () => {
    expect(await asked([root], 'src/a.ts')).toEqual([root, 'src/a.ts', 'src/a.ts']);
    expect(await asked([root], join(root, 'src', 'a.ts'))).toEqual([root, 'src/a.ts', 'src/a.ts']);
    expect(await asked([root], 'src/../src/./a.ts')).toEqual([root, 'src/a.ts', 'src/a.ts']);
    expect(await asked([root], '..odd/b.ts')).toEqual([root, '..odd/b.ts', '..odd/b.ts']);
  });
  test('is that of the first root that has it', async () => {
    expect(await asked([root, other], 'src/a.ts')).toEqual([root, 'src/a.ts', 'src/a.ts']);
    expect(await asked([root, other], 'only.ts')).toEqual([other, 'only.ts', 'only.ts']);
  });
  test('may be a link inside, which is told; a root may be one, too', async () => {
    expect(await asked([root], 'alias.ts')).toEqual([root, 'alias.ts', 'src/a.ts']);
    const linked = join(home, 'linked');
    expect(await asked([linked], 'src/a.ts')).toEqual([linked, 'src/a.ts', 'src/a.ts']);
  });
  test.each([
    ['../project-secret/key', 'is outside of'],
    ['src/../../project-secret/key', 'is outside of'],
    ['..', 'is outside of'],
    ['.', 'is outside of'],
    ['/etc/passwd', 'is outside of'],
    ['out/key', 'is a link that leads out of'],
    ['self', 'is a link that leads to itself'],
    ['src/none.ts', 'there is no file src/none.ts in'],
    ['src/a.ts/more', 'there is no file'],
    ['src/a.ts\0.png', 'no null character'],
  ])('%j is refused', async (path, reason) => {
    expect(await asked([root], path)).toContain(reason);
  });
  test('never leads out, however it is written', async () => {
    const part = fc.constantFrom(
      '..',
      '.',
      'src',
      'a.ts',
      'out',
      'key',
      'project',
      'project-secret',
      '',
      'alias.ts',
      '/',
      '~',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 7 }), fc.boolean(), async (parts, absolute) => {
        const path = `${absolute ? root : ''}${absolute ? '/' : ''}${parts.join('/')}`;
        try {
          const { real } = await inside([root], path, { realpath });
          expect(real.startsWith(`${root}/`)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RefusedError);
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
