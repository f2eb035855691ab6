import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleEngine } from '../server/engine-process.ts';

const FILES = {
  'src/upload.ts': [
    '/** Sends the file again when the network was gone. */',
    'export async function retryUpload(file: File): Promise<void> {',
    '  while (!(await send(file))) await wait(100);',
    '}',
    '',
  ].join('\n'),
  'src/queue.ts': 'export class Queue {\n  push(item: string) {\n    this.items.push(item);\n  }\n}\n',
  'dist/out.js': 'function retryUpload() {}\n',
  '.gitignore': 'dist/\n',
  '.env': 'TOKEN=retryUpload\n',
};

let bundle: Awaited<ReturnType<typeof bundleEngine>>;
let home: string;
let project: string;
const clients: Client[] = [];
beforeAll(async () => {
  bundle = await bundleEngine();
  home = await realpath(await mkdtemp(join(tmpdir(), 'tabstop-mcp-process-')));
  project = join(home, 'project');
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
  await writeFile(join(home, 'outside.ts'), 'secret');
  await symlink(join(home, 'outside.ts'), join(project, 'src', 'link.ts'));
}, 120_000);
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await bundle.remove();
  await rm(home, { recursive: true, force: true });
});

/** A real process, spoken to by the official client. `roots`: folders that the client names. */
async function connect(argv: readonly string[], options: { cwd?: string; roots?: readonly string[] } = {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bundle.cli, 'mcp', '--data-dir', join(home, 'data'), ...argv],
    cwd: options.cwd ?? home,
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const client = new Client({ name: 'test', version: '1' }, { capabilities: options.roots ? { roots: {} } : {} });
  if (options.roots)
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: options.roots!.map((root) => ({ uri: pathToFileURL(root).href })),
    }));
  // What is no message of the protocol is an error of the transport.
  const strange: Error[] = [];
  client.onerror = (error) => strange.push(error);
  await client.connect(transport);
  clients.push(client);
  const call = async (name: string, args: Record<string, unknown>): Promise<string> => {
    const { content, isError } = (await client.callTool({ name, arguments: args }, undefined, {
      timeout: 120_000,
    })) as {
      content: { text: string }[];
      isError?: boolean;
    };
    return `${isError ? 'error: ' : ''}${content[0]!.text}`;
  };
  return { client, transport, call, strange, stderr: () => stderr };
}

describe('tabstop mcp, a process and the official client', () => {
  test('a folder that was never indexed: the first question is answered from all of it', async () => {
    const { call, strange } = await connect(['--root', project]);
    expect(await call('search', { query: 'where is an upload retried' })).toMatch(
      /^src\/upload\.ts:\d+-\d+ {2}retryUpload\n/,
    );
    expect(await call('grep', { pattern: 'retryUpload' })).toMatch(
      /^src\/upload\.ts:2: export async function retryUpload/,
    );
    expect(await call('grep', { pattern: 'retryUpload' })).not.toMatch(/\.env|dist/);
    expect(await call('outline', { path: 'src/queue.ts' })).toMatch(/Queue[\s\S]*push/);
    expect(await call('read_range', { path: 'src/queue.ts', startLine: 2, endLine: 2 })).toMatch(
      /^ {4}2 {4}push\(item/,
    );
    expect(strange).toEqual([]);
  }, 120_000);

  test('what was written a moment ago is found', async () => {
    const { call } = await connect(['--root', project]);
    await call('search', { query: 'upload' });
    await writeFile(join(project, 'src', 'lizard.ts'), 'export function chameleon() {\n  return 1;\n}\n');
    let answer = '';
    for (let attempt = 0; attempt < 60 && !answer.includes('src/lizard.ts'); attempt++)
      answer = await call('search', { query: 'chameleon' });
    expect(answer).toMatch(/^src\/lizard\.ts:1-3 {2}chameleon\n/);
  }, 120_000);

  test.each([
    ['../outside.ts', /is outside of/],
    ['/etc/passwd', /is outside of/],
    ['src/link.ts', /is a link that leads out of/],
    ['.env', /is not read: .*secret/],
    ['dist/out.js', /is not read: .*ignored/],
    ['src/none.ts', /there is no file/],
  ])(
    '%s is not read',
    async (path, reason) => {
      const { call } = await connect(['--root', project]);
      for (const name of ['read_range', 'outline']) {
        const answer = await call(name, { path });
        expect(answer).toMatch(/^error: /);
        expect(answer).toMatch(reason);
      }
    },
    120_000,
  );

  test('without --root: the folders that the client names', async () => {
    const { call } = await connect([], { roots: [project] });
    expect(await call('read_range', { path: 'src/queue.ts', endLine: 1 })).toMatch(/export class Queue/);
  }, 120_000);

  test('of a client that names none, the current folder', async () => {
    const { call } = await connect([], { cwd: project });
    expect(await call('read_range', { path: 'src/queue.ts', endLine: 1 })).toMatch(/export class Queue/);
  }, 120_000);

  test('ends when the client goes, with nothing on standard error', async () => {
    const { client, transport, call, stderr } = await connect(['--root', project]);
    await call('grep', { pattern: 'Queue' });
    const pid = transport.pid!;
    await client.close();
    const alive = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    for (let waited = 0; alive() && waited < 30_000; waited += 50)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(alive()).toBe(false);
    expect(stderr().replace(/^.*the embedding model cannot be used.*\n/m, '')).toBe('');
  }, 120_000);

  test('a root that is none is told at once', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [bundle.cli, 'mcp', '--root', join(home, 'nowhere')],
      stderr: 'pipe',
    });
    let stderr = '';
    transport.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    await expect(new Client({ name: 'test', version: '1' }).connect(transport)).rejects.toThrow();
    expect(stderr).toBe(`tabstop mcp: ${join(home, 'nowhere')} is no folder\n`);
  });
});
