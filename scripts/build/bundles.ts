import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';

/** Entry -> bundle, all for the engine's process: ES modules that run on Node 20 and newer. */
const ENGINE: readonly (readonly [entry: string, bundle: string])[] = [
  ['packages/engine/src/server/main.ts', 'packages/engine/dist/engine.mjs'],
  ['packages/engine/src/cli/main.ts', 'packages/engine/dist/cli.mjs'],
  ['packages/engine/src/tab/lexicon/worker.ts', 'packages/engine/dist/lexicon-worker.mjs'],
];

const EXTENSION = ['apps/vscode/src/extension.ts', 'apps/vscode/dist/bundle/extension.cjs'] as const;

/** Loaded at run time where they are installed: the compiler (9 MB, headless only) and a native module. */
const EXTERNAL = ['typescript', '@parcel/watcher'];

/** What a bundled CommonJS dependency expects to find in an ES module. */
const BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** Bundles every entry that exists. Throws esbuild's error. */
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
  const engine = ENGINE.filter(([entry]) => existsSync(join(root, entry))).map(([entry, bundle]) =>
    esbuild.build({
      ...shared,
      entryPoints: [entry],
      outfile: bundle,
      format: 'esm',
      target: 'node20',
      external: EXTERNAL,
      banner: { js: BANNER },
    }),
  );
  const extension = existsSync(join(root, EXTENSION[0]))
    ? [
        esbuild.build({
          ...shared,
          entryPoints: [EXTENSION[0]],
          outfile: EXTENSION[1],
          format: 'cjs',
          target: 'node20',
          external: ['vscode'],
        }),
      ]
    : [];
  // One that is wrong must not leave the others cut off in the middle of their files.
  const outcomes = await Promise.allSettled([...engine, ...extension, copyGrammars(root)]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
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
