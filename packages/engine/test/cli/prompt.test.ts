import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { CommandError, UsageError } from '../../src/cli/io.ts';
import { runPrompt } from '../../src/cli/prompt.ts';

const folder = mkdtempSync(join(tmpdir(), 'tabstop-prompt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function start(argv: readonly string[], abort = new AbortController()) {
  const stdout = new PassThrough({ encoding: 'utf8' });
  const stderr = new PassThrough({ encoding: 'utf8' });
  let out = '';
  stdout.on('data', (text: string) => {
    out += text;
  });
  const io = { stdin: new PassThrough(), stdout, stderr, cwd: folder, env: {}, signal: abort.signal };
  return { abort, stdout, done: runPrompt(argv, io), out: () => out };
}

async function json(
  argv: readonly string[],
): Promise<Record<string, unknown> & { messages: { role: string; content: { text: string }[] }[] }> {
  const run = start(['preview', ...argv, '--json']);
  expect(await run.done).toBe(0);
  return JSON.parse(run.out());
}

const tree = JSON.stringify([
  { kind: 'message', role: 'system', children: 'Be brief.' },
  {
    kind: 'scope',
    priority: 5,
    children: { kind: 'message', role: 'user', children: 'An old <b>question</b> that may go.' },
  },
  { kind: 'message', role: 'user', children: 'Why?' },
]);
file('tree.json', tree);
file(
  'part.ts',
  "import { Scope } from '@tabstop/prompt';\nexport const quiet = (children: string) => Scope({ priority: 1, children });\n",
);
file(
  'prompt.tsx',
  `import { System, type PromptNode } from '@tabstop/prompt';
import { quiet } from './part.ts';
const Rules = ({ children }: { children?: PromptNode }) => <System>Rules:<br />{children}</System>;
export const budget = 40;
export const tokenizer = 'cl100k';
export default async () => <Rules>One. {quiet('Two.')}</Rules>;
`,
);

describe('headless', () => {
  test('a tree as JSON', async () => {
    const { messages, tokens, budget } = await json(['tree.json', '--budget', '100']);
    expect(messages.map((message) => message.role)).toEqual(['system', 'user', 'user']);
    expect({ tokens, budget }).toEqual({ tokens: 30, budget: 100 });
  });

  test('less budget drops by priority', async () => {
    const { messages, cutoff } = await json(['tree.json', '--budget', '25']);
    expect(messages.map((message) => message.role)).toEqual(['system', 'user']);
    expect(cutoff).toEqual({ priority: 1_000_000_000, step: 0 });
  });

  test('a module in TSX with an import of its own, its budget and its tokenizer', async () => {
    const { messages, budget } = await json(['prompt.tsx']);
    expect(messages[0]!.content[0]!.text).toBe('Rules:\nOne. Two.');
    expect(budget).toBe(40);
  });

  test('--help', async () => {
    const run = start(['--help']);
    expect(await run.done).toBe(0);
    expect(run.out()).toContain('Usage: tabstop prompt preview FILE');
  });
});

describe('what is told instead of a stack trace', () => {
  file('broken.json', '{"kind": "scoop"}');
  file('nothing.ts', 'export const x = 1;\n');
  file('syntax.tsx', 'export default <System>;\n');
  file('throws.ts', 'export default () => { throw new Error("no data"); };\n');
  file('notes.txt', '');
  const usage: [string, string[], string][] = [
    ['no verb', [], 'preview is missing'],
    ['another verb', ['show', 'x'], 'there is no "prompt show"'],
    ['no file', ['preview'], 'preview takes one FILE'],
    ['a budget that is none', ['preview', 'tree.json', '--budget', 'much'], '--budget takes a whole number'],
    ['an unknown flag', ['preview', 'tree.json', '--fast'], '--fast'],
    ['an unknown tokenizer', ['preview', 'tree.json', '--tokenizer', 'gpt9'], 'there is no tokenizer "gpt9"'],
  ];
  test.each(usage)('%s', async (_name, argv, message) => {
    const error: unknown = await start(argv).done.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(message);
  });

  const failures: [string, string[], string][] = [
    ['a file that is not there', ['missing.json'], 'could not be read: ENOENT'],
    ['a wrong tree', ['broken.json'], 'Unknown kind "scoop"'],
    ['a module without a default export', ['nothing.ts'], 'has no default export'],
    ['a syntax error, with its place', ['syntax.tsx'], 'syntax.tsx:2'],
    ['a module that throws', ['throws.ts'], 'no data'],
    ['another kind of file', ['notes.txt'], 'a prompt is a .tsx'],
    ['a budget too small for what is required', ['tree.json', '--budget', '3'], 'the budget is 3'],
    ['a tokenizer.json that is none', ['tree.json', '--tokenizer', 'tree.json'], 'not the content of a tokenizer.json'],
  ];
  test.each(failures)('%s', async (_name, argv, message) => {
    const error: unknown = await start(['preview', ...argv, '--json']).done.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CommandError);
    expect((error as Error).message).toContain(message);
  });
});

describe('the page', () => {
  async function open() {
    const run = start(['preview', 'tree.json', '--budget', '25']);
    const url = new URL(String(await new Promise((resolve) => run.stdout.once('data', resolve))).split('\n')[0]!);
    return { run, url };
  }

  /** By hand, as `fetch` does not let a test send another host. */
  function get(
    url: URL,
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<{ status: number; body: string; policy: string }> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: url.hostname, port: url.port, path, headers, method, agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode!, body, policy: String(response.headers['content-security-policy']) }),
        );
      });
      sent.on('error', reject).end();
    });
  }

  test('is served on loopback, renders any budget, says why something was dropped, and closes', async () => {
    const { run, url } = await open();
    const token = url.searchParams.get('token')!;
    expect(url.hostname).toBe('127.0.0.1');
    const page = await get(url, url.pathname + url.search);
    expect(page.status).toBe(200);
    expect(page.policy).toContain("default-src 'none'");
    const at = async (budget: number) =>
      JSON.parse((await get(url, `/render?budget=${budget}`, { 'x-tabstop-token': token })).body);
    expect(await at(100)).toMatchObject({ tokens: 30, least: 14, most: 30, problem: null });
    const less = await at(25);
    expect(less.pieces.filter((piece: { dropped: string | null }) => piece.dropped !== null)).toEqual([
      expect.objectContaining({
        text: 'An old <b>question</b> that may go.',
        dropped: 'priority 5 is below the cut-off required; it comes with a budget of 30 or more',
      }),
    ]);
    expect(await at(3)).toMatchObject({ problem: expect.stringContaining('budget is 3'), least: 14 });
    run.abort.abort();
    expect(await run.done).toBe(130);
    await expect(get(url, '/')).rejects.toThrow();
  });

  test('refuses whoever has not the token, another host, and everything but GET', async () => {
    const { run, url } = await open();
    const path = url.pathname + url.search;
    expect((await get(url, '/')).status).toBe(403);
    expect((await get(url, '/?token=wrong')).status).toBe(403);
    expect((await get(url, '/render?budget=5')).status).toBe(403);
    expect((await get(url, path, { host: 'evil.example' })).status).toBe(403);
    expect((await get(url, path, {}, 'POST')).status).toBe(405);
    expect((await get(url, path.replace('/?', '/render?budget=-1&'))).status).toBe(400);
    expect((await get(url, path.replace('/?', '/x?'))).status).toBe(404);
    run.abort.abort();
    await run.done;
  });
});
