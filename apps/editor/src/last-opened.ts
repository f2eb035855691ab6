import { readFileSync, writeFileSync } from 'node:fs';

export interface LastOpened {
  /** Remembers what a start page shows; `ew` (an empty window was asked for) forgets it. */
  write(query: URLSearchParams): void;
  /** A query like `?folder=…`, or undefined when nothing is remembered. */
  read(): string | undefined;
}

/** Which folder or workspace to open when none is named, kept in a file. An unreadable file counts as none. */
export function lastOpened(path: string): LastOpened {
  return {
    write(query) {
      const kept: Record<string, string> = {};
      for (const key of ['folder', 'workspace']) {
        const value = query.get(key);
        if (value !== null) kept[key] = value;
      }
      try {
        writeFileSync(path, JSON.stringify(kept), { mode: 0o600 });
      } catch {
        // Only a convenience is lost: a full disk must not keep the page from opening.
      }
    },
    read() {
      try {
        const kept = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
        for (const key of ['folder', 'workspace']) {
          const value = kept[key];
          if (typeof value === 'string' && value !== '') return `?${key}=${encodeURIComponent(value)}`;
        }
      } catch {
        return undefined;
      }
      return undefined;
    },
  };
}
