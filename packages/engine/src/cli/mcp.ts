import { readFile, realpath, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createFreshness } from '../mcp/freshness.ts';
import { RefusedError } from '../mcp/inside.ts';
import { createMcpServer, type OpenProject } from '../mcp/server.ts';
import { ENGINE_VERSION } from '../server/version.ts';
import { openIndexBeside } from './index-here.ts';
import type { OpenIndex } from './index-open.ts';
import { PLACE_OPTIONS, PLACE_USAGE, placeFrom } from './index-place.ts';
import { type CliIo, ExitCode, UsageError, write } from './io.ts';

const USAGE = `Usage: tabstop mcp [--root DIR]…

A server of the Model Context Protocol on standard input and output, for agents: search by meaning, grep, related files,
read a range, outline of a file. Without --root it takes the roots that the client names, else the git checkout that the
current folder is in. It reads only files of the index in these folders and changes nothing.

In a client's configuration:
  {"mcpServers": {"tabstop": {"command": "tabstop", "args": ["mcp", "--root", "/path/to/project"]}}}

${PLACE_USAGE}
Exit codes: 0 the client has gone, 1 it could not be done, 2 the command line was wrong, 130 interrupted.
`;

/** Milliseconds a call waits for a folder's first indexing, and for changes made just before it. */
const WAIT = { first: 20_000, later: 1_500 } as const;

/** `tabstop mcp`. Serves until the client closes standard input. */
export async function runMcp(argv: readonly string[], io: CliIo, open: OpenIndex = openIndexBeside): Promise<number> {
  const values = optionsFrom(argv);
  if (values.help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  const tell = (message: string) => {
    if (!values.quiet) io.stderr.write(`tabstop mcp: ${message}\n`);
  };
  // A folder that is said wrong is told now, not to the agent later.
  if (values.root?.length) placeFrom(values, io);
  let opening: Promise<OpenProject> | undefined;
  const server: McpServer = createMcpServer({
    version: ENGINE_VERSION,
    project() {
      opening ??= openProject().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    freshness: createFreshness({
      ...WAIT,
      setTimeout: (callback, delay) => setTimeout(callback, delay),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    }),
    files: { realpath, read: readFile },
    onProblem: tell,
  });

  async function openProject(): Promise<OpenProject> {
    const root = values.root?.length ? values.root : await rootsOf(server);
    const place = placeFrom({ ...values, root }, io);
    return { index: await open(place, io, tell), roots: place.roots };
  }

  const transport = new StdioServerTransport(io.stdin, io.stdout);
  const ended = new Promise<void>((resolve) => {
    io.stdin.once('end', resolve).once('close', resolve);
    io.signal.addEventListener('abort', () => resolve(), { once: true });
    if (io.signal.aborted) resolve();
  });
  await server.connect(transport);
  await ended;
  await server.close();
  // One that could not be opened has told so already.
  const project = await opening?.catch(() => undefined);
  await project?.index.dispose();
  return ExitCode.done;
}

/** Folders that the client names; none where it knows no roots. @throws RefusedError where it names only others. */
async function rootsOf({ server }: McpServer): Promise<string[]> {
  if (!server.getClientCapabilities()?.roots) return [];
  const { roots } = await server.listRoots();
  const folders: string[] = [];
  for (const { uri } of roots) {
    if (!uri.startsWith('file:')) continue;
    const folder = fileURLToPath(uri);
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) folders.push(folder);
  }
  if (roots.length > 0 && folders.length === 0)
    throw new RefusedError('none of the roots of the client is a folder here');
  return folders;
}

function optionsFrom(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: PLACE_OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
