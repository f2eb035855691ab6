import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FeedbackStore } from '../tab/feedback.ts';
import { type FeedbackFileSystem, feedbackFile } from '../tab/feedback-file.ts';

/** Where accepts and rejects of this user lie: `tab-feedback.jsonl` in the data folder. */
export function feedbackPath(dataDir: string): string {
  return join(dataDir, 'tab-feedback.jsonl');
}

export function openFeedback(dataDir: string, onProblem: (message: string) => void): FeedbackStore {
  return feedbackFile(feedbackPath(dataDir), nodeFeedbackFiles, onProblem);
}

/** The user's alone: the folder is made 0700, the file 0600. */
const nodeFeedbackFiles: FeedbackFileSystem = {
  read(file) {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  append(file, text) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, text, { mode: 0o600 });
  },
  replace(file, text) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
  },
  remove(file) {
    rmSync(file, { force: true });
  },
};
