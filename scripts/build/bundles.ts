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

/**
 * `tabstop grep` alone, in one CommonJS file that loads nothing it can do without: as modules with imports of Node's, each of which gets a facade with all
 * that it exports, its start takes 7 ms longer. What it loads on demand lies beside it in pieces.
 */
const GREP = { entry: 'packages/engine/src/cli/grep-main.ts', bundle: 'cli-grep.cjs' } as const;
const LOADED_BY_GREP: Readonly<Record<string, { readonly entry: string; readonly name: string }>> = {
  './node-tree.ts': { entry: 'packages/engine/src/index/grep/node-tree.ts', name: 'cli-node-tree' },
  '../server/index-settings-file.ts': {
    entry: 'packages/engine/src/server/index-settings-file.ts',
    name: 'cli-index-settings-file',
  },
};

const EXTENSION = ['apps/vscode/src/extension.ts', 'apps/vscode/dist/bundle/extension.cjs'] as const;

/** Loaded at run time where they are installed: the compiler (9 MB, headless only) and a native module. */
const EXTERNAL = ['typescript', '@parcel/watcher'];

/** What a bundled CommonJS dependency expects to find in an ES module. */
const BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** A dynamic import stays one, of the piece that holds it. */
const ON_DEMAND: esbuild.Plugin = {
  name: 'on-demand',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import') return undefined;
      const piece = LOADED_BY_GREP[path];
      if (!piece) return { errors: [{ text: `${path} is no piece that tabstop grep has beside it` }] };
      return { path: `./${piece.name}.mjs`, external: true };
    });
  },
};

function optionsFor(root: string) {
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
  return { shared, forNode };
}

/** Throws esbuild's error. */
export async function buildBundles(root: string): Promise<void> {
  const { shared, forNode } = optionsFor(root);
  await removePieces(join(root, COMMAND_LINE.folder));
  const engine = ENGINE.map(([entry, bundle]) => esbuild.build({ ...forNode, entryPoints: [entry], outfile: bundle }));
  const commandLine = buildCommandLine(root, join(root, COMMAND_LINE.folder));
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

/** A program that is to run as the engine does, for measurements: what the engine has beside it has to be beside `outfile`. Throws esbuild's error. */
export async function bundleAsEngine(root: string, entry: string, outfile: string): Promise<void> {
  await esbuild.build({ ...optionsFor(root).forNode, entryPoints: [entry], outfile });
}

/** The commands, and `grep` by itself. Throws esbuild's error. */
export async function buildCommandLine(root: string, folder: string): Promise<void> {
  const { shared, forNode } = optionsFor(root);
  const all = esbuild.build({
    ...forNode,
    entryPoints: [
      { in: COMMAND_LINE.entry, out: COMMAND_LINE.name },
      ...Object.values(LOADED_BY_GREP).map(({ entry, name }) => ({ in: entry, out: name })),
    ],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: `${COMMAND_LINE.name}-[name]-[hash]`,
  });
  const grep = esbuild.build({
    ...shared,
    sourcemap: false,
    // Half the text is half the time to read it; names stay, for what a stack tells.
    minifyWhitespace: true,
    minifySyntax: true,
    entryPoints: [GREP.entry],
    outfile: join(folder, GREP.bundle),
    format: 'cjs',
    target: 'node20',
    define: { 'import.meta.url': '__url' },
    banner: { js: `const __url = require('node:url').pathToFileURL(__filename).href;` },
    plugins: [ON_DEMAND],
  });
  await Promise.all([all, grep]);
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
