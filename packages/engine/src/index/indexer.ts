import { isAbsolute, relative, sep } from 'node:path';
import type { Attention, IndexState, SyncReport } from './code-index.ts';
import { chunkTerms } from './lexical/fields.ts';
import { forgetWords } from './lexical/terms.ts';
import type { Chunk, FolderTree, TreeBatch } from './parts.ts';
import type { AttentionSets } from './retrieve/features.ts';
import type { ChunkRow } from './store/file-row.ts';
import { StoreError } from './store/sqlite.ts';
import type { NewFile } from './store/store.ts';
import { packVectors } from './store/vectors.ts';
import type { StoreSession } from './store-session.ts';
import type { VectorSource } from './vector-source.ts';
import { WorkQueue } from './work-queue.ts';

export interface IndexerOptions {
  readonly root: string;
  readonly tree: FolderTree;
  readonly session: StoreSession;
  readonly languageOf: (path: string) => string;
  readonly chunk: (file: {
    readonly path: string;
    readonly languageId: string;
    readonly text: string;
  }) => Promise<readonly Chunk[]>;
  /** Undefined: words alone. */
  readonly vectors?: VectorSource;
  /** Milliseconds, monotonic; and since 1970. */
  readonly now: () => number;
  readonly wallClock: () => number;
  /** Lets others (queries above all) have their turn. */
  readonly turn: () => Promise<void>;
  /** Calls back after so many milliseconds; the answer takes it back. Only what is `awaited` keeps the process alive. */
  readonly after: (milliseconds: number, call: () => void, awaited?: boolean) => () => void;
  readonly onChange: () => void;
}

/** Milliseconds of reading and chunking that one transaction takes: the first is short so that the first query finds something. */
const COMMIT_AFTER = { first: 120, later: 700 } as const;
/** Code units of chunks that may wait for their vectors in memory: then vectors have their turn before the next files. */
const WAITING_UNITS = 8_000_000;
/** Chunks whose vectors are made and stored at once: at 2,000 a second, what changed meanwhile waits a fifth of a second. */
const VECTOR_CHUNKS = 384;
/** Milliseconds between looks whether the process that writes has gone, and after an error that may pass. */
const LEAD_INTERVAL = 2_000;
const RETRY = 15_000;

interface Counts {
  added: number;
  modified: number;
  removed: number;
  chunked: number;
  embedded: number;
  cached: number;
}

/**
 * Keeps the store of one root in step with its folder: what the tree says has changed is read, chunked and stored with its words, and gets its vectors
 * when no file waits. One loop does it all, in slices; any error of the disk is told in `problem` and tried again.
 */
export class Indexer {
  readonly #options: IndexerOptions;
  readonly #queue = new WorkQueue();
  readonly #waiting = new Map<number, readonly Chunk[]>();
  #waitingUnits = 0;
  #vectors: VectorSource | undefined;
  /** While vectors of another model are being made, the one before answers. */
  #answering: VectorSource | undefined;
  #loop: Promise<void> | undefined;
  #paused = false;
  #reconciled = false;
  #busy: IndexState = 'starting';
  #progress = { done: 0, total: 0 };
  /** Files taken out of the queue since it was last empty and everything stored: vectors come in between. */
  #taken = 0;
  /** What a follower has compared last: version of the store, and whether the tree has changed since. */
  #compared = { version: -1, stale: true };
  #counts: Counts = { added: 0, modified: 0, removed: 0, chunked: 0, embedded: 0, cached: 0 };
  #problem: string | undefined;
  #note: string | undefined;
  #lastChange: number | undefined;
  #syncedAt: number | undefined;
  #attention: AttentionSets = { open: new Set(), edited: [] };
  #reported: StoreError | undefined;
  /** Files were taken out of the queue and are not stored yet. */
  #inHand = false;
  /** Damage was seen, and the store is not built anew yet: what it says is not all there is. */
  #damaged = false;
  #unwatch: (() => Promise<void>) | undefined;
  #following: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  readonly #stop = new AbortController();

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#vectors = options.vectors;
    this.#answering = options.vectors;
    if (options.vectors !== undefined) options.session.answerWith(options.vectors.model);
  }

  get state(): IndexState {
    if (this.#paused) return 'paused';
    return this.#problem !== undefined && this.#loop === undefined ? 'failed' : this.#busy;
  }

  get progress(): { readonly done: number; readonly total: number } {
    return this.#progress;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  get note(): string | undefined {
    return [this.#options.session.note, this.#note].filter((part) => part !== undefined).join('; ') || undefined;
  }

  get lastChange(): number | undefined {
    return this.#lastChange;
  }

  get syncedAt(): number | undefined {
    return this.#syncedAt;
  }

  get attention(): AttentionSets {
    return this.#attention;
  }

  /** The model that answers queries. */
  get answering(): VectorSource | undefined {
    return this.#answering;
  }

  get model(): VectorSource | undefined {
    return this.#vectors;
  }

  /** Nothing is known to wait. */
  get inStep(): boolean {
    return this.#reconciled && this.#queue.size === 0 && !this.#inHand && !this.#damaged;
  }

  get vectorsComplete(): boolean {
    return (
      this.#vectors === undefined ||
      this.#options.session.catalog.embeddedChunks === this.#options.session.catalog.chunkCount
    );
  }

  /** Follows the disk from now on. */
  follow(): Promise<void> {
    this.#following ??= this.#watch();
    return this.#following;
  }

  async #watch(): Promise<void> {
    this.#unwatch = await this.#options.tree.watch((batch) => this.#takeIn(batch));
    if (!this.#stop.signal.aborted) this.#lookForLead();
  }

  /** Starts by itself: reconciles, and follows the disk from then on. Problems are told in the status. */
  begin(): void {
    void this.follow()
      .then(() => this.reconcile(this.#stop.signal))
      .catch((error: unknown) => this.#fail(error));
  }

  /** Damage that somebody else has seen. */
  reportFault(error: StoreError): void {
    this.#reported = error;
    this.#damaged = true;
    this.#start();
  }

  /** Brings all in step and resolves when it is. Cancelling leaves the work to whoever asks next. @throws what the signal says, StoreError */
  async sync(signal?: AbortSignal): Promise<SyncReport> {
    signal?.throwIfAborted();
    const began = this.#options.now();
    const before = { ...this.#counts };
    this.#paused = false;
    this.#problem = undefined;
    await this.#options.session.tryLead();
    if (this.#options.session.follower) return this.#awaitWriter(began, signal);
    await this.reconcile(signal);
    await this.#run(signal);
    // Without its vectors the index still answers.
    if (this.#problem !== undefined && !this.inStep) throw new StoreError('other', this.#problem);
    const note = [this.note, this.#problem].filter((part) => part !== undefined).join('; ');
    const { added, modified, removed, chunked, embedded, cached } = this.#counts;
    return {
      added: added - before.added,
      modified: modified - before.modified,
      removed: removed - before.removed,
      chunked: chunked - before.chunked,
      embedded: embedded - before.embedded,
      cached: cached - before.cached,
      ms: this.#options.now() - began,
      ...(note === '' ? {} : { note }),
    };
  }

  /** Asks the disk what has changed since the store was written, and starts the work. */
  async reconcile(signal?: AbortSignal): Promise<void> {
    this.#become('reconciling', 0, 0);
    const batch = await this.#options.tree.reconcile({
      ...(signal === undefined ? {} : { signal }),
      onProgress: (seen) => this.#become('reconciling', seen, 0),
    });
    if (batch.note !== undefined) this.#note = batch.note;
    this.#compareAll();
    this.#reconciled = true;
    if (this.#options.session.follower) return this.#tellOfWriter(true);
    if (this.#queue.size === 0) this.#syncedAt = this.#options.wallClock();
    this.#start();
  }

  /** What the store has and the tree has not, and the other way round: whatever was lost in a crash comes back here. */
  #compareAll(): void {
    const { tree, session } = this.#options;
    if (session.follower) return;
    const there = new Set<string>();
    for (const file of tree.files()) {
      there.add(file.path);
      if (session.catalog.file(file.path)?.hash !== file.hash) this.#queue.add(file.path, file.modified);
    }
    for (const file of session.catalog.files) if (!there.has(file.path)) this.#queue.add(file.path, 0);
  }

  #takeIn(batch: TreeBatch): void {
    if (batch.note !== undefined) this.#note = batch.note;
    if (batch.changes.length > 0) this.#lastChange = this.#options.wallClock();
    this.#compared.stale = true;
    for (const change of batch.changes)
      this.#queue.add(change.path, this.#options.tree.file(change.path)?.modified ?? 0);
    this.#start();
    this.#options.onChange();
  }

  /** A search has seen that a file on disk is not what the index knows. */
  suspect(path: string): void {
    this.#queue.add(path, this.#options.wallClock());
    this.#start();
  }

  attend(attention: Attention): void {
    const below = (path: string): string =>
      isAbsolute(path) ? relative(this.#options.root, path).split(sep).join('/') : path;
    this.#attention = { open: new Set(attention.open.map(below)), edited: attention.edited.map(below) };
    this.#queue.prefer([...this.#attention.edited, ...this.#attention.open]);
  }

  pause(): void {
    this.#paused = true;
    this.#options.onChange();
  }

  resume(): void {
    this.#paused = false;
    // After `clear` there is nothing to go on with: all is looked at anew.
    if (this.#reconciled) this.#start();
    else void this.reconcile(this.#stop.signal).catch((error: unknown) => this.#fail(error));
    this.#options.onChange();
  }

  /** Another model: its vectors are made in the background, and the ones that are there answer until it has all. */
  useVectors(vectors: VectorSource | undefined): void {
    this.#vectors = vectors;
    this.#waiting.clear();
    this.#waitingUnits = 0;
    if (vectors !== undefined && (this.#answering === undefined || this.#options.session.catalog.embeddedChunks === 0))
      this.#answer(vectors);
    this.#start();
    this.#options.onChange();
  }

  async clear(): Promise<void> {
    this.#paused = true;
    await this.#loop;
    this.#waiting.clear();
    this.#waitingUnits = 0;
    this.#queue.clear();
    this.#options.session.clear();
    await this.#options.tree.clear();
    this.#reconciled = false;
    this.#options.onChange();
  }

  async dispose(): Promise<void> {
    this.#stop.abort();
    this.#cancelTimer?.();
    // A thread that ends while the watcher is being started takes the whole process with it: it throws where nobody is any more.
    await this.#following?.catch(() => {});
    await this.#unwatch?.();
    await this.#loop?.catch(() => {});
    this.#options.session.close();
  }

  #become(state: IndexState, done: number, total: number): void {
    this.#busy = state;
    this.#progress = { done, total };
    this.#options.onChange();
  }

  #start(): void {
    if (this.#paused || this.#stop.signal.aborted || this.#options.session.follower) return;
    void this.#run().catch(() => {});
  }

  /** The loop that runs, or a new one. */
  async #run(signal?: AbortSignal): Promise<void> {
    this.#loop ??= this.#work().finally(() => {
      this.#loop = undefined;
      this.#options.onChange();
    });
    const loop = this.#loop;
    if (signal === undefined) return loop;
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await Promise.race([loop, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  get #stopped(): boolean {
    return this.#paused || this.#stop.signal.aborted;
  }

  async #work(): Promise<void> {
    // One turn first, so that whoever started this has set its state.
    await this.#options.turn();
    try {
      const reported = this.#reported;
      this.#reported = undefined;
      if (reported !== undefined) throw reported;
      do {
        while (!this.#stopped && (await this.#step()));
        if (this.#stopped) return;
        await this.#options.session.compact(this.#options.turn);
        // Something may have come while postings were merged.
      } while (this.#queue.size > 0);
      this.#problem = undefined;
      this.#syncedAt = this.#reconciled ? this.#options.wallClock() : undefined;
      this.#queue.settle();
      this.#taken = 0;
      forgetWords();
      this.#become('ready', 0, 0);
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** Words of some files, or vectors where no file waits or too many texts do. @returns whether there was anything to do */
  async #step(): Promise<boolean> {
    if (this.#queue.size > 0 && this.#waitingUnits < WAITING_UNITS) {
      await this.#indexSome();
      return true;
    }
    const filesWait = this.#queue.size > 0;
    let some = false;
    try {
      some = await this.#embedSome();
    } catch (error) {
      // A service that is down must not keep the words of the other files out.
      if (!filesWait || error instanceof StoreError) throw error;
    }
    if (filesWait && !some) {
      this.#waiting.clear();
      this.#waitingUnits = 0;
    }
    return some || filesWait;
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return;
    if (error instanceof StoreError && error.fault === 'corrupt') {
      this.#damaged = true;
      await this.#options.session.recover(error);
      this.#compareAll();
      this.#damaged = false;
      return this.#work();
    }
    this.#problem = error instanceof Error ? error.message : String(error);
    this.#options.onChange();
    // Disks get space again, servers of models come back.
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.after(RETRY, () => {
      this.#compareAll();
      this.#start();
      this.#lookForLead();
    });
  }

  /** Reads, chunks and stores files until it is time to commit. */
  async #indexSome(): Promise<void> {
    this.#inHand = true;
    try {
      await this.#indexTaken();
    } finally {
      this.#inHand = false;
    }
    this.#options.onChange();
    await this.#options.turn();
  }

  async #indexTaken(): Promise<void> {
    const { session, now, turn } = this.#options;
    const began = now();
    const budget = session.catalog.fileCount === 0 ? COMMIT_AFTER.first : COMMIT_AFTER.later;
    // By path: one that changes again meanwhile is there once, as it was read last.
    const outcomes = new Map<string, { file: NewFile; chunks: readonly Chunk[] } | 'gone'>();
    const taken: string[] = [];
    while (this.#queue.size > 0 && !this.#stopped && now() - began < budget) {
      const path = this.#queue.take()!;
      taken.push(path);
      this.#taken++;
      const outcome = await this.#readFile(path);
      if (outcome === 'same') outcomes.delete(path);
      else outcomes.set(path, outcome);
      this.#become('indexing', this.#taken, this.#taken + this.#queue.size);
      await turn();
    }
    if (outcomes.size === 0) return;
    const read = [...outcomes.values()].filter((outcome) => outcome !== 'gone');
    const files = read.map(({ file }) => file);
    const known = files.map((file) => session.catalog.file(file.path) !== undefined);
    const gone = [...outcomes].flatMap(([path, outcome]) =>
      outcome === 'gone' && session.catalog.file(path) !== undefined ? [path] : [],
    );
    try {
      session.commit(gone, files);
    } catch (error) {
      // Nothing was stored: all of it is work again.
      for (const path of taken) this.#queue.add(path, 0);
      throw error;
    }
    this.#counts.added += known.filter((was) => !was).length;
    this.#counts.modified += known.filter((was) => was).length;
    this.#counts.removed += gone.length;
    for (const { file, chunks } of read) {
      this.#counts.chunked += chunks.length;
      this.#await(session.catalog.file(file.path)!.id, chunks);
    }
  }

  async #readFile(path: string): Promise<{ file: NewFile; chunks: readonly Chunk[] } | 'gone' | 'same'> {
    const { tree, session, languageOf, chunk } = this.#options;
    const entry = tree.file(path);
    if (entry === undefined) return 'gone';
    const read = await tree.read(path).catch(() => undefined);
    if (read === undefined) return 'gone';
    const languageId = languageOf(path);
    // A row without chunks, so that it is not read again at each start.
    if ('skipped' in read)
      return {
        file: { path, hash: entry.hash, language: languageId, modified: entry.modified, chunks: [], terms: [] },
        chunks: [],
      };
    if (session.catalog.file(path)?.hash === read.hash) return 'same';
    const chunks = await chunk({ path, languageId, text: read.text });
    const terms = chunks.map(({ start, end, symbol }) =>
      chunkTerms({
        path,
        language: languageId,
        text: read.text.slice(start, end),
        ...(symbol === undefined ? {} : { symbol }),
      }),
    );
    const rows = chunks.map(
      ({ startLine, endLine, start, end, kind, symbol }, index): ChunkRow => ({
        startLine,
        endLine,
        start,
        end,
        kind,
        ...(symbol === undefined ? {} : { symbol }),
        length: terms[index]!.length,
        simhash: terms[index]!.simhash,
      }),
    );
    return {
      file: { path, hash: read.hash, language: languageId, modified: entry.modified, chunks: rows, terms },
      chunks,
    };
  }

  /** Keeps the chunks of a file for its vectors, while there is room. */
  #await(file: number, chunks: readonly Chunk[]): void {
    if (this.#vectors === undefined || chunks.length === 0) return;
    const units = chunks.reduce((total, { embedText }) => total + embedText.length, 0);
    this.#waitingUnits += units;
    this.#waiting.set(file, chunks);
  }

  /** Makes the vectors of some files. @returns whether there was anything to do */
  async #embedSome(): Promise<boolean> {
    const { session, turn } = this.#options;
    const vectors = this.#vectors;
    if (vectors === undefined) return false;
    const { model } = vectors;
    const answers = vectors === this.#answering;
    const have = answers ? undefined : session.filesWithVectors(model);
    const isMissing = (file: { id: number; embedded: boolean; slots: readonly number[] }) =>
      file.slots.length > 0 && (have === undefined ? !file.embedded : !have.has(file.id));
    const missing = [...session.catalog.files].filter(isMissing);
    if (missing.length === 0) {
      if (!answers) this.#answer(vectors);
      return false;
    }
    const total = session.catalog.chunkCount;
    const left = missing.reduce((sum, file) => sum + file.slots.length, 0);
    const ready: { file: number; chunks: readonly Chunk[] }[] = [];
    let count = 0;
    for (const file of missing) {
      if (count >= Math.min(vectors.batch, VECTOR_CHUNKS)) break;
      const chunks = this.#waiting.get(file.id) ?? (await this.#chunksAgain(file.path, file.hash));
      if (chunks === undefined) continue;
      ready.push({ file: file.id, chunks });
      count += chunks.length;
    }
    this.#become('embedding', total - left, total);
    const all = ready.flatMap(({ chunks }) => chunks);
    const { vectors: made, cached } = await vectors.embedChunks(all, this.#stop.signal);
    // Another model was chosen meanwhile.
    if (vectors !== this.#vectors) return true;
    let at = 0;
    const rows = ready.map(({ file, chunks }) => {
      const data = packVectors(made.slice(at, at + chunks.length), model.dimensions);
      at += chunks.length;
      return { file, data };
    });
    session.addVectors(model, rows);
    for (const { file } of ready) this.#forget(file);
    this.#counts.cached += cached;
    this.#counts.embedded += all.length - cached;
    this.#options.onChange();
    await turn();
    return true;
  }

  /** The chunks of a file that was stored before. Where it has changed since, it becomes work for the first half of the loop. */
  async #chunksAgain(path: string, hash: string): Promise<readonly Chunk[] | undefined> {
    const { tree, languageOf, chunk, session } = this.#options;
    const read = await tree.read(path).catch(() => undefined);
    if (read !== undefined && !('skipped' in read) && read.hash === hash) {
      const chunks = await chunk({ path, languageId: languageOf(path), text: read.text });
      if (chunks.length === session.catalog.file(path)?.slots.length) return chunks;
      // Another version of the chunker wrote it.
      session.commit([path], []);
    }
    this.#queue.add(path, 0);
    return undefined;
  }

  #forget(file: number): void {
    this.#waitingUnits -= this.#waiting.get(file)?.reduce((total, { embedText }) => total + embedText.length, 0) ?? 0;
    this.#waiting.delete(file);
  }

  #answer(vectors: VectorSource): void {
    this.#answering = vectors;
    this.#options.session.answerWith(vectors.model);
    if (!this.#options.session.follower && this.#options.session.catalog.embeddedChunks > 0)
      this.#options.session.keepOnly(vectors.model);
  }

  /** As long as another process writes, looks now and then whether it is gone, and how far it is. */
  #lookForLead(): void {
    if (!this.#options.session.follower || this.#stop.signal.aborted) return;
    this.#cancelTimer = this.#options.after(LEAD_INTERVAL, () => {
      void this.#lookAtWriter().catch((error) => this.#fail(error));
    });
  }

  async #lookAtWriter(): Promise<void> {
    if (await this.#options.session.tryLead()) return this.reconcile();
    if (this.#reconciled) await this.#tellOfWriter();
    this.#lookForLead();
  }

  /** As a follower: what the store says against what the disk says is how far the one who writes is. */
  async #tellOfWriter(always = false): Promise<void> {
    const { session, tree, wallClock } = this.#options;
    await session.refresh();
    const { catalog, dataVersion } = session;
    if (!always && !this.#compared.stale && dataVersion === this.#compared.version) return;
    this.#compared = { version: dataVersion, stale: false };
    let [behind, total] = [0, 0];
    for (const { path, hash } of tree.files()) {
      total++;
      if (catalog.file(path)?.hash !== hash) behind++;
    }
    if (behind > 0) this.#become('indexing', total - behind, total);
    else if (!this.vectorsComplete) this.#become('embedding', catalog.embeddedChunks, catalog.chunkCount);
    else {
      this.#syncedAt = wallClock();
      this.#become('ready', 0, 0);
    }
  }

  /** As a follower: waits until the store says what the disk says. */
  async #awaitWriter(began: number, signal?: AbortSignal): Promise<SyncReport> {
    const { session, tree, now } = this.#options;
    await tree.reconcile(signal === undefined ? {} : { signal });
    this.#reconciled = true;
    for (;;) {
      signal?.throwIfAborted();
      this.#stop.signal.throwIfAborted();
      await session.refresh();
      const behind = [...tree.files()].some((file) => session.catalog.file(file.path)?.hash !== file.hash);
      if (!behind && this.vectorsComplete) break;
      if (await session.tryLead()) return this.sync(signal);
      await new Promise<void>((resolve) => this.#options.after(200, resolve, true));
      if (behind) await tree.reconcile(signal === undefined ? {} : { signal });
    }
    this.#syncedAt = this.#options.wallClock();
    this.#become('ready', 0, 0);
    const note = 'another process writes this index';
    return { added: 0, modified: 0, removed: 0, chunked: 0, embedded: 0, cached: 0, ms: now() - began, note };
  }
}
