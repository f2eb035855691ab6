import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  createRenderer,
  estimateCounter,
  gptCounter,
  huggingFaceCounter,
  PromptBudgetError,
  PromptShapeError,
  type Renderer,
  type TokenCounter,
  TokenizerError,
} from '@tabstop/prompt';
import { type CliIo, CommandError, ExitCode, UsageError, write } from './io.ts';
import { type LoadedPrompt, loadPrompt } from './prompt-load.ts';
import { servePreview } from './prompt-server.ts';
import { previewOf } from './prompt-view.ts';

/** Tokens; what a preview starts with where neither the command line nor the file says more. */
const DEFAULT_BUDGET = 8_000;

const USAGE = `Usage: tabstop prompt preview FILE [--budget N] [--tokenizer NAME] [--json] [--port N]

Shows a rendered prompt as a page on this machine: what was kept, what was dropped and why, the tokens of each part, and a
slider for the budget. Ctrl-C closes it.

FILE is a .tsx, .jsx, .ts or .js module whose default export is a prompt or a function that returns one (it is run; it may
also export \`budget\` and \`tokenizer\`), or a tree as JSON.

  --budget N         tokens to start with (default ${DEFAULT_BUDGET})
  --tokenizer NAME   o200k (default), cl100k, estimate, or the path of a tokenizer.json
  --json             prints the rendered prompt instead: {"messages", "tools", "tokens", "reserved", "budget", "cutoff", …}
  --port N           port of the page (default: any free one); it binds to loopback only
  --help             this text

Exit codes: 0 done, 1 it could not be rendered or read, 2 the command line was wrong, 130 interrupted.
`;

/** `tabstop prompt preview`. Serves until \`io.signal\` aborts; with --json it prints and ends. */
export async function runPrompt(argv: readonly string[], io: CliIo): Promise<number> {
  const options = optionsFrom(argv);
  if (options.help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  const file = resolve(io.cwd, options.file);
  const first = await loadPrompt(file);
  const renderer = createRenderer({
    counter: await counterFor(options.tokenizer ?? first.tokenizer ?? 'o200k', io.cwd),
  });
  const budget = options.budget ?? first.budget ?? DEFAULT_BUDGET;
  if (options.json) {
    await write(io.stdout, `${JSON.stringify(await told(() => renderer.render(first.prompt, { budget })), null, 2)}\n`);
    return ExitCode.done;
  }
  // The file is read again for each reload of the page, so that a prompt can be written with the page beside it.
  const server = await servePreview({
    port: options.port,
    name: options.file,
    budget,
    load: () => loadPrompt(file),
    view: (loaded: LoadedPrompt, tokens: number) => previewOf(loaded.prompt, renderer as Renderer, tokens),
  });
  try {
    await write(io.stdout, `${server.url}\nCtrl-C closes the preview.\n`);
    if (!io.signal.aborted)
      await new Promise<void>((done) => io.signal.addEventListener('abort', () => done(), { once: true }));
  } finally {
    await server.close();
  }
  return ExitCode.interrupted;
}

interface Options {
  readonly help: boolean;
  readonly file: string;
  readonly budget: number | undefined;
  readonly tokenizer: string | undefined;
  readonly json: boolean;
  readonly port: number;
}

function optionsFrom(argv: readonly string[]): Options {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (cause) {
    throw new UsageError((cause as Error).message);
  }
  const { values, positionals } = parsed;
  const help = values.help === true;
  const [verb, file, ...more] = positionals;
  if (!help) {
    if (verb !== 'preview')
      throw new UsageError(verb === undefined ? 'preview is missing' : `there is no "prompt ${verb}"`);
    if (file === undefined || more.length > 0) throw new UsageError('preview takes one FILE');
  }
  return {
    help,
    file: file ?? '',
    budget: values.budget === undefined ? undefined : wholeNumber('--budget', values.budget, Number.MAX_SAFE_INTEGER),
    tokenizer: values.tokenizer,
    json: values.json === true,
    port: values.port === undefined ? 0 : wholeNumber('--port', values.port, 65_535),
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      budget: { type: 'string' },
      tokenizer: { type: 'string' },
      json: { type: 'boolean' },
      port: { type: 'string' },
    },
  });
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    throw new UsageError(`${name} takes a whole number up to ${most}, not "${text}"`);
  return value;
}

async function counterFor(name: string, cwd: string): Promise<TokenCounter> {
  if (name === 'o200k' || name === 'cl100k') return gptCounter(name);
  if (name === 'estimate') return estimateCounter();
  if (!name.endsWith('.json'))
    throw new UsageError(`there is no tokenizer "${name}": o200k, cl100k, estimate or a tokenizer.json`);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(resolve(cwd, name), 'utf8'));
  } catch (cause) {
    throw new CommandError(`${name} could not be read: ${(cause as Error).message}`, { cause });
  }
  return told(() => huggingFaceCounter(name, content));
}

/** Errors of the prompt package are the user's to act upon. */
async function told<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof PromptBudgetError || cause instanceof PromptShapeError || cause instanceof TokenizerError) {
      throw new CommandError(cause.message, { cause });
    }
    throw cause;
  }
}
