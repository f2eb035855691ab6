/** Paths to be indexed: those that somebody looks at first, then the ones that changed last. Each is there once. */
export class WorkQueue {
  /** Path -> when it was modified. */
  readonly #paths = new Map<string, number>();
  #preferred: readonly string[] = [];
  /** Sorted, the next one last; made anew when it is used up. */
  #order: string[] = [];

  get size(): number {
    return this.#paths.size;
  }

  add(path: string, modified: number): void {
    if (!this.#paths.has(path) && this.#order.length > 0) this.#order.push(path);
    this.#paths.set(path, modified);
  }

  prefer(paths: readonly string[]): void {
    this.#preferred = paths;
    this.#order = [];
  }

  take(): string | undefined {
    for (;;) {
      const path = this.#order.pop();
      if (path === undefined) {
        if (this.#paths.size === 0) return undefined;
        this.#sort();
        continue;
      }
      if (this.#paths.delete(path)) return path;
    }
  }

  /** All has been taken in. */
  settle(): void {
    this.#order = [];
  }

  clear(): void {
    this.#paths.clear();
    this.#order = [];
  }

  #sort(): void {
    const rank = new Map(this.#preferred.map((path, index) => [path, index]));
    const of = (path: string) => rank.get(path) ?? Number.POSITIVE_INFINITY;
    this.#order = [...this.#paths]
      .sort(([a, aTime], [b, bTime]) => {
        const first = of(a);
        const second = of(b);
        return first === second ? bTime - aTime || (a < b ? -1 : 1) : first - second;
      })
      .map(([path]) => path)
      .reverse();
  }
}
