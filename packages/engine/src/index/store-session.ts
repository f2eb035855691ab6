import { Catalog } from './retrieve/catalog.ts';
import { compactPostings, wantsCompaction } from './store/compact.ts';
import { type Lease, openLease } from './store/lease.ts';
import { StoreError } from './store/sqlite.ts';
import {
  type IndexStore,
  type NewFile,
  openStore,
  openStoreToRead,
  type OpenStoreOptions,
  removeStore,
  type StoredVectors,
} from './store/store.ts';

export interface SessionOptions {
  /** Where the state of this root lies; made where it is not there. */
  readonly folder: string;
  readonly store?: OpenStoreOptions;
}

/** The model whose vectors answer at the moment. */
export interface AnsweringModel {
  readonly name: string;
  readonly dimensions: number;
}

/**
 * The store of one root as this process sees it: as the one that writes it, or as one that reads along while another does. The catalog is its mirror in
 * memory: every change goes to disk first.
 */
export class StoreSession {
  readonly catalog = new Catalog();
  readonly #options: SessionOptions;
  readonly #lease: Lease;
  #store: IndexStore | undefined;
  #model: AnsweringModel | undefined;
  #dataVersion = -1;
  /** Number of the model whose vectors are in the store and not in memory yet. */
  #expected: number | undefined;
  #note: string | undefined;

  /** @throws StoreError where the folder cannot be used */
  static async open(options: SessionOptions): Promise<StoreSession> {
    const { mkdir } = await import('node:fs/promises');
    await mkdir(options.folder, { recursive: true }).catch((error: unknown) => {
      throw new StoreError('unwritable', `the folder of the index cannot be made: ${(error as Error).message}`, error);
    });
    const session = new StoreSession(options, await openLease(options.folder));
    if (!(await session.tryLead())) await session.refresh();
    return session;
  }

  private constructor(options: SessionOptions, lease: Lease) {
    this.#options = options;
    this.#lease = lease;
  }

  /** Another process writes. */
  get follower(): boolean {
    return !this.#lease.held;
  }

  /** As a follower: another number whenever the writer has written something that was taken in. */
  get dataVersion(): number {
    return this.#dataVersion;
  }

  /** What happened to the store, if anything: it was built anew, and why. */
  get note(): string | undefined {
    return this.#note;
  }

  get model(): AnsweringModel | undefined {
    return this.#model;
  }

  /** Takes the lease where it is free; then this process writes. @returns whether it does */
  async tryLead(): Promise<boolean> {
    if (!this.follower) return true;
    if (!this.#lease.tryTake()) return false;
    this.#store?.close();
    this.#store = undefined;
    try {
      const { store, note } = await openStore(this.#options.folder, this.#options.store);
      this.#store = store;
      if (note !== undefined) this.#note = note;
      this.#load();
    } catch (error) {
      if (!(error instanceof StoreError) || error.fault !== 'corrupt') {
        this.#lease.release();
        throw error;
      }
      await this.recover(error);
    }
    return true;
  }

  /** Throws the damaged store away and begins an empty one. */
  async recover(reason: StoreError): Promise<void> {
    this.#note = `the index was built anew: ${reason.message}`;
    this.#store?.close();
    // Questions come meanwhile: there is nothing to ask.
    this.#store = undefined;
    this.#expected = undefined;
    this.catalog.clear();
    await removeStore(this.#options.folder);
    const { store } = await openStore(this.#options.folder, this.#options.store);
    this.#store = store;
    this.#load();
  }

  /** Takes in what the writing process has written since. Cheap where it has written nothing. */
  async refresh(): Promise<void> {
    if (!this.follower) return;
    if (this.#store === undefined) {
      this.#store = await openStoreToRead(this.#options.folder);
      this.#dataVersion = -1;
    }
    const store = this.#store;
    if (store === undefined) return;
    try {
      const version = store.dataVersion();
      if (version === this.#dataVersion) return;
      this.#dataVersion = version;
      if (this.catalog.fileCount === 0) this.#load();
      else this.#takeInChanges(store);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      // Thrown away and made anew by the writer, or it is just about to.
      store.close();
      this.#store = undefined;
      this.catalog.clear();
    }
  }

  #takeInChanges(store: IndexStore): void {
    const ids = store.fileIds();
    const there = new Set(ids);
    for (const file of [...this.catalog.files]) if (!there.has(file.id)) this.catalog.remove(file.id);
    for (const id of ids) {
      if (this.catalog.fileById(id) !== undefined) continue;
      const file = store.fileById(id);
      if (file !== undefined) this.catalog.add(file);
    }
    const number = this.#model && store.modelNamed(this.#model.name);
    if (this.#model === undefined || number === undefined) return;
    this.loadVectors();
    for (const id of store.vectorFiles(number))
      if (this.catalog.fileById(id)?.embedded === false) this.#loadVectors(store, number, id);
  }

  #load(): void {
    this.catalog.clear();
    for (const file of this.#store!.allFiles()) this.catalog.add(file);
    if (this.#model !== undefined) this.answerWith(this.#model);
  }

  /** From now on the vectors of this model answer, as far as they are there. */
  answerWith(model: AnsweringModel): void {
    this.#model = model;
    this.catalog.useModel(model.dimensions);
    this.#expected = this.#store?.modelNamed(model.name);
    if (this.#expected === undefined) return;
    for (const id of this.#store!.vectorFiles(this.#expected)) this.catalog.expectVectors(id);
  }

  /** Brings all vectors into memory: the first search by meaning waits for that, and opening does not. @throws StoreError */
  loadVectors(): void {
    const model = this.#expected;
    if (model === undefined || this.#store === undefined) return;
    this.#expected = undefined;
    this.#loadVectors(this.#store, model);
  }

  #loadVectors(store: IndexStore, model: number, file?: number): void {
    const count = (id: number) => this.catalog.fileById(id)?.slots.length;
    for (const { file: id, data } of store.vectors(model, this.#model!.dimensions, count, file))
      this.catalog.setVectors(id, data);
  }

  /** Blobs of a term, see `PostingsWriter`. */
  readonly postings = (term: string): readonly Uint8Array[] => this.#store?.postings(term) ?? [];

  /** @throws StoreError; where the disk is full, nothing has changed */
  commit(removed: readonly string[], added: readonly NewFile[]): void {
    const stored = this.#written().commit(removed, added);
    for (const path of removed) {
      const file = this.catalog.file(path);
      if (file !== undefined) this.catalog.remove(file.id);
    }
    for (const file of stored) this.catalog.add(file);
  }

  /** Keeps vectors of a model, and uses them where it is the one that answers. @throws StoreError */
  addVectors(model: AnsweringModel, rows: readonly StoredVectors[]): void {
    const store = this.#written();
    store.addVectors(store.model(model.name, model.dimensions), rows);
    if (model.name !== this.#model?.name) return;
    for (const { file, data } of rows) this.catalog.setVectors(file, data);
  }

  /** Ids of the files that have vectors of a model. */
  filesWithVectors(model: AnsweringModel): ReadonlySet<number> {
    const number = this.#store?.modelNamed(model.name);
    return new Set(number === undefined ? [] : this.#store!.vectorFiles(number));
  }

  /** Forgets the vectors of all models but this. */
  keepOnly(model: AnsweringModel): void {
    const store = this.#written();
    store.keepModel(store.model(model.name, model.dimensions));
  }

  /** Merges postings in slices where there are many small ones. */
  async compact(turn: () => Promise<void>): Promise<void> {
    const store = this.#written();
    if (wantsCompaction(store)) await compactPostings(store, (chunk) => this.catalog.slotOf(chunk) >= 0, turn);
  }

  /** Bytes on disk. */
  bytes(): number {
    return this.#store?.bytes() ?? 0;
  }

  /** Empties store and catalog. */
  clear(): void {
    this.#written().clear();
    this.catalog.clear();
    if (this.#model !== undefined) this.answerWith(this.#model);
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
    this.#lease.close();
  }

  #written(): IndexStore {
    if (this.follower || this.#store === undefined) throw new StoreError('busy', 'another process writes this index');
    return this.#store;
  }
}
