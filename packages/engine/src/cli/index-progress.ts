import type { Writable } from 'node:stream';
import type { CodeIndex, IndexStatus, SyncReport } from '../index/code-index.ts';
import { CommandError } from './io.ts';

export interface ProgressOptions {
  readonly stream: Writable;
  readonly quiet: boolean;
  /** Milliseconds. */
  readonly now: () => number;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly signal: AbortSignal;
  /** Milliseconds of silence at first: most calls find the index in step and have nothing to tell. */
  readonly patience: number;
  /** `text`: enough when words are indexed; what they mean is left for another time. */
  readonly until?: 'text' | 'meaning';
}

/**
 * Brings the index in step and tells how it goes: on a terminal one line that is drawn over, else a line for each phase.
 * Answers `undefined` where it stopped early, with what was asked for done. @throws CommandError where the index says that it failed.
 */
export async function syncTelling(index: CodeIndex, options: ProgressOptions): Promise<SyncReport | undefined> {
  const { stream, now } = options;
  const terminal = (stream as { isTTY?: boolean }).isTTY === true;
  const start = now();
  let drawn = '';
  let phase = '';
  const draw = (status: IndexStatus) => {
    if (options.quiet || now() - start < options.patience) return;
    if (terminal) {
      const line = `  ${bar(status)} ${phaseOf(status)}`;
      if (line !== drawn) stream.write(`\r\x1b[K${line}`);
      drawn = line;
      return;
    }
    const next = PHASES[status.state] ?? '';
    if (next !== '' && next !== phase) stream.write(`${next}${status.total > 0 ? ` ${count(status.total)}` : ''} …\n`);
    phase = next;
  };
  // What goes on without a change of the status is told as well, once the time of silence is over.
  const timer = options.setTimeout(() => draw(index.status()), options.patience);
  const enough = new AbortController();
  const { promise: stopped, resolve: stopEarly } = Promise.withResolvers<undefined>();
  const stop = index.onStatus((status) => {
    draw(status);
    if (options.until === 'text' && status.state === 'embedding') stopEarly(undefined);
  });
  try {
    const syncing = index.sync(AbortSignal.any([options.signal, enough.signal]));
    // It goes on for a moment after it was stopped; what it then throws is that.
    syncing.catch(() => {});
    const report = await Promise.race([syncing, stopped]);
    const { state, problem } = index.status();
    if (state === 'failed') throw new CommandError(problem ?? 'the index failed');
    return report;
  } finally {
    options.clearTimeout(timer);
    stop();
    enough.abort();
    if (drawn !== '') stream.write('\r\x1b[K');
  }
}

const PHASES: Readonly<Partial<Record<IndexStatus['state'], string>>> = {
  starting: 'opening the index',
  reconciling: 'looking at files',
  indexing: 'indexing files:',
  embedding: 'reading what they mean, chunks:',
};

const WIDTH = 24;

function bar({ done, total }: IndexStatus): string {
  const full = total > 0 ? Math.round((Math.min(done, total) / total) * WIDTH) : 0;
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
}

function phaseOf({ state, done, total }: IndexStatus): string {
  const phase = PHASES[state] ?? state;
  return total > 0 ? `${phase} ${count(done)} of ${count(total)}` : phase;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `2 added, 1 changed, 3 removed; 12 chunks embedded, 40 known already (0.4 s)` */
export function reportText(report: SyncReport): string {
  const files = [
    [report.added, 'added'],
    [report.modified, 'changed'],
    [report.removed, 'removed'],
  ]
    .filter(([many]) => many !== 0)
    .map(([many, what]) => `${count(many as number)} ${what}`);
  const chunks =
    report.embedded + report.cached > 0
      ? `; ${count(report.embedded)} chunks embedded, ${count(report.cached)} known already`
      : '';
  const note = report.note ? ` ${report.note}.` : '';
  return `${files.length === 0 ? 'nothing has changed' : files.join(', ')}${chunks} (${seconds(report.ms)}).${note}`;
}

export function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
