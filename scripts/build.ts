/** `npm run build`: bundles what ships and lays out the extension as a complete folder. */
import { join } from 'node:path';
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

if (import.meta.main) {
  const start = performance.now();
  try {
    await build(join(import.meta.dirname, '..'));
    process.stdout.write(`built in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  } catch (error) {
    // esbuild has shown the places on standard error; anything else has to be seen here.
    if (!Array.isArray((error as { errors?: unknown }).errors)) throw error;
    process.exitCode = 1;
  }
}
