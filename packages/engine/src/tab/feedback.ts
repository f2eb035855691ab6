/** What became of a suggestion that was shown. */
export type Outcome = 'accepted' | 'accepted-part' | 'rejected' | 'ignored';

/**
 * One line of the feedback file (JSON, one object a line). Holds numbers and names of ours only: no code, no paths.
 */
export interface FeedbackEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: string;
  readonly language: string;
  readonly outcome: Outcome;
  /** P(accept) as shown, 0..1, and the source's own estimate before calibration. */
  readonly confidence: number;
  readonly score: number;
  readonly features: Readonly<Record<string, number>>;
}

export interface SourceCounts {
  readonly source: string;
  readonly shown: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly ignored: number;
}

/** Where feedback is kept; on disk in the engine (`feedback-file.ts`), in memory in tests and in `tabstop predict`. */
export interface FeedbackStore {
  readonly entries: readonly FeedbackEntry[];
  /** Where the entries lie, for the user to look at; empty in memory. */
  readonly file: string;
  readonly bytes: number;
  record(entry: FeedbackEntry): void;
  clear(): void;
}

export function memoryFeedback(): FeedbackStore {
  let entries: FeedbackEntry[] = [];
  return {
    get entries() {
      return entries;
    },
    file: '',
    get bytes() {
      return 0;
    },
    record(entry) {
      entries = [...entries, entry].slice(-1_000);
    },
    clear() {
      entries = [];
    },
  };
}

/** Counts by source, the most shown first. */
export function countBySource(entries: readonly FeedbackEntry[]): readonly SourceCounts[] {
  const bySource = new Map<string, { shown: number; accepted: number; rejected: number; ignored: number }>();
  for (const { source, outcome } of entries) {
    const counts = bySource.get(source) ?? { shown: 0, accepted: 0, rejected: 0, ignored: 0 };
    counts.shown++;
    if (outcome === 'rejected') counts.rejected++;
    else if (outcome === 'ignored') counts.ignored++;
    else counts.accepted++;
    bySource.set(source, counts);
  }
  return [...bySource].map(([source, counts]) => ({ source, ...counts })).sort((a, b) => b.shown - a.shown);
}
