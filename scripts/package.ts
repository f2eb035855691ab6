/**
 * `npm run package`: dist/tabstop-VERSION.vsix, for a stock VS Code with stable API only, on any platform: it takes the editor's ripgrep and looks at folders
 * now and then instead of watching them. `npm run package -- --native` makes one for this platform alone, with a watcher and ripgrep in it.
 */
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { build } from './build.ts';
import { stableManifest } from './build/extension-folder.ts';
import { copyNativeParts } from './build/native-parts.ts';

/** Packs the extension; `native`: for this platform alone, with its native parts. Resolves to the VSIX's path. */
export async function packageExtension(
  root: string,
  out: string = join(root, 'dist'),
  native: boolean = false,
): Promise<string> {
  await build(root);
  const staging = await mkdtemp(join(tmpdir(), 'tabstop-vsix-'));
  try {
    await cp(join(root, 'apps/vscode/dist/bundle'), staging, {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
    const manifest = JSON.parse(await readFile(join(staging, 'package.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(staging, 'package.json'), JSON.stringify(stableManifest(manifest), null, 2));
    await mkdir(out, { recursive: true });
    const target = native ? await copyNativeParts(root, join(staging, 'engine/node_modules')) : undefined;
    const path = join(out, `tabstop-${String(manifest.version)}${target === undefined ? '' : `-${target}`}.vsix`);
    await createVSIX({
      cwd: staging,
      packagePath: path,
      ...(target === undefined ? {} : { target }),
      dependencies: false,
      allowMissingRepository: true,
      skipLicense: true,
      rewriteRelativeLinks: false,
    });
    return path;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { native: { type: 'boolean', default: false } } });
  const path = await packageExtension(join(import.meta.dirname, '..'), undefined, values.native);
  process.stdout.write(`${path} ${((await stat(path)).size / 1e6).toFixed(1)} MB\n`);
}
