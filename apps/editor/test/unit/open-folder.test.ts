import { expect, test } from 'vitest';
import { type FolderAccess, resolveOpened } from '../../src/open-folder.ts';

/** A file system in which `nodes` exist: 'd' a folder, 'f' a file, an error code what happens on the way there. */
function fileSystem(nodes: Record<string, string>): FolderAccess {
  const fail = (code: string): never => {
    throw Object.assign(new Error(`${code}: made up`), { code });
  };
  return {
    async stat(path) {
      const node = nodes[path] ?? 'ENOENT';
      if (node.startsWith('E')) fail(node);
      return { isDirectory: () => node.startsWith('d'), isFile: () => node.startsWith('f') };
    },
    async access(path) {
      if (nodes[path]?.endsWith('locked')) fail('EACCES');
    },
    realpath: async (path) => path,
  };
}

test.each<[string, Record<string, string>, string, string]>([
  ['.', { '/home/me': 'd' }, 'folder', '/home/me'],
  ['my project/ünï', { '/home/me/my project/ünï': 'd' }, 'folder', '/home/me/my project/ünï'],
  ['/abs', { '/abs': 'd' }, 'folder', '/abs'],
  ['../you', { '/home/you': 'd' }, 'folder', '/home/you'],
  ['two.code-workspace', { '/home/me/two.code-workspace': 'f' }, 'workspace', '/home/me/two.code-workspace'],
])('%j opens', async (typed, nodes, kind, path) => {
  expect(await resolveOpened(typed, '/home/me', fileSystem(nodes))).toEqual({ kind, path });
});

test.each<[string, Record<string, string>, RegExp]>([
  ['nowhere', {}, /^\/home\/me\/nowhere does not exist\. Check the spelling, or create it first\.$/],
  ['a.ts', { '/home/me/a.ts': 'f' }, /^\/home\/me\/a\.ts is a file\. Tabstop opens folders/],
  ['a.ts/b', { '/home/me/a.ts/b': 'ENOTDIR' }, /a part of that path is a file/],
  ['secret', { '/home/me/secret': 'd locked' }, /may not be read by you/],
  ['root/x', { '/home/me/root/x': 'EACCES' }, /may not be read by you/],
  ['loop', { '/home/me/loop': 'ELOOP' }, /leads back to itself/],
  ['/dev/null', { '/dev/null': 'x' }, /is a file/],
  ['odd', { '/home/me/odd': 'EIO' }, /cannot be opened: EIO/],
])('%j is refused in a sentence', async (typed, nodes, sentence) => {
  await expect(resolveOpened(typed, '/home/me', fileSystem(nodes))).rejects.toThrow(sentence);
  await expect(resolveOpened(typed, '/home/me', fileSystem(nodes))).rejects.toMatchObject({
    name: 'LaunchError',
    code: 1,
  });
});

test('a quoted ~ is the home folder', async () => {
  const home = (await import('node:os')).homedir();
  expect(await resolveOpened('~/x', '/', fileSystem({ [`${home}/x`]: 'd' }))).toEqual({
    kind: 'folder',
    path: `${home}/x`,
  });
});
