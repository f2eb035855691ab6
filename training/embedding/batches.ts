import { placeOf } from '../../packages/engine/src/index/embed/static-model.ts';
import type { Side } from './contrast.ts';
import type { Bags } from './dataset.ts';

export interface TrainingSet {
  /** Words of the doc comment (of the name, where there is none), of the code, of its path, and of its name. */
  readonly queries: Bags;
  readonly passages: Bags;
  readonly paths: Bags;
  readonly names: Bags;
  readonly documented: Uint8Array;
  readonly languages: Uint8Array;
  readonly packages: Uint16Array;
  /** Equal where the query's words are: such pairs are no negatives of each other. */
  readonly keys: Int32Array;
}

export interface Augmentation {
  /** Share of a query's words left out. */
  readonly queryDropout: number;
  readonly passageDropout: number;
  /** How often the name is taken out of a documented function. */
  readonly nameMask: number;
  readonly path: number;
  /** How often a query gets words around it as people ask, and these words, as rows. */
  readonly asking: number;
  readonly phrases: readonly (readonly number[])[];
  /** By language number: rows of the names people call it. */
  readonly languageRows: readonly (readonly number[])[];
}

/**
 * The order of one epoch: batches of one language, in runs of one package, whose members are alike and so make hard negatives.
 * Documented pairs all; of the functions without a doc comment a share.
 */
export function epochOrder(
  set: TrainingSet,
  random: () => number,
  batch: number,
  run: number,
  nameShare: number,
): Int32Array[] {
  const runs = new Map<number, number[][]>();
  const open = new Map<number, number[]>();
  const indices = Array.from(set.keys, (_, index) => index).filter(
    (index) => set.documented[index] === 1 || random() < nameShare,
  );
  shuffle(indices, random);
  for (const index of indices) {
    const of = set.packages[index]!;
    const group = open.get(of) ?? [];
    group.push(index);
    open.set(of, group);
    if (group.length < run) continue;
    open.delete(of);
    pushTo(runs, set.languages[index]!, group);
  }
  for (const group of open.values()) pushTo(runs, set.languages[group[0]!]!, group);
  const batches: Int32Array[] = [];
  for (const groups of runs.values()) {
    shuffle(groups, random);
    const flat = groups.flat();
    for (let at = 0; at + batch <= flat.length; at += batch) batches.push(Int32Array.from(flat.slice(at, at + batch)));
  }
  shuffle(batches, random);
  return batches;
}

function pushTo<T>(lists: Map<number, T[]>, key: number, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
}

/** Rows, counts and places of a batch, changed at random as `how` says. */
export function sidesOf(
  set: TrainingSet,
  batch: Int32Array,
  how: Augmentation,
  random: () => number,
): { queries: Side; passages: Side; keys: Int32Array } {
  const queries = sideBuilder();
  const passages = sideBuilder();
  for (const index of batch) {
    let before = 0;
    if (random() < how.asking) {
      const language = random() < 0.6 ? (how.languageRows[set.languages[index]!] ?? []) : [];
      const phrase = how.phrases[Math.floor(random() * how.phrases.length)]!;
      // `python how to ...` and `how to ... in python`.
      const [first, last] = random() < 0.5 ? [[...language, ...phrase], []] : [phrase, language];
      for (const row of first) queries.add(row, 1, before++);
      for (const row of last) queries.add(row, 1, before + set.queries.lengths[index]!);
    }
    const kept = queries.size;
    queries.addBag(set.queries, index, before, how.queryDropout, random);
    if (queries.size === kept) queries.addBag(set.queries, index, before, 0, random);
    queries.end();

    let shift = 0;
    if (set.documented[index] === 1 && random() < how.path) {
      passages.addBag(set.paths, index, 0, 0, random);
      shift = set.paths.lengths[index]!;
    }
    const masked = set.documented[index] === 0 || random() < how.nameMask ? namesOf(set.names, index) : undefined;
    passages.addBag(set.passages, index, shift, how.passageDropout, random, masked, set.documented[index] === 0);
    passages.end();
  }
  return { queries: queries.side, passages: passages.side, keys: Int32Array.from(batch, (index) => set.keys[index]!) };
}

function namesOf({ starts, rows, counts }: Bags, index: number): ReadonlyMap<number, number> {
  const names = new Map<number, number>();
  for (let at = starts[index]!; at < starts[index + 1]!; at++) names.set(rows[at]!, counts[at]!);
  return names;
}

/** Collects one text after the other; a row that comes again adds to its count and keeps its first place. */
function sideBuilder() {
  const side = { rows: [] as Int32Array[], counts: [] as Float32Array[], places: [] as Uint8Array[] };
  const counts = new Map<number, number>();
  const places: number[] = [];

  function add(row: number, count: number, position: number): void {
    const before = counts.get(row);
    if (before === undefined) places.push(placeOf(position));
    counts.set(row, (before ?? 0) + count);
  }

  return {
    side,
    get size() {
      return counts.size;
    },
    add,
    /** `masked` are taken out once each; all of them where `wholly`: of a function without a doc comment the name is the query. */
    addBag(
      bags: Bags,
      index: number,
      shift: number,
      dropout: number,
      random: () => number,
      masked?: ReadonlyMap<number, number>,
      wholly?: boolean,
    ): void {
      for (let at = bags.starts[index]!; at < bags.starts[index + 1]!; at++) {
        const out = masked?.get(bags.rows[at]!);
        const left = out === undefined ? bags.counts[at]! : wholly ? 0 : bags.counts[at]! - out;
        if (left > 0 && (dropout === 0 || random() >= dropout)) add(bags.rows[at]!, left, shift + bags.positions[at]!);
      }
    },
    end(): void {
      side.rows.push(Int32Array.from(counts.keys()));
      side.counts.push(Float32Array.from(counts.values()));
      side.places.push(Uint8Array.from(places));
      counts.clear();
      places.length = 0;
    },
  };
}
