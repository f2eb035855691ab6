/** `npm run build`: bundles what ships and lays out the extension as a complete folder. */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildBundles } from './build/bundles.ts';
import { layOutExtension } from './build/extension-folder.ts';

/** Builds everything into `packages/engine/dist` and `apps/vscode/dist/bundle`. Throws esbuild's error when the code is wrong. */
export async function build(root: string): Promise<void> {
  const bundles = buildBundles(root);
  // A wrong command line does not keep the extension folder from being complete; the error comes out below.
  await bundles.catch(() => {});
  await layOutExtension({
    source: join(root, 'apps/vscode'),
    engine: join(root, 'packages/engine/dist'),
    license: join(root, 'LICENSE'),
    target: join(root, 'apps/vscode/dist/bundle'),
  });
  await bundles;
}

const root = join(import.meta.dirname, '..');

async function buildAndTell(): Promise<void> {
  const start = performance.now();
  try {
    await build(root);
    process.stdout.write(`built in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  } catch (error) {
    // esbuild has shown the places on standard error; anything else has to be seen here.
    if (!Array.isArray((error as { errors?: unknown }).errors)) throw error;
    process.exitCode = 1;
  }
}

/** Builds again after every change of a source; changes during a build lead to one more. */
async function watchSources(): Promise<void> {
  let changed = Promise.withResolvers<void>();
  for (const folder of ['apps/vscode', 'packages'])
    watch(join(root, folder), { recursive: true }, (_event, name) => {
      if (name !== null && !/(^|[\\/])(dist|node_modules|test)([\\/]|$)/.test(name)) changed.resolve();
    });
  for (;;) {
    await changed.promise;
    // An editor that saves all files does it over some milliseconds.
    await setTimeout(100);
    changed = Promise.withResolvers();
    await buildAndTell();
  }
}

if (import.meta.main) {
  await buildAndTell();
  if (process.argv.includes('--watch')) await watchSources();
}
