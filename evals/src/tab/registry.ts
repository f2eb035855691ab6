import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { languageOf } from './languages.ts';
import type { Ecosystem, Package } from './packages.ts';

/** A release that could not be had. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

/** Runs a program to its end and gives its standard output. @throws with the program's complaint */
export type Run = (program: string, args: readonly string[], cwd: string) => string;

/** Larger files are tables or generated; nobody edits them by hand. */
const MAX_CHARACTERS = 120_000;
const LANGUAGES = new Set(['TypeScript', 'JavaScript', 'Python', 'Go', 'Rust']);
const MANIFESTS = new Set(['package.json', 'go.mod', 'Cargo.toml', 'pyproject.toml', 'tsconfig.json']);
const SKIPPED = /(^|\/)(node_modules|dist|build|vendor|\.git|[^/]*\.dist-info)(\/|$)|\.d\.[cm]?ts$|\.min\.js$/;

/**
 * The sources of one release, in a folder of the cache. What is there already is not asked for again. The registry's own client fetches:
 * `npm pack`, `pip download` (the wheel of a pure package holds its sources, and nothing is built), `go mod download`, `cargo vendor`.
 * @throws RegistryError
 */
export function fetchRelease({ ecosystem, name, folder }: Package, version: string, cache: string, run: Run): string {
  const release = join(cache, 'releases', ecosystem, `${name.replaceAll('/', '+')}@${version}`);
  if (existsSync(release)) return release;
  const work = join(cache, 'work', String(process.pid));
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'unpacked'), { recursive: true });
  try {
    const unpacked = FETCH[ecosystem](name, version, work, run);
    copySources(unpacked, join(work, 'release'), folder);
    mkdirSync(dirname(release), { recursive: true });
    // In one step, so that an interrupted run leaves no half of a release behind.
    renameSync(join(work, 'release'), release);
    return release;
  } catch (error) {
    throw new RegistryError(
      `${ecosystem} ${name} ${version}: ${(error as Error).message.split('\n').slice(0, 3).join(' ')}`,
      { cause: error },
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const FETCH: Readonly<Record<Ecosystem, (name: string, version: string, work: string, run: Run) => string>> = {
  npm(name, version, work, run) {
    run('npm', ['pack', `${name}@${version}`, '--pack-destination', work, '--ignore-scripts', '--silent'], work);
    run('tar', ['-xzf', only(work, '.tgz'), '-C', 'unpacked', '--strip-components=1'], work);
    return join(work, 'unpacked');
  },
  pypi(name, version, work, run) {
    run(
      'python3',
      [
        '-m',
        'pip',
        'download',
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '--only-binary=:all:',
        `${name}==${version}`,
      ],
      work,
    );
    run('python3', ['-m', 'zipfile', '-e', only(work, '.whl'), 'unpacked'], work);
    return join(work, 'unpacked');
  },
  go(name, version, work, run) {
    const answer = JSON.parse(run('go', ['mod', 'download', '-json', `${name}@${version}`], work)) as { Dir: string };
    return answer.Dir;
  },
  cargo(name, version, work, run) {
    mkdirSync(join(work, 'src'));
    writeFileSync(join(work, 'src/lib.rs'), '');
    writeFileSync(
      join(work, 'Cargo.toml'),
      `[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n${name} = { version = "=${version}", default-features = false }\n`,
    );
    run('cargo', ['vendor', '--quiet', '--versioned-dirs', 'unpacked'], work);
    return join(work, 'unpacked', `${name}-${version}`);
  },
};

function only(folder: string, ending: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  if (names.length !== 1) throw new RegistryError(`expected one ${ending} file, found ${names.length}`);
  return names[0]!;
}

/** Only what somebody wrote: compiled copies beside the sources would tell the engine, and the diff, everything twice. */
function copySources(from: string, to: string, folder: string): void {
  for (const path of filesUnder(from)) {
    const source =
      (folder === '' || path.startsWith(`${folder}/`)) && LANGUAGES.has(languageOf(path)) && !SKIPPED.test(path);
    if (!source && !MANIFESTS.has(path)) continue;
    const text = readFileSync(join(from, path), 'utf8');
    if (text.length > MAX_CHARACTERS || text.includes('\u0000')) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), text);
  }
  if (!existsSync(to)) throw new RegistryError('has no sources');
}

/** Paths relative to the folder, with `/`, sorted. */
export function filesUnder(folder: string): readonly string[] {
  const walk = (relative: string): string[] =>
    readdirSync(join(folder, relative)).flatMap((name) => {
      const path = relative === '' ? name : `${relative}/${name}`;
      const stat = statSync(join(folder, path));
      return stat.isDirectory() ? walk(path) : stat.isFile() ? [path] : [];
    });
  return walk('').sort();
}

/** Written by a program, says its path or its head: nobody edits it by hand, so nothing can be asked about it. */
const GENERATED = /(^|[/._-])(generated|gen|pb)[/._-]/i;
const SAYS_GENERATED = /@generated|auto-?generated|generated (by|from|file)|do not (edit|modify)/i;

/** The sources of a release that people write, by path. */
export function sourcesOf(release: string): ReadonlyMap<string, string> {
  const paths = filesUnder(release).filter((path) => LANGUAGES.has(languageOf(path)));
  const texts = paths.map((path) => [path, readFileSync(join(release, path), 'utf8')] as const);
  return new Map(texts.filter(([path, text]) => !GENERATED.test(path) && !SAYS_GENERATED.test(text.slice(0, 600))));
}
