/** Puts an installed extension with the fake engine together, for tests that need certain suggestions. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import type { Rule } from '../fake-engine/rules.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
export const BUNDLE = join(ROOT, 'apps/vscode/dist/bundle');

/**
 * Installs the built extension with the fake engine into the data folder, under a version that wins over the one that comes with the editor.
 * Needs `npm run build`.
 */
export async function installFakeEngine(dataDir: string, rules: readonly Rule[]): Promise<string> {
  const target = join(dataDir, 'extensions', 'tabstop.tabstop-99.0.0');
  const engine = join(target, 'engine');
  await mkdir(target, { recursive: true });
  await cp(BUNDLE, target, { recursive: true, filter: (path) => !path.startsWith(join(BUNDLE, 'engine')) });
  await rm(engine, { recursive: true, force: true });
  const manifest = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as object;
  await writeFile(join(target, 'package.json'), JSON.stringify({ ...manifest, version: '99.0.0' }));
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, '../fake-engine/engine.ts')],
    outfile: join(engine, 'engine.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
    logLevel: 'warning',
  });
  await writeFile(join(engine, 'rules.json'), JSON.stringify(rules));
  return target;
}
