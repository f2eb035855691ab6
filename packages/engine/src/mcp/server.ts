import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { CodeIndex } from '../index/code-index.ts';
import { decode, encodingOf } from '../index/files/decode.ts';
import { grepText, MAX_ANSWER, outlineText, rangeText, relatedText, searchText } from './answers.ts';
import type { Freshness } from './freshness.ts';
import { type InsideEffects, inside, RefusedError, told } from './inside.ts';

export interface OpenProject {
  readonly index: CodeIndex;
  /** Absolute; only files in there are read. */
  readonly roots: readonly string[];
}

export interface McpOptions {
  readonly version: string;
  /** Opened by the first call of a tool. @throws RefusedError in words for the agent. */
  readonly project: () => Promise<OpenProject>;
  readonly freshness: Freshness;
  readonly files: InsideEffects & { readonly read: (path: string) => Promise<Uint8Array> };
  /** Faults of ours, for standard error. */
  readonly onProblem: (message: string) => void;
}

const INSTRUCTIONS = `Code search over the user's project, kept in step with the disk, offline.
- "search" first, when you do not know where something is or what it is called: ask in plain words.
- "grep" when you know the exact text, name or pattern, or need every occurrence.
- "outline" to see what a file holds before you read it, "read_range" to read part of it.
- "related_files" before you finish a change: what usually changes together with these files (tests, registries, docs).
Lines count from 1; paths are relative to the project.`;

const path = z
  .string()
  .min(1)
  .max(4_096)
  .describe('Path of a file, relative to the project (or absolute, inside of it).');
const limit = (most: number, usual: number) =>
  z.number().int().min(1).max(most).default(usual).describe(`Results at most (1 to ${most}).`);
const READ_ONLY = { readOnlyHint: true, openWorldHint: false, idempotentHint: true } as const;

/** Lines one `read_range` answers at most. */
const RANGE_LINES = 1_000;

/** The tools, on a server that is not connected yet. Arguments are checked by the SDK against the schemas; what goes wrong is the error of the tool, never of the protocol. */
export function createMcpServer(options: McpOptions): McpServer {
  const { freshness, files } = options;
  const server = new McpServer({ name: 'tabstop', version: options.version }, { instructions: INSTRUCTIONS });

  /** Waits for the index where the answer comes from it, and makes every failure an error of the tool. */
  const answered = async (
    work: (project: OpenProject, notes: readonly string[]) => Promise<string>,
  ): Promise<CallToolResult> => {
    try {
      const project = await options.project();
      const notes = await freshness.settle(project.index);
      return { content: [{ type: 'text', text: await work(project, notes) }] };
    } catch (error) {
      return failed(error, options.onProblem);
    }
  };
  const pathIn =
    ({ roots }: OpenProject) =>
    (root: string, file: string) =>
      told(roots, root, file);

  server.registerTool(
    'search',
    {
      title: 'Search the code by meaning',
      description:
        'Finds code by what it does or means, and by words: "where are uploads retried", "parse the config file", "class that holds open connections". ' +
        'Use it first when you do not know the name or the place. Answers with the best places: path, lines, the code. ' +
        'In the query, path:DIR lang:NAME symbol:NAME narrow it; a leading - excludes (-path:test). For exact text use grep.',
      inputSchema: {
        query: z.string().min(1).max(2_000).describe('Plain words, names, or both.'),
        limit: limit(50, 8),
      },
      annotations: READ_ONLY,
    },
    ({ query, limit }, { signal }) =>
      answered(async (project, notes) =>
        searchText(await project.index.search({ text: query, limit }, signal), pathIn(project), notes),
      ),
  );

  server.registerTool(
    'grep',
    {
      title: 'Find exact text',
      description:
        'Finds every line that holds a literal text (or, with regex, a regular expression): an identifier, a message, a call. ' +
        'Use it when you know what is written there, or need all occurrences. Ignored, generated and binary files are left out.',
      inputSchema: {
        pattern: z.string().min(1).max(2_000),
        regex: z.boolean().default(false).describe("The pattern is a regular expression in ripgrep's syntax."),
        ignoreCase: z.boolean().default(false),
        wholeWord: z.boolean().default(false),
        globs: z
          .array(z.string().max(500))
          .max(20)
          .default([])
          .describe('Only files that match, such as "src/**/*.ts"; with a leading ! not those.'),
        limit: limit(500, 100),
      },
      annotations: READ_ONLY,
    },
    (query, { signal }) =>
      answered(async (project, notes) =>
        [grepText(await project.index.grep(query, signal), pathIn(project)), ...notes].join('\n'),
      ),
  );

  server.registerTool(
    'related_files',
    {
      title: 'Files that belong to a change',
      description:
        'Given files that you change (and, if you like, the task in words), the files that usually change together with them after the history of git: tests, registries, documentation, the other side of an interface. ' +
        'Use it before you finish, to see what you may have forgotten.',
      inputSchema: {
        paths: z.array(path).max(50).default([]),
        prompt: z.string().max(4_000).optional().describe('The task, in words.'),
        limit: limit(50, 10),
      },
      annotations: READ_ONLY,
    },
    ({ paths, prompt, limit }, { signal }) =>
      answered(async (project, notes) => {
        if (paths.length === 0 && !prompt?.trim()) throw new RefusedError('paths or prompt is needed');
        const query = { paths, limit, ...(prompt === undefined ? {} : { prompt }) };
        return [relatedText(await project.index.related(query, signal), pathIn(project)), ...notes].join('\n');
      }),
  );

  server.registerTool(
    'read_range',
    {
      title: 'Read part of a file',
      description: `Lines of a file of the project, numbered. Use it to read on around a result of search or grep. At most ${RANGE_LINES} lines or ${MAX_ANSWER} characters at once. Files that are not indexed (secrets, binaries, ignored files) are refused.`,
      inputSchema: {
        path,
        startLine: z.number().int().min(1).default(1),
        endLine: z.number().int().min(1).optional().describe('Included. Without it, 200 lines.'),
      },
      annotations: READ_ONLY,
    },
    ({ path, startLine, endLine }) =>
      answered(async ({ index, roots }) => {
        const end = endLine ?? startLine + 199;
        if (end < startLine) throw new RefusedError('endLine comes before startLine');
        const file = await indexedFile(index, roots, path, files);
        const bytes = await files.read(file.real);
        const encoding = encodingOf(bytes);
        if (typeof encoding === 'string') throw new RefusedError(`${path} is not read: ${encoding}`);
        return rangeText(decode(bytes, encoding), startLine, Math.min(end, startLine + RANGE_LINES - 1));
      }),
  );

  server.registerTool(
    'outline',
    {
      title: 'Outline of a file',
      description:
        'Classes, functions, methods and types of a file (headings, in prose) with their lines, nested. Use it before reading a long file.',
      inputSchema: { path },
      annotations: READ_ONLY,
    },
    ({ path }) =>
      answered(async ({ index, roots }) => {
        const file = await indexedFile(index, roots, path, files);
        const items = await index.outline(file.path, file.root);
        return items.length > 0 ? outlineText(items) : 'Nothing in this file has a name: read it with read_range.';
      }),
  );
  return server;
}

/** A file that may be read: inside of the roots, and in the index, which leaves out secrets and binaries. */
async function indexedFile(index: CodeIndex, roots: readonly string[], asked: string, effects: InsideEffects) {
  const file = await inside(roots, asked, effects);
  // A link may have a harmless name.
  for (const path of new Set([file.path, file.target])) {
    const { indexed, reason } = await index.explain(path, file.root);
    if (!indexed) throw new RefusedError(`${asked} is not read: ${reason}`);
  }
  return file;
}

function failed(error: unknown, onProblem: (message: string) => void): CallToolResult {
  if (!(error instanceof RefusedError))
    onProblem(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const text = error instanceof Error ? error.message : String(error);
  return { isError: true, content: [{ type: 'text', text }] };
}
