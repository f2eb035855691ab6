/** `npm run build`: bundles what ships and lays out the extension as a complete folder. */
import { join } from 'node:path';
import { buildBundles } from './build/bundles.ts';
import { layOutExtension } from './build/extension-folder.ts';

/** Builds everything into `packages/engine/dist` and `apps/vscode/dist/bundle`. Throws esbuild's error when the code is wrong. */
export async function build(root: string): Promise<void> {
  await buildBundles(root);
  await layOutExtension({
    source: join(root, 'apps/vscode'),
    engine: join(root, 'packages/engine/dist'),
    license: join(root, 'LICENSE'),
    target: join(root, 'apps/vscode/dist/bundle'),
  });
}

if (import.meta.main) {
  const start = performance.now();
  await build(join(import.meta.dirname, '..'));
  process.stdout.write(`built in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}
