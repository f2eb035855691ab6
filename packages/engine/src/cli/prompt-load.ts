import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { compileFunction } from 'node:vm';
import * as prompt from '@tabstop/prompt';
import * as devRuntime from '@tabstop/prompt/jsx-dev-runtime';
import * as runtime from '@tabstop/prompt/jsx-runtime';
import { CommandError } from './io.ts';

export interface LoadedPrompt {
  readonly prompt: prompt.PromptNode;
  /** What the module exports beside it. */
  readonly budget: number | undefined;
  readonly tokenizer: string | undefined;
}

/** Reads a prompt from a module or from JSON. Throws `CommandError` with what is wrong and where. */
export async function loadPrompt(file: string): Promise<LoadedPrompt> {
  const kind = extname(file);
  if (kind === '.json')
    return { prompt: parseTree(file, await readText(file)), budget: undefined, tokenizer: undefined };
  if (!['.tsx', '.jsx', '.ts', '.js', '.mts', '.mjs'].includes(kind)) {
    throw new CommandError(`${file}: a prompt is a .tsx, .jsx, .ts, .js or .json file`);
  }
  await readText(file);
  const exported = evaluate(file, await bundle(file));
  const { default: main, budget, tokenizer } = exported;
  if (main === undefined) throw new CommandError(`${file} has no default export`);
  try {
    const made: unknown = typeof main === 'function' ? await main({}) : main;
    return {
      // Through JSON: what is shown is what would be written to a file, and functions in a tree are found here.
      prompt: parseTree(file, JSON.stringify(made ?? null)),
      budget: typeof budget === 'number' ? budget : undefined,
      tokenizer: typeof tokenizer === 'string' ? tokenizer : undefined,
    };
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError(`${file} failed: ${(cause as Error).stack ?? String(cause)}`, { cause });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CommandError(
      `${file} could not be read: ${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}`,
      { cause },
    );
  }
}

function parseTree(file: string, json: string): prompt.PromptNode {
  try {
    return prompt.parsePrompt(JSON.parse(json));
  } catch (cause) {
    throw new CommandError(`${file} holds no prompt: ${(cause as Error).message}`, { cause });
  }
}

/** One CommonJS text of the module and what it imports; our own package stays outside, so that there is one of it. */
async function bundle(file: string): Promise<string> {
  const { build } = await bundler();
  try {
    const result = await build({
      entryPoints: [file],
      absWorkingDir: dirname(file),
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      target: 'node24',
      jsx: 'automatic',
      jsxImportSource: '@tabstop/prompt',
      external: ['@tabstop/prompt', '@tabstop/prompt/*'],
      sourcemap: 'inline',
      logLevel: 'silent',
      tsconfigRaw: {},
    });
    return result.outputFiles[0]!.text;
  } catch (cause) {
    const errors = (cause as { errors?: readonly { text: string; location: { file: string; line: number } | null }[] })
      .errors;
    const told = errors
      ?.map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text))
      .join('\n');
    throw new CommandError(told ?? (cause as Error).message, { cause });
  }
}

/** esbuild is what a checkout is built with; an installation without it can still preview JSON. */
async function bundler(): Promise<typeof import('esbuild')> {
  // In a variable, so that bundling the engine does not try to put a native program into it.
  const name = 'esbuild';
  try {
    return (await import(name)) as typeof import('esbuild');
  } catch (cause) {
    throw new CommandError(
      'Reading a module takes esbuild, which is not installed here: npm install esbuild, or write the tree as JSON.',
      { cause },
    );
  }
}

function evaluate(file: string, code: string): Record<string, unknown> {
  const fromFile = createRequire(file);
  const own: Readonly<Record<string, unknown>> = {
    '@tabstop/prompt': prompt,
    '@tabstop/prompt/jsx-runtime': runtime,
    '@tabstop/prompt/jsx-dev-runtime': devRuntime,
  };
  const required = (name: string): unknown => (Object.hasOwn(own, name) ? own[name] : fromFile(name));
  const module = { exports: {} as Record<string, unknown> };
  try {
    compileFunction(code, ['require', 'module', 'exports'], { filename: `${file}.cjs` })(
      required,
      module,
      module.exports,
    );
  } catch (cause) {
    throw new CommandError(`${file} failed: ${(cause as Error).stack ?? String(cause)}`, { cause });
  }
  return module.exports;
}
