import type { Document } from '../../workspace/document.ts';
import { type Base, emptyBase, fileAt } from './base.ts';
import { contextAt } from './cursor.ts';
import { encodeInto, indentUnit } from './encode.ts';
import type { Continuation, Lexicon, ModelPlace } from './lexicon.ts';
import { type LiveText, LiveTexts, liveText } from './live-text.ts';
import { type Hole, latestPlace } from './matches.ts';
import { PatternState } from './patterns.ts';
import { type Knowledge, predict, type WeighedText } from './predict.ts';
import { type Revision, revisionOf, type SavedText, savedText } from './revision.ts';
import { BLANK_LINE, endsLine, isSpaced, LINE, wordOf } from './symbols.ts';
import { Words } from './words.ts';

/** Symbols of live texts that are looked through for one answer, besides the document itself; the latest come first. */
const LIVE_LIMIT = 60_000;
const NO_HOLE: Hole = { from: 0, to: 0 };

/**
 * The frozen base with the texts that have changed since laid over it. A file that is open or has changed is left out of the base and looked up in its
 * live text. One mutable object, fed by the loop that also makes snapshots.
 */
export class ProjectLexicon implements Lexicon {
  #base: Base;
  #words: Words;
  #live: LiveTexts;
  #fileNumbers: ReadonlyMap<string, number>;
  /** Open documents by path, latest touched last. */
  readonly #open = new Map<string, Document>();
  /** Files that differ from the base: their text, or `undefined` when they are gone. */
  readonly #changed = new Map<string, string | undefined>();
  readonly #changedLive = new Map<string, LiveText>();
  #weights: { path: string; hidden: number; values: Float32Array } | undefined;
  /** The document asked about last, as it was when the base was built. */
  #saved: { path: string; base: Base; text: SavedText } | undefined;
  /** Grows whenever a file of the base is hidden or comes back. */
  #hiddenVersion = 0;

  constructor(base: Base = emptyBase) {
    this.#base = base;
    this.#words = wordsOf(base);
    this.#live = new LiveTexts(this.#words);
    this.#fileNumbers = new Map(base.files.map((file, number) => [file.path, number]));
  }

  get base(): Base {
    return this.#base;
  }

  /** Code units of the texts that are laid over the base: when this is much, the base is due for a rebuild. */
  get changedSize(): number {
    let size = 0;
    for (const text of this.#changed.values()) size += text?.length ?? 0;
    return size;
  }

  /** Takes a rebuilt base over. Changes that the new base was built after are forgotten by `settled`. */
  setBase(base: Base, settled: Iterable<string> = this.#changed.keys()): void {
    const words = wordsOf(base);
    this.#swap(base, words, new LiveTexts(words), settled);
  }

  /**
   * The same in slices: open documents are read with the new words, one after the other with a `pause` between them, while the old base still answers.
   * All at once, the first answer from a new base took 37 ms with 160 documents open.
   */
  async adoptBase(base: Base, settled: () => Iterable<string>, pause: () => Promise<void>): Promise<void> {
    const words = wordsOf(base);
    const live = new LiveTexts(words);
    for (const document of [...this.#open.values()].reverse()) {
      if (this.#open.get(document.path) !== document) continue;
      live.of(document);
      await pause();
    }
    this.#swap(base, words, live, settled());
  }

  #swap(base: Base, words: Words, live: LiveTexts, settled: Iterable<string>): void {
    for (const path of [...settled]) this.#changed.delete(path);
    this.#base = base;
    this.#words = words;
    this.#live = live;
    this.#changedLive.clear();
    this.#fileNumbers = new Map(base.files.map((file, number) => [file.path, number]));
    this.#hiddenVersion++;
  }

  /** An open document as it is now. Costs nothing until it is asked about. */
  update(document: Document): void {
    if (!this.#open.delete(document.path)) this.#hiddenVersion++;
    this.#open.set(document.path, document);
  }

  close(path: string): void {
    if (this.#open.delete(path)) this.#hiddenVersion++;
  }

  /** A file's text on disk from now on; `undefined` when it is gone or is none of ours any more. */
  fileChanged(path: string, text: string | undefined): void {
    this.#changed.delete(path);
    this.#changed.set(path, text);
    this.#changedLive.delete(path);
    this.#hiddenVersion++;
  }

  changedPaths(): string[] {
    return [...this.#changed.keys()];
  }

  filesWith(identifier: string, limit: number): readonly string[] {
    // Live texts first: encoding them is what gives their new words a number.
    const lives = [...this.#liveTexts()];
    const word = this.#words.idOf(identifier);
    if (word < 0) return [];
    const found: string[] = [];
    for (const live of lives) {
      if (found.length >= limit) return found;
      if (live.counts.has(word)) found.push(live.path);
    }
    if (word >= this.#base.counts.length) return found;
    const end = this.#base.postingStarts[word + 1]!;
    for (let at = this.#base.postingStarts[word]!; at < end && found.length < limit; at++) {
      const path = this.#base.files[this.#base.postings[at]!]!.path;
      if (!this.#isLive(path)) found.push(path);
    }
    return found;
  }

  count(identifier: string): number {
    const lives = [...this.#liveTexts()];
    const word = this.#words.idOf(identifier);
    if (word < 0) return 0;
    let count = word < this.#base.counts.length ? this.#base.counts[word]! : 0;
    for (const path of new Set([...this.#open.keys(), ...this.#changed.keys()])) {
      const file = this.#fileNumbers.get(path);
      if (file === undefined || word >= this.#base.counts.length) continue;
      for (let at = this.#base.fileStarts[file]!; at < this.#base.fileStarts[file + 1]!; at++)
        if (wordOf(this.#base.symbols[at]!) === word) count--;
    }
    for (const live of lives) count += live.counts.get(word) ?? 0;
    return count;
  }

  continuations(context: readonly string[], document: Document, limit: number): readonly Continuation[] {
    const self = this.#live.of(document);
    const text = context.join('');
    const symbols: number[] = [];
    encodeInto(text, this.#words, self.unit || indentUnit(text), (symbol) => symbols.push(symbol));
    const state = new PatternState(this.#words);
    const patterns = symbols.map((symbol) => state.next(symbol));
    const lastIndent = /(?:^|\n)([ \t]*)[^\n]*$/.exec(text)?.[1] ?? '';
    return predict(this.#knowledge(document, NO_HOLE), { symbols, patterns, state })
      .slice(0, limit)
      .map(({ symbol, probability, order, count }) => ({
        token: this.#render(symbol, lastIndent, self.unit),
        probability,
        order,
        count,
      }));
  }

  place(document: Document, offset: number, complete = false): ModelPlace | undefined {
    const cursor = contextAt(document.content, offset, this.#live.of(document), this.#words, complete);
    const knowledge = this.#knowledge(document, cursor.hole);
    return {
      knowledge,
      cursor,
      seenIn: () => {
        const at = latestPlace(this.#base, cursor.symbols);
        return at < 0 ? undefined : this.#base.files[fileAt(this.#base, at)]!.path;
      },
    };
  }

  #knowledge(document: Document, hole: Hole): Knowledge {
    const others: WeighedText[] = [];
    let room = LIVE_LIMIT;
    for (const live of this.#liveTexts()) {
      if (live.path === document.path) continue;
      room -= live.symbols.length;
      if (room < 0 && others.length > 0) break;
      others.push({ live, weight: nearness(live.path, document.path) });
    }
    return {
      base: this.#base,
      words: this.#words,
      weights: this.#weightsFor(document.path),
      others,
      self: this.#live.of(document),
      hole,
      revision: this.#revision(document, hole),
    };
  }

  /** What the document was when the base was built, beside what it is now. */
  #revision(document: Document, hole: Hole): Revision | undefined {
    const file = this.#fileNumbers.get(document.path);
    if (file === undefined) return undefined;
    if (this.#saved?.path !== document.path || this.#saved.base !== this.#base) {
      const { symbols, patterns, fileStarts } = this.#base;
      const [from, to] = [fileStarts[file]!, fileStarts[file + 1]!];
      if (to - from < 2) return undefined;
      const text = savedText(symbols.subarray(from, to), patterns.subarray(from, to));
      this.#saved = { path: document.path, base: this.#base, text };
    }
    return revisionOf(this.#saved.text, this.#live.of(document), hole.from);
  }

  /** Latest touched first, each path once: an open document wins over its file. */
  *#liveTexts(): Iterable<LiveText> {
    for (const document of [...this.#open.values()].reverse())
      if (document.exclusion === undefined || document.exclusion === 'read-only') yield this.#live.of(document);
    for (const [path, text] of [...this.#changed].reverse()) {
      if (text === undefined || this.#open.has(path)) continue;
      let live = this.#changedLive.get(path);
      if (!live) {
        live = liveText(path, text, this.#words);
        this.#changedLive.set(path, live);
      }
      yield live;
    }
  }

  #isLive(path: string): boolean {
    return this.#open.has(path) || this.#changed.has(path);
  }

  /** How much each file of the base tells about `path`: more when it is near in the tree and of the same kind. */
  #weightsFor(path: string): Float32Array {
    if (this.#weights?.path === path && this.#weights.hidden === this.#hiddenVersion) return this.#weights.values;
    const values = new Float32Array(this.#base.files.length);
    this.#base.files.forEach((file, number) => {
      if (!this.#isLive(file.path) && file.path !== path) values[number] = nearness(file.path, path);
    });
    this.#weights = { path, hidden: this.#hiddenVersion, values };
    return values;
  }

  #render(symbol: number, lastIndent: string, unit: number): string {
    if (symbol === BLANK_LINE) return '\n';
    if (endsLine(symbol)) {
      const tabs = lastIndent.includes('\t');
      const width = Math.max(0, lastIndent.length + (symbol - LINE) * (tabs ? 1 : unit));
      return '\n' + (tabs ? '\t' : ' ').repeat(width);
    }
    return (isSpaced(symbol) ? ' ' : '') + this.#words.text(wordOf(symbol));
  }
}

/** How much one file tells about another: more when it is near in the tree, less when it is of another kind. */
export function nearness(path: string, to: string): number {
  const folder = to.slice(0, to.lastIndexOf('/') + 1);
  const parent = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  const near = folder !== '' && path.startsWith(folder) ? 2 : parent !== '' && path.startsWith(parent) ? 1.4 : 1;
  return path.endsWith(to.slice(to.lastIndexOf('.'))) ? near : near * 0.5;
}

function wordsOf(base: Base): Words {
  return base.words.traits.length === 0 ? new Words() : new Words(base.words);
}
