import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

export interface RipgrepPlaces {
  /** As `require.resolve`, from where the engine lies. */
  readonly resolve: (name: string) => string;
  readonly exists: (path: string) => boolean;
  readonly platform: string;
  readonly arch: string;
  readonly path: string;
  /** The program that runs this. */
  readonly program: string;
}

export function nodeRipgrepPlaces(from: string, env: Readonly<Record<string, string | undefined>>): RipgrepPlaces {
  const require = createRequire(from);
  return {
    resolve: (name) => require.resolve(name),
    exists: existsSync,
    platform: process.platform,
    arch: process.arch,
    path: env.PATH ?? '',
    program: process.execPath,
  };
}

/**
 * Our own, from the package for this platform; the one that the editor around this brings (VS Code has the engine run by its own program, its servers by
 * theirs); the one on the path. `undefined` where there is none.
 */
export function findRipgrep({ resolve, exists, platform, arch, path, program }: RipgrepPlaces): string | undefined {
  const name = platform === 'win32' ? 'rg.exe' : 'rg';
  const places = [
    () => resolve(`@vscode/ripgrep-${platform}-${arch}/bin/${name}`),
    () => join(resolve('code-server/package.json'), '../lib/vscode/node_modules', ofEditors(platform, arch, name)[0]!),
    ...editorModules(dirname(program)).flatMap((folder) =>
      ofEditors(platform, arch, name).map((file) => () => join(folder, file)),
    ),
    ...path
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => () => join(folder, name)),
  ];
  for (const place of places) {
    try {
      const found = place();
      if (exists(found)) return found;
    } catch {
      // Not installed: the next one.
    }
  }
  return undefined;
}

/** Where an editor has it below its modules: as it is now, and as it was until 2025. */
const ofEditors = (platform: string, arch: string, name: string): readonly string[] => [
  `@vscode/ripgrep-universal/bin/${platform}-${arch}/${name}`,
  `@vscode/ripgrep/bin/${name}`,
];

/** Modules of an editor whose program lies in `folder`: the desktop's on Linux and Windows, on macOS, VS Code's server, code-server. */
function editorModules(folder: string): readonly string[] {
  return ['resources/app', '../Resources/app', '.', 'vscode'].flatMap((below) =>
    ['node_modules.asar.unpacked', 'node_modules'].map((modules) => join(folder, below, modules)),
  );
}
