import { z } from 'zod';
import type { FeedbackEntry, FeedbackStore } from './feedback.ts';

/** The few file operations the store needs; `node:fs` in the engine, a map in tests. */
export interface FeedbackFileSystem {
  /** The text, or `undefined` when there is no such file. */
  read(file: string): string | undefined;
  append(file: string, text: string): void;
  /** Atomic: temporary file, then rename. */
  replace(file: string, text: string): void;
  remove(file: string): void;
}

/** Beyond this the older half is dropped (bytes). */
export const FEEDBACK_LIMIT = 1_000_000;
const IN_MEMORY = 4_000;

const Entry = z.object({
  at: z.number(),
  source: z.string(),
  language: z.string(),
  outcome: z.enum(['accepted', 'accepted-part', 'rejected', 'ignored']),
  confidence: z.number(),
  score: z.number(),
  features: z.record(z.string(), z.number()),
});

/**
 * Feedback as one JSON object a line, appended, so that a crash loses at most the line being written; such a torn line is left out on reading. When the disk
 * refuses, feedback stays in memory and `onProblem` hears of it once.
 */
export function feedbackFile(
  file: string,
  fs: FeedbackFileSystem,
  onProblem: (message: string) => void,
  limit: number = FEEDBACK_LIMIT,
): FeedbackStore {
  let entries: FeedbackEntry[] = [];
  let bytes = 0;
  let broken = false;
  const attempt = (what: string, work: () => void) => {
    if (broken) return;
    try {
      work();
    } catch (error) {
      broken = true;
      onProblem(`${what} ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  attempt('cannot read', () => {
    const text = fs.read(file) ?? '';
    bytes = Buffer.byteLength(text);
    entries = text.split('\n').flatMap(parseLine);
    // A torn last line would swallow the next entry.
    if (text !== '' && !text.endsWith('\n')) replaceAll();
  });

  function replaceAll(): void {
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    fs.replace(file, text);
    bytes = Buffer.byteLength(text);
  }

  return {
    get entries() {
      return entries;
    },
    file,
    get bytes() {
      return bytes;
    },
    record(entry) {
      entries.push(entry);
      // A disk that refuses must not make memory grow instead.
      if (broken && entries.length > IN_MEMORY) entries = entries.slice(-IN_MEMORY / 2);
      attempt('cannot write', () => {
        const line = `${JSON.stringify(entry)}\n`;
        fs.append(file, line);
        bytes += Buffer.byteLength(line);
        if (bytes > limit) {
          entries = entries.slice(Math.ceil(entries.length / 2));
          replaceAll();
        }
      });
    },
    clear() {
      entries = [];
      bytes = 0;
      broken = false;
      attempt('cannot remove', () => fs.remove(file));
    },
  };
}

function parseLine(line: string): FeedbackEntry[] {
  if (line.trim() === '') return [];
  try {
    const parsed = Entry.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
