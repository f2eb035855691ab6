import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

export interface RipgrepPlaces {
  /** As `require.resolve`, from where the engine lies. */
  readonly resolve: (name: string) => string;
  readonly exists: (path: string) => boolean;
  readonly platform: string;
  readonly arch: string;
  readonly path: string;
}

export function nodeRipgrepPlaces(from: string, env: Readonly<Record<string, string | undefined>>): RipgrepPlaces {
  const require = createRequire(from);
  return {
    resolve: (name) => require.resolve(name),
    exists: existsSync,
    platform: process.platform,
    arch: process.arch,
    path: env.PATH ?? '',
  };
}

/** Our own, from the package for this platform; the one that VS Code's server brings; the one on the path. `undefined` where there is none. */
export function findRipgrep({ resolve, exists, platform, arch, path }: RipgrepPlaces): string | undefined {
  const program = platform === 'win32' ? 'rg.exe' : 'rg';
  const places = [
    () => resolve(`@vscode/ripgrep-${platform}-${arch}/bin/${program}`),
    () =>
      join(
        resolve('code-server/package.json'),
        '..',
        'lib/vscode/node_modules/@vscode/ripgrep-universal/bin',
        `${platform}-${arch}`,
        program,
      ),
    ...path
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => () => join(folder, program)),
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
