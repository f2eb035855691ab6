import { Edit, Language, Parser, type Point, type Tree } from 'web-tree-sitter';
import type { Text } from '@codemirror/state';
import type { Document } from './document.ts';
import { GRAMMARS } from './grammars.ts';
import type { Syntax } from './syntax.ts';

export interface TreeSitterOptions {
  /** Bytes of `web-tree-sitter.wasm` and `tree-sitter-GRAMMAR.wasm`; see `wasmReader` for Node's. */
  readonly readWasm: (name: string) => Promise<Uint8Array>;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Runs a task when the event loop is free again (`setImmediate`): slices of a long parse, and freeing of trees. */
  readonly defer: (task: () => void) => void;
  /** Milliseconds that `tree` may spend parsing before it answers `undefined` and goes on in slices of the same length. */
  readonly budget?: number;
  /** Bounds of the cache: trees, and code units of the texts they are of. A tree takes about ten bytes per code unit. */
  readonly maxTrees?: number;
  readonly maxCodeUnits?: number;
  /** Told when a grammar cannot be loaded; the language then goes without syntax. */
  readonly onError?: (languageId: string, error: unknown) => void;
}

export interface TreeSitterSyntax extends Syntax {
  /** Trees held now, and the code units of their texts. */
  readonly held: { readonly trees: number; readonly codeUnits: number };
  /** Frees every tree and parser. */
  dispose(): void;
}

interface Entry {
  readonly path: string;
  readonly grammar: string;
  readonly text: Text;
  readonly source: string;
  readonly tree: Tree;
}

interface Pending {
  readonly path: string;
  readonly grammar: string;
  readonly text: Text;
  readonly source: string;
  readonly parser: Parser;
  readonly base: Tree | undefined;
}

/**
 * Syntax trees of documents. A document's text is its key, so versions that share a `Text` share the tree; a new version is reparsed from the
 * latest known one of its path. A tree that falls out of the bounded cache is freed once the caller has yielded to the event loop: hold no tree
 * or node across an `await`.
 */
export function createTreeSitterSyntax(options: TreeSitterOptions): TreeSitterSyntax {
  const { now, defer } = options;
  const budget = options.budget ?? 15;
  const maxTrees = options.maxTrees ?? 64;
  const maxCodeUnits = options.maxCodeUnits ?? 6_000_000;

  const languages = new Map<string, Language>();
  const loading = new Map<string, Promise<void>>();
  const parsers = new Map<string, Parser>();
  /** Least recently used first. */
  const entries = new Map<Text, Entry>();
  const latest = new Map<string, Entry>();
  const pending = new Map<string, Pending>();
  let codeUnits = 0;
  let disposed = false;

  function warm(languageId: string): Promise<void> {
    const grammar = GRAMMARS[languageId];
    if (!grammar) return Promise.resolve();
    const known = loading.get(grammar);
    if (known) return known;
    const load = loadGrammar(grammar).catch((error: unknown) => options.onError?.(languageId, error));
    loading.set(grammar, load);
    return load;
  }

  async function loadGrammar(grammar: string): Promise<void> {
    await start(options.readWasm);
    const language = await Language.load(await options.readWasm(`tree-sitter-${grammar}.wasm`));
    if (!disposed) languages.set(grammar, language);
  }

  function tree(document: Document): Tree | undefined {
    const grammar = GRAMMARS[document.languageId];
    if (!grammar || disposed) return undefined;
    const known = entries.get(document.text);
    if (known && known.grammar === grammar) {
      entries.delete(document.text);
      entries.set(document.text, known);
      return known.tree;
    }
    const language = languages.get(grammar);
    if (!language) {
      void warm(document.languageId);
      return undefined;
    }
    if (document.exclusion !== undefined && document.exclusion !== 'read-only') return undefined;
    const waiting = pending.get(document.path);
    if (waiting?.text === document.text) return undefined;
    if (waiting) drop(waiting);

    const source = document.content;
    const before = latest.get(document.path);
    const base = before?.grammar === grammar ? edited(before, document.text, source) : undefined;
    const parser = parserOf(grammar, language);
    const parsed = parse(parser, source, base);
    const job: Pending = { path: document.path, grammar, text: document.text, source, parser, base };
    if (parsed) return keep(job, parsed);
    // The parser holds the state of the unfinished parse: it belongs to this document until that is through.
    parsers.delete(grammar);
    pending.set(document.path, job);
    defer(() => advance(job));
    return undefined;
  }

  function parserOf(grammar: string, language: Language): Parser {
    let parser = parsers.get(grammar);
    if (!parser) {
      parser = new Parser();
      parser.setLanguage(language);
      parsers.set(grammar, parser);
    }
    return parser;
  }

  function parse(parser: Parser, source: string, base: Tree | undefined): Tree | null {
    const until = now() + budget;
    return parser.parse((index) => source.slice(index, index + CHUNK), base ?? null, {
      progressCallback: () => now() > until,
    });
  }

  /** One more slice of a parse that did not fit its budget; the parser goes on where it stopped. */
  function advance(job: Pending): void {
    if (pending.get(job.path) !== job) return;
    const parsed = parse(job.parser, job.source, job.base);
    if (!parsed) {
      defer(() => advance(job));
      return;
    }
    pending.delete(job.path);
    keep(job, parsed);
    release(job);
  }

  function drop(job: Pending): void {
    pending.delete(job.path);
    job.parser.reset();
    job.base?.delete();
    release(job);
  }

  function release(job: Pending): void {
    if (parsers.has(job.grammar) || disposed) job.parser.delete();
    else parsers.set(job.grammar, job.parser);
  }

  function keep(job: Pending, parsed: Tree): Tree {
    job.base?.delete();
    const entry: Entry = { path: job.path, grammar: job.grammar, text: job.text, source: job.source, tree: parsed };
    const replaced = entries.get(job.text);
    if (replaced) evict(replaced);
    entries.set(job.text, entry);
    latest.set(job.path, entry);
    codeUnits += entry.source.length;
    for (const oldest of entries.values()) {
      if (entry === oldest || (entries.size <= maxTrees && codeUnits <= maxCodeUnits)) break;
      evict(oldest);
    }
    return parsed;
  }

  function evict(entry: Entry): void {
    entries.delete(entry.text);
    codeUnits -= entry.source.length;
    if (latest.get(entry.path) === entry) latest.delete(entry.path);
    defer(() => entry.tree.delete());
  }

  function dispose(): void {
    disposed = true;
    for (const job of [...pending.values()]) drop(job);
    for (const entry of [...entries.values()]) evict(entry);
    for (const parser of parsers.values()) parser.delete();
    parsers.clear();
  }

  return {
    tree,
    warm,
    dispose,
    get held() {
      return { trees: entries.size, codeUnits };
    },
  };
}

/**
 * `web-tree-sitter` keeps one WebAssembly instance per process in a variable of its own, and two `init` at a time leave objects of both: the second
 * frees memory that is the first one's. So there is one start per process here too.
 */
let starting: Promise<void> | undefined;

function start(readWasm: TreeSitterOptions['readWasm']): Promise<void> {
  starting ??= readWasm('web-tree-sitter.wasm')
    .then((wasmBinary) => Parser.init({ wasmBinary }))
    .catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
  return starting;
}

/** Code units handed to the parser at a time; it copies no more than this beyond where it stops. */
const CHUNK = 8_192;

/** A copy of the tree of an older text, told what differs: one replacement between the common head and tail. */
function edited(before: Entry, text: Text, source: string): Tree {
  const old = before.source;
  const shorter = Math.min(old.length, source.length);
  let start = 0;
  while (start < shorter && old.charCodeAt(start) === source.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    old.charCodeAt(old.length - 1 - tail) === source.charCodeAt(source.length - 1 - tail)
  )
    tail++;
  const copy = before.tree.copy();
  if (start === old.length && start === source.length) return copy;
  copy.edit(
    new Edit({
      startIndex: start,
      oldEndIndex: old.length - tail,
      newEndIndex: source.length - tail,
      startPosition: pointAt(text, start),
      oldEndPosition: pointAt(before.text, old.length - tail),
      newEndPosition: pointAt(text, source.length - tail),
    }),
  );
  return copy;
}

function pointAt(text: Text, offset: number): Point {
  const line = text.lineAt(offset);
  return { row: line.number - 1, column: offset - line.from };
}
