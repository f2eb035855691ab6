import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';

/** Entry -> bundle, all for the engine's process: ES modules that run on Node 20 and newer. */
const ENGINE: readonly (readonly [entry: string, bundle: string])[] = [
  ['packages/engine/src/server/main.ts', 'packages/engine/dist/engine.mjs'],
  ['packages/engine/src/tab/lexicon/worker.ts', 'packages/engine/dist/lexicon-worker.mjs'],
  ['packages/engine/src/index/worker.ts', 'packages/engine/dist/index-worker.mjs'],
  ['packages/engine/src/workspace/typescript-worker.ts', 'packages/engine/dist/typescript-worker.mjs'],
];

/** In pieces, so that a command loads no more than it needs: the tokenizers of `prompt` alone are 7 MB. */
const COMMAND_LINE = { entry: 'packages/engine/src/cli/main.ts', name: 'cli', folder: 'packages/engine/dist' } as const;

const EXTENSION = ['apps/vscode/src/extension.ts', 'apps/vscode/dist/bundle/extension.cjs'] as const;

/** Loaded at run time where they are installed: the compiler (9 MB, headless only) and a native module. */
const EXTERNAL = ['typescript', '@parcel/watcher'];

/** What a bundled CommonJS dependency expects to find in an ES module. */
const BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** Throws esbuild's error. */
export async function buildBundles(root: string): Promise<void> {
  const shared = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    jsx: 'automatic',
    jsxImportSource: '@tabstop/prompt',
  } satisfies esbuild.BuildOptions;
  const forNode = {
    ...shared,
    format: 'esm',
    target: 'node20',
    external: EXTERNAL,
    banner: { js: BANNER },
  } satisfies esbuild.BuildOptions;
  await removePieces(join(root, COMMAND_LINE.folder));
  const engine = ENGINE.map(([entry, bundle]) => esbuild.build({ ...forNode, entryPoints: [entry], outfile: bundle }));
  const commandLine = esbuild.build({
    ...forNode,
    entryPoints: [{ in: COMMAND_LINE.entry, out: COMMAND_LINE.name }],
    outdir: COMMAND_LINE.folder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: `${COMMAND_LINE.name}-[name]-[hash]`,
  });
  const extension = esbuild.build({
    ...shared,
    entryPoints: [EXTENSION[0]],
    outfile: EXTENSION[1],
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
  });
  // One that is wrong must not leave the others cut off in the middle of their files.
  const outcomes = await Promise.allSettled([...engine, commandLine, extension, copyGrammars(root), copyModel(root)]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/** The command line of the build before: its pieces have other names each time. */
async function removePieces(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  const pieces = names.filter((name) => name === 'cli.mjs' || name.startsWith(`${COMMAND_LINE.name}-`));
  await Promise.all(pieces.map((name) => rm(join(folder, name), { force: true })));
}

/** The embedding model, beside the engine that loads it. */
async function copyModel(root: string): Promise<void> {
  const name = 'static-model.bin';
  const target = join(root, 'packages/engine/dist');
  await mkdir(target, { recursive: true });
  const model = join(root, 'packages/engine/src/index/embed', name);
  if (existsSync(model)) await cp(model, join(target, name));
}

/** The tree-sitter runtime and the grammars, beside the engine that loads them. */
async function copyGrammars(root: string): Promise<void> {
  const require = createRequire(join(root, 'packages/engine/package.json'));
  const target = join(root, 'packages/engine/dist/wasm');
  await mkdir(target, { recursive: true });
  const grammars = join(dirname(require.resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');
  const names = (await readdir(grammars)).filter((name) => /^tree-sitter-.*\.wasm$/.test(name));
  const runtime = require.resolve('web-tree-sitter/web-tree-sitter.wasm');
  await Promise.all([
    ...names.map((name) => cp(join(grammars, name), join(target, name))),
    cp(runtime, join(target, 'web-tree-sitter.wasm')),
  ]);
}
