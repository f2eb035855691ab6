import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabstop apply '));
});
afterEach(() => rm(folder, { recursive: true }));

async function tabstop(argv: string[], stdin = ''): Promise<{ code: number; out: string; err: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const collect = (stream: PassThrough) => {
    const parts: string[] = [];
    stream.on('data', (chunk) => parts.push(String(chunk)));
    return () => parts.join('');
  };
  const [out, err] = [collect(stdout), collect(stderr)];
  const code = await run(argv, {
    stdin: Readable.from([stdin]),
    stdout,
    stderr,
    cwd: folder,
    env: {},
    signal: new AbortController().signal,
  });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, out: out(), err: err() };
}

const put = async (name: string, text: string) => {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), text);
};
const get = (name: string) => readFile(join(folder, name), 'utf8');
const block = (search: string, replace: string) => `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

describe('tabstop apply FILE', () => {
  it('prints the result and leaves the file alone', async () => {
    await put('a.js', 'let a = 1;\n');
    await put('edit', block('let a = 1;', 'let a = 2;'));
    expect(await tabstop(['apply', 'a.js', '--edit', 'edit'])).toEqual({ code: 0, out: 'let a = 2;\n', err: '' });
    expect(await get('a.js')).toBe('let a = 1;\n');
  });

  it('writes with --write, permissions kept, nothing left beside it', async () => {
    await put('a.js', 'let a = 1;\n');
    await chmod(join(folder, 'a.js'), 0o755);
    const { code } = await tabstop(['apply', 'a.js', '--edit', '-', '--write'], block('let a = 1;', 'let a = 2;'));
    expect(code).toBe(0);
    expect(await get('a.js')).toBe('let a = 2;\n');
    expect((await stat(join(folder, 'a.js'))).mode & 0o777).toBe(0o755);
    expect(await readdir(folder)).toEqual(['a.js']);
  });

  it('writes nothing when one hunk fails, and says which', async () => {
    await put('a.js', 'let a = 1;\nlet b = 1;\n');
    const { code, err } = await tabstop(
      ['apply', 'a.js', '--edit', '-', '--write'],
      block('let a = 1;', 'let a = 2;') + block('let q = 7;', 'x'),
    );
    expect(code).toBe(1);
    expect(err).toContain('hunk 2 failed, missing');
    expect(err).toContain('nothing was written');
    expect(await get('a.js')).toBe('let a = 1;\nlet b = 1;\n');
  });

  it('prints JSON', async () => {
    await put('a.js', 'x\nx\n');
    const { code, out } = await tabstop(['apply', 'a.js', '--edit', '-', '--json'], block('x', 'y'));
    const answer = JSON.parse(out);
    expect(code).toBe(1);
    expect(answer).toMatchObject({
      text: 'x\nx\n',
      complete: false,
      hunks: [{ status: 'failed', reason: 'ambiguous', range: { start: 0, end: 1 } }],
    });
  });

  it.each([
    [['apply'], 2, 'FILE is missing'],
    [['apply', 'a.js'], 2, '--edit'],
    [['apply', 'none.js', '--edit', 'edit'], 1, 'no such file'],
    [['apply', 'a.js', '--edit', 'edit', '--format', 'odd'], 2, 'not one of'],
    [['apply', 'a.js', '--what'], 2, '--what'],
  ])('%j is refused in a sentence', async (argv, code, message) => {
    await put('a.js', 'a\n');
    await put('edit', 'b\n');
    const result = await tabstop(argv);
    expect(result.code).toBe(code);
    expect(result.err).toContain(message);
    expect(result.err).not.toContain('    at ');
  });
});

describe('tabstop apply FILE with *** Move to', () => {
  const patch = (from: string, to: string) =>
    `*** Begin Patch\n*** Update File: ${from}\n*** Move to: ${to}\n@@\n-let a = 1;\n+let a = 2;\n*** End Patch\n`;

  it.each([
    ['beside it', 'src/a.js', 'src/b.js', 'src/b.js'],
    ['into a new folder', 'src/a.js', 'lib/deep/b.js', 'lib/deep/b.js'],
    ['by bare names', 'a.js', 'b.js', 'src/b.js'],
    ['by paths that begin with a dot', './src/a.js', './src/b.js', 'src/b.js'],
  ])('moves it %s', async (_, from, to, expected) => {
    await put('src/a.js', 'let a = 1;\n');
    const { code } = await tabstop(['apply', 'src/a.js', '--edit', '-', '--write'], patch(from, to));
    expect(code).toBe(0);
    expect(await get(expected)).toBe('let a = 2;\n');
    await expect(get('src/a.js')).rejects.toThrow('ENOENT');
  });

  it.each([
    ['out of the folder', 'src/a.js', '../../b.js', 'is outside'],
    ['to a path relative to what is not said', 'other/a.js', 'lib/b.js', 'relative to what is not clear'],
  ])('refuses to move it %s', async (_, from, to, message) => {
    await put('src/a.js', 'let a = 1;\n');
    const { code, err } = await tabstop(['apply', 'src/a.js', '--edit', '-', '--write'], patch(from, to));
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(await get('src/a.js')).toBe('let a = 1;\n');
  });

  it('leaves it alone without --write, and says where it would go', async () => {
    await put('src/a.js', 'let a = 1;\n');
    const { out } = await tabstop(['apply', 'src/a.js', '--edit', '-', '--json'], patch('src/a.js', 'src/b.js'));
    expect(JSON.parse(out)).toMatchObject({ text: 'let a = 2;\n', moveTo: 'src/b.js', complete: true });
    expect(await get('src/a.js')).toBe('let a = 1;\n');
  });
});

describe('tabstop apply FOLDER', () => {
  const patch =
    '*** Begin Patch\n*** Update File: src/a.js\n@@\n-one\n+ONE\n*** Add File: src/new/b.js\n+b\n*** Delete File: c.js\n*** End Patch\n';

  it('writes all files of an edit', async () => {
    await put('src/a.js', 'one\n');
    await put('c.js', 'gone\n');
    const { code } = await tabstop(['apply', '.', '--edit', '-', '--write'], patch);
    expect(code).toBe(0);
    expect(await get('src/a.js')).toBe('ONE\n');
    expect(await get('src/new/b.js')).toBe('b\n');
    expect((await readdir(folder)).sort()).toEqual(['src']);
  });

  it('or none', async () => {
    await put('src/a.js', 'two\n');
    await put('c.js', 'gone\n');
    expect((await tabstop(['apply', '.', '--edit', '-', '--write'], patch)).code).toBe(1);
    expect(await get('c.js')).toBe('gone\n');
    expect(await readdir(join(folder, 'src'))).toEqual(['a.js']);
  });

  it('stays inside the folder', async () => {
    const { code, err } = await tabstop(
      ['apply', '.', '--edit', '-', '--write'],
      '*** Begin Patch\n*** Add File: ../out.js\n+x\n*** End Patch\n',
    );
    expect(code).toBe(1);
    expect(err).toContain('outside');
  });
});

describe('tabstop apply --jsonl', () => {
  it('answers in order, and a broken line costs only itself', async () => {
    const lines = [
      { id: 1, path: 'a.py', original: 'x = 1\n', edit: block('x = 1', 'x = 2'), format: 'auto' },
      { id: 2, path: 'a.py', original: 'x = 1\n', edit: 'x = 3\n', format: 'whole' },
      { id: 3, original: 4, edit: '' },
      { id: 4, original: 'x\n', edit: 'x', format: 'odd' },
    ].map((line) => JSON.stringify(line));
    const { code, out } = await tabstop(
      ['apply', '--jsonl'],
      [...lines.slice(0, 2), '{oops', ...lines.slice(2), ''].join('\n'),
    );
    expect(code).toBe(0);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ id, text, complete, error }) => ({ id, text, complete, error: error && true }))).toEqual([
      { id: 1, text: 'x = 2\n', complete: true, error: undefined },
      { id: 2, text: 'x = 3\n', complete: true, error: undefined },
      { id: null, text: undefined, complete: undefined, error: true },
      { id: 3, text: undefined, complete: undefined, error: true },
      { id: 4, text: undefined, complete: undefined, error: true },
    ]);
  });

  it('checks a lazy merge by the grammar of the file', async () => {
    const original = 'export function f() {\n  const a = 1;\n  return a;\n}\n';
    const edit = '// ... existing code ...\n  const a = (1;\n  return a;\n}\n';
    const { out } = await tabstop(
      ['apply', '--jsonl'],
      `${JSON.stringify({ id: 1, path: 'f.ts', original, edit, format: 'lazy' })}\n`,
    );
    const answer = JSON.parse(out);
    expect(answer.complete).toBe(false);
    expect(answer.text).toBe(original);
  });
});
