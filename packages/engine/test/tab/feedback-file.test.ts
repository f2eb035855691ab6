import { describe, expect, test } from 'vitest';
import type { FeedbackEntry } from '../../src/tab/feedback.ts';
import { feedbackFile, type FeedbackFileSystem } from '../../src/tab/feedback-file.ts';

const entry = (at: number): FeedbackEntry => ({
  at,
  source: 'rename',
  language: 'go',
  outcome: 'accepted',
  confidence: 0.5,
  score: 0.4,
  features: { near: 1 },
});

function memoryDisk(initial?: string) {
  const disk = { text: initial, full: false };
  const fs: FeedbackFileSystem = {
    read: () => disk.text,
    append(_file, text) {
      if (disk.full) throw new Error('ENOSPC: no space left on device');
      disk.text = (disk.text ?? '') + text;
    },
    replace(_file, text) {
      disk.text = text;
    },
    remove() {
      disk.text = undefined;
    },
  };
  return { disk, fs };
}

describe('feedback on disk', () => {
  test('is read back by the next process', () => {
    const { fs } = memoryDisk();
    const first = feedbackFile('f', fs, () => {});
    first.record(entry(1));
    first.record(entry(2));
    expect(feedbackFile('f', fs, () => {}).entries).toEqual([entry(1), entry(2)]);
  });

  test('a line torn by a crash and lines of others are left out, and the next entry is not lost with them', () => {
    const { fs } = memoryDisk(`${JSON.stringify(entry(1))}\n{"at":5}\nnot json\n{"at":2,"sour`);
    feedbackFile('f', fs, () => {}).record(entry(3));
    expect(feedbackFile('f', fs, () => {}).entries).toEqual([entry(1), entry(3)]);
  });

  test('stays within its limit by dropping the older half', () => {
    const { fs, disk } = memoryDisk();
    const store = feedbackFile('f', fs, () => {}, 1_000);
    for (let at = 0; at < 50; at++) store.record(entry(at));
    expect(disk.text!.length).toBeLessThanOrEqual(1_000);
    expect(store.entries.at(-1)).toEqual(entry(49));
    expect(store.bytes).toBe(disk.text!.length);
  });

  test('a full disk is said once, and feedback goes on in memory', () => {
    const problems: string[] = [];
    const { fs, disk } = memoryDisk();
    const store = feedbackFile('f', fs, (message) => problems.push(message));
    disk.full = true;
    store.record(entry(1));
    store.record(entry(2));
    expect(problems).toEqual(['cannot write f: ENOSPC: no space left on device']);
    expect(store.entries).toHaveLength(2);
  });

  test('is gone after clearing', () => {
    const { fs, disk } = memoryDisk();
    const store = feedbackFile('f', fs, () => {});
    store.record(entry(1));
    store.clear();
    expect([store.entries, store.bytes, disk.text]).toEqual([[], 0, undefined]);
  });
});
