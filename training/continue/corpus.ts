import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Base, BaseBuilder, emptyBase } from '../../packages/engine/src/tab/lexicon/base.ts';
import { type CursorContext, contextAt } from '../../packages/engine/src/tab/lexicon/cursor.ts';
import { liveText } from '../../packages/engine/src/tab/lexicon/live-text.ts';
import type { Knowledge } from '../../packages/engine/src/tab/lexicon/predict.ts';
import { nearness } from '../../packages/engine/src/tab/lexicon/project-lexicon.ts';
import { Words } from '../../packages/engine/src/tab/lexicon/words.ts';

/** A place in a project where the rest of a line, and everything in the index that could give it away, was taken out. */
export interface MaskedPlace {
  readonly project: string;
  readonly path: string;
  /** The document with the rest of the line (and sometimes the lines after it) missing. */
  readonly text: string;
  readonly offset: number;
  /** What stood there, to the end of the line. */
  readonly rest: string;
  readonly knowledge: Knowledge;
  readonly cursor: CursorContext;
  /** Whether only the document and its neighbours are known. */
  readonly small: boolean;
  readonly neighbours: readonly SourceFile[];
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Files of a project that are taken in; a random subset of larger ones. */
const MAX_FILES = 1_200;
/** Share of places without a project around: only the document and up to three neighbours are known. */
const SMALL_SHARE = 0.3;

/** Hand-written sources of an installed package, in order of their paths. */
export function sourcesOf(packages: string, name: string): SourceFile[] {
  // Where there is a `src`, what lies beside it was compiled from it and would give every answer away.
  const source = ['src', 'src.ts'].map((folder) => join(packages, name, folder)).find(existsSync);
  const root = source ?? join(packages, name);
  return globSync(join(root, '**/*.{ts,tsx,mts,js,jsx,mjs,py,go,rs,java,rb,php,c,h,cpp,cs}'))
    .filter((path) => {
      const below = path.slice(root.length);
      return (
        !/node_modules|\.d\.[mc]?ts$|\.min\.|^\/(dist|esm|cjs|umd|_esm|_cjs|lib|build|lib\.\w+|compiled)\//.test(
          below,
        ) && statSync(path).isFile()
      );
    })
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8').replaceAll('\r\n', '\n') }))
    .filter(({ text }) => text.length > 200 && text.length < 200_000 && text.length / text.split('\n').length < 200);
}

/** `count` places of a package at random lines and columns. The file of a place is never in the base it is predicted from. */
export function* maskedPlaces(
  packages: string,
  project: string,
  count: number,
  random: () => number,
): Generator<MaskedPlace> {
  const all = sourcesOf(packages, project);
  const files = all.length > MAX_FILES ? all.filter(() => random() < MAX_FILES / all.length) : all;
  if (files.length < 5) return;
  const builder = new BaseBuilder();
  for (const { path, text } of files) builder.add({ path, modified: 0, size: text.length }, text);
  const base = builder.freeze();
  for (let made = 0; made < count; made++) {
    const number = Math.floor(random() * files.length);
    const file = files[number]!;
    const lines = file.text.split('\n');
    const line = codeLine(lines, random);
    if (line === undefined) continue;
    const content = lines[line]!.trimEnd();
    const indent = /^\s*/.exec(content)![0].length;
    const column = indent + Math.floor(random() * (content.length - indent));
    // Half of the time the code below is not written yet either.
    const dropped = random() < 0.5 ? 0 : 1 + Math.floor(random() * 10);
    const before = [...lines.slice(0, line), content.slice(0, column)].join('\n');
    const text = `${before}\n${lines.slice(line + 1 + dropped).join('\n')}`;
    const small = random() < SMALL_SHARE;
    const known: Base = small ? emptyBase : base;
    const words = small ? new Words() : new Words(base.words);
    const neighbours: SourceFile[] = [];
    if (small)
      for (const near of [number - 1, number + 1, number + 2]) {
        const other = files[near];
        if (other) neighbours.push(other);
      }
    const others = neighbours.map((other) => ({
      live: liveText(other.path, other.text, words),
      weight: nearness(other.path, file.path),
    }));
    const self = liveText(file.path, text, words);
    const cursor = contextAt(text, before.length, self, words);
    const knowledge = { base: known, words, weights: weightsOf(known, file.path), others, self, hole: cursor.hole };
    yield {
      project,
      path: file.path,
      text,
      offset: before.length,
      rest: content.slice(column),
      knowledge,
      cursor,
      small,
      neighbours,
    };
  }
}

/** A line with something on it that is not a comment: prose is neither predicted well nor asked for. */
function codeLine(lines: readonly string[], random: () => number): number | undefined {
  for (let attempt = 0; attempt < 20; attempt++) {
    const line = Math.floor(random() * lines.length);
    const content = lines[line]!.trim();
    if (content.length >= 3 && !/^(\/\/|\*|\/\*|#|"""|--)/.test(content)) return line;
  }
  return undefined;
}

function weightsOf(base: Base, path: string): Float32Array {
  return Float32Array.from(base.files, (file) => (file.path === path ? 0 : nearness(file.path, path)));
}
