import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from '../../evals/src/tab/packages.ts';
import type { Tokenizer } from '../../packages/engine/src/index/embed/tokenizer.ts';
import type { Pair } from './doc-pairs.ts';
import { readPackages } from './packages.ts';

export interface SourcedPair extends Pair {
  readonly package: string;
  readonly language: string;
  readonly path: string;
}

/** The pairs of a split as training/embedding-pairs.ts left them in the cache, package by package. */
export function* pairsOfSplit(cache: string, split: Split): Generator<SourcedPair> {
  for (const { split: of, ecosystem, name, version } of readPackages()) {
    const file = join(cache, 'pairs', ecosystem, `${name.replaceAll('/', '+')}@${version}.jsonl`);
    if (of !== split || !existsSync(file)) continue;
    for (const line of readFileSync(file, 'utf8').split('\n'))
      if (line !== '') yield { ...(JSON.parse(line) as SourcedPair), package: `${ecosystem}/${name}` };
  }
}

/** Rows and counts of many texts in two long arrays; text `i` lies from `starts[i]` to `starts[i + 1]`. */
export interface Bags {
  readonly starts: Uint32Array;
  readonly rows: Int32Array;
  readonly counts: Uint16Array;
  /** Of the first occurrence. */
  readonly positions: Uint16Array;
  /** Words of each text. */
  readonly lengths: Uint16Array;
}

export function bagsOf(texts: Iterable<string>, tokenizer: Tokenizer): Bags {
  const starts: number[] = [0];
  let rows = new Int32Array(1 << 20);
  let counts = new Uint16Array(1 << 20);
  let positions = new Uint16Array(1 << 20);
  const lengths: number[] = [];
  let length = 0;
  for (const text of texts) {
    const bag = tokenizer.count(text);
    while (length + bag.length > rows.length) {
      rows = grown(rows, new Int32Array(rows.length * 2));
      counts = grown(counts, new Uint16Array(counts.length * 2));
      positions = grown(positions, new Uint16Array(positions.length * 2));
    }
    rows.set(bag.rows.subarray(0, bag.length), length);
    let words = 0;
    for (let index = 0; index < bag.length; index++) {
      counts[length + index] = Math.min(65_535, bag.counts[index]!);
      positions[length + index] = bag.positions[index]!;
      words += bag.counts[index]!;
    }
    lengths.push(Math.min(65_535, words));
    length += bag.length;
    starts.push(length);
  }
  return {
    starts: Uint32Array.from(starts),
    rows: rows.subarray(0, length),
    counts: counts.subarray(0, length),
    positions: positions.subarray(0, length),
    lengths: Uint16Array.from(lengths),
  };
}

function grown<T extends Int32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
