import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFreshness } from '../../src/mcp/freshness.ts';
import { RefusedError } from '../../src/mcp/inside.ts';
import { createMcpServer, type OpenProject } from '../../src/mcp/server.ts';
import { type FakeIndex, fakeIndex } from '../search/fake-index.ts';

const FILES = {
  'src/upload.ts': 'export function retryUpload() {\n  return again();\n}\n',
  'src/queue.ts': 'export function enqueue() {}\n',
};
const ENCODED = {
  'src/wide.ts': Buffer.from('\ufeffconst größe = 1;\n', 'utf16le'),
  'src/blob.ts': Buffer.from([0, 1, 2, 0, 255, 0]),
};

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tabstop-mcp-')));
  for (const [path, text] of Object.entries({ ...FILES, ...ENCODED, '.env': 'KEY=1' })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await symlink('.env', join(root, 'notes.txt'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Session {
  readonly client: Client;
  readonly index: FakeIndex;
  readonly problems: string[];
  /** The text of the answer; `error: …` where the tool failed. */
  call(name: string, args: Record<string, unknown>): Promise<string>;
}

async function session(project?: () => Promise<OpenProject>): Promise<Session> {
  const index = fakeIndex(FILES, { root });
  const explain = index.explain;
  // The fake knows no rules: what looks harmless is let in, as a careless index would.
  index.explain = async (path, own) => {
    if (path === '.env') return { path, indexed: false, reason: 'a file that may hold secrets (.env*)' };
    if (path in ENCODED) return { path, indexed: true, reason: 'text' };
    return path === 'notes.txt' ? { path, indexed: true, reason: 'text' } : explain(path, own);
  };
  const problems: string[] = [];
  const server = createMcpServer({
    version: '1.2.3',
    project: project ?? (async () => ({ index, roots: [root] })),
    freshness: createFreshness({
      first: 60_000,
      later: 60_000,
      setTimeout,
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    }),
    files: { realpath, read: readFile },
    onProblem: (message) => problems.push(message.split('\n')[0]!),
  });
  const client = new Client({ name: 'test', version: '1' });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  return {
    client,
    index,
    problems,
    async call(name, args) {
      const { content, isError } = (await client.callTool({ name, arguments: args })) as {
        content: { type: string; text: string }[];
        isError?: boolean;
      };
      expect(content.map(({ type }) => type)).toEqual(['text']);
      return `${isError ? 'error: ' : ''}${content[0]!.text}`;
    },
  };
}

describe('what a client sees', () => {
  test('five tools that read and change nothing, each with a schema and when to use it', async () => {
    const { client } = await session();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['search', 'grep', 'related_files', 'read_range', 'outline']);
    for (const tool of tools) {
      expect(tool.annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
      expect(tool.description).toMatch(/Use it /);
      expect(tool.inputSchema.type).toBe('object');
    }
    expect(tools[0]!.inputSchema).toMatchObject({
      properties: { query: { type: 'string' }, limit: { type: 'integer', minimum: 1, maximum: 50, default: 8 } },
      required: ['query'],
    });
  });
  test('who it talks to, and a word on when to use which tool', async () => {
    const { client } = await session();
    expect(client.getServerVersion()).toMatchObject({ name: 'tabstop', version: '1.2.3' });
    expect(client.getInstructions()).toMatch(/"search" first/);
  });
});

describe('the tools', () => {
  test('search', async () => {
    const { call, index } = await session();
    expect(await call('search', { query: 'retry' })).toBe('src/upload.ts:1-1\n    1  export function retryUpload() {');
    expect(index.calls).toEqual(['sync', 'search retry']);
  });
  test('grep', async () => {
    const { call } = await session();
    expect(await call('grep', { pattern: 'function \\w+', regex: true })).toBe(
      'src/upload.ts:1: export function retryUpload() {\nsrc/queue.ts:1: export function enqueue() {}',
    );
  });
  test('related_files', async () => {
    const { call } = await session();
    expect(await call('related_files', { paths: ['src/upload.ts'] })).toBe(
      'src/queue.ts  (changed together 3 times of 4)',
    );
    expect(await call('related_files', {})).toBe('error: paths or prompt is needed');
  });
  test('read_range', async () => {
    const { call } = await session();
    expect(await call('read_range', { path: 'src/upload.ts', startLine: 2, endLine: 2 })).toBe(
      '    2    return again();\n… 1 more lines',
    );
    expect(await call('read_range', { path: join(root, 'src/upload.ts') })).toMatch(/^ {4}1 {2}export function/);
    expect(await call('read_range', { path: 'src/upload.ts', startLine: 3, endLine: 2 })).toBe(
      'error: endLine comes before startLine',
    );
  });
  test('read_range reads what is not UTF-8 as the index does', async () => {
    const { call } = await session();
    expect(await call('read_range', { path: 'src/wide.ts' })).toBe('    1  const größe = 1;');
    expect(await call('read_range', { path: 'src/blob.ts' })).toBe('error: src/blob.ts is not read: binary');
  });
  test('outline', async () => {
    const { call } = await session();
    expect(await call('outline', { path: 'src/upload.ts' })).toBe('function retryUpload  1-1');
  });
});

describe('what is refused is an error of the tool, with a reason', () => {
  test.each(['read_range', 'outline'])('%s leads nowhere outside, and to no secret', async (name) => {
    const { call, problems } = await session();
    expect(await call(name, { path: '../../etc/passwd' })).toMatch(/^error: \.\.\/\.\.\/etc\/passwd is outside of /);
    expect(await call(name, { path: '.env' })).toBe('error: .env is not read: a file that may hold secrets (.env*)');
    // A link with a harmless name.
    expect(await call(name, { path: 'notes.txt' })).toBe(
      'error: notes.txt is not read: a file that may hold secrets (.env*)',
    );
    expect(await call(name, { path: 'none.ts' })).toMatch(/^error: there is no file none.ts in /);
    expect(problems).toEqual([]);
  });
  test.each([
    ['search', {}],
    ['search', { query: 'x', limit: 51 }],
    ['grep', { pattern: '' }],
    ['read_range', { path: 'a', startLine: 0 }],
    ['related_files', { paths: 'a' }],
    ['nonsense', {}],
  ])('%s with %j', async (name, args) => {
    const { call, index } = await session();
    expect(await call(name, args)).toMatch(/^error: MCP error -32602/);
    expect(index.calls).toEqual([]);
  });
  test('a project that cannot be opened is told, and tried again by the next call', async () => {
    let attempts = 0;
    const index = fakeIndex(FILES, { root });
    const { call, problems } = await session(async () => {
      if (++attempts === 1) throw new RefusedError('none of the roots is a folder here');
      return { index, roots: [root] };
    });
    expect(await call('grep', { pattern: 'enqueue' })).toBe('error: none of the roots is a folder here');
    expect(await call('grep', { pattern: 'enqueue' })).toMatch(/^src\/queue.ts:1:/);
    expect(problems).toEqual([]);
  });
  test('a fault of ours is told to standard error as well', async () => {
    const { call, problems, index } = await session();
    index.search = async () => {
      throw new TypeError('x is undefined');
    };
    expect(await call('search', { query: 'x' })).toBe('error: x is undefined');
    expect(problems).toEqual(['TypeError: x is undefined']);
  });
  test('a call that is given up is given up in the index', async () => {
    const { client, index } = await session();
    const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal>();
    const { promise: given, resolve: giveUp } = Promise.withResolvers<void>();
    index.grep = (_query, signal) => {
      begin(signal!);
      signal!.addEventListener('abort', () => giveUp());
      return new Promise(() => {});
    };
    const abort = new AbortController();
    const call = client.callTool({ name: 'grep', arguments: { pattern: 'x' } }, undefined, { signal: abort.signal });
    expect((await begun).aborted).toBe(false);
    abort.abort();
    await expect(call).rejects.toThrow();
    await given;
  });
});

test('several roots: paths are told absolute, so that they mean one file', async () => {
  const index = fakeIndex(FILES, { root });
  const { call } = await session(async () => ({ index, roots: [root, dirname(root)] }));
  expect(await call('grep', { pattern: 'enqueue' })).toBe(
    `${join(root, 'src/queue.ts')}:1: export function enqueue() {}`,
  );
});
