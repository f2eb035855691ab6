import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ExtensionPlaces {
  /** apps/vscode */
  readonly source: string;
  /** packages/engine/dist */
  readonly engine: string;
  readonly license: string;
  /** The finished folder; extension.cjs is there already. */
  readonly target: string;
}

/** Of no use in an installed extension. */
const DEVELOPMENT = ['devDependencies', 'dependencies', 'scripts', 'private', 'type', 'exports', 'files'];

/** Lays out a complete extension folder around the bundled extension.cjs. */
export async function layOutExtension(places: ExtensionPlaces): Promise<void> {
  const { source, engine, license, target } = places;
  await mkdir(target, { recursive: true });
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(target, 'package.json'), `${JSON.stringify(shippedManifest(manifest), null, 2)}\n`);
  const copies: Promise<void>[] = [copy(license, join(target, 'LICENSE')), copy(engine, join(target, 'engine'))];
  for (const name of ['README.md', 'CHANGELOG.md', 'package.nls.json', 'media', 'walkthrough'])
    copies.push(copy(join(source, name), join(target, name)));
  await Promise.all(copies);
}

/** Pure: the manifest as it ships, under the id `tabstop.tabstop`. */
export function shippedManifest(manifest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shipped = Object.fromEntries(Object.entries(manifest).filter(([key]) => !DEVELOPMENT.includes(key)));
  return {
    ...shipped,
    name: 'tabstop',
    publisher: 'tabstop',
    main: './extension.cjs',
    engines: { vscode: '^1.96.0', ...(manifest.engines as object | undefined) },
  };
}

/** Pure: the manifest for a stock VS Code, which refuses to load one that names proposed API. */
export function stableManifest(shipped: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(shipped).filter(([key]) => key !== 'enabledApiProposals'));
}

async function copy(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  // The command line is not the extension's, nor is the compiler's thread that only it starts.
  if (existsSync(from))
    await cp(from, to, {
      recursive: true,
      filter: (path) => !/[\\/](cli|typescript-worker)[^\\/]*\.[cm]js(\.map)?$/.test(path),
    });
}
