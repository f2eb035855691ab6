import type { IndexStatusParams } from '@tabstop/protocol';
import type { EngineState } from '../engine/supervisor.ts';

export interface IndexModel {
  readonly engine: EngineState;
  readonly status: IndexStatusParams | undefined;
}

export type IndexAction = 'pause' | 'resume' | 'rebuild' | 'delete' | 'folder' | 'settings' | 'log' | 'restart';

export interface IndexText {
  readonly headline: string;
  /** What it means for the user, or what to do. */
  readonly detail: string;
  readonly tone: 'normal' | 'busy' | 'warning' | 'error';
  /** 0 to 1; -1 where it is not known how much there is. */
  readonly progress: number | undefined;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly actions: readonly IndexAction[];
  /** One line for the search view: whether its answers are all there is. */
  readonly short: string;
  /** Files that were left out; they can be asked for. */
  readonly skipped: number;
}

/** Pure: what the views say about the index at `now` (milliseconds since 1970). */
export function indexText({ engine, status }: IndexModel, now: number): IndexText {
  if (engine.kind !== 'ready') return withoutEngine(engine);
  if (!status || status.state === 'waiting')
    return plain('Opened in a moment', 'The editor starts first.', 'busy', 'The index is opened in a moment.', []);
  const say = (
    headline: string,
    detail: string,
    tone: IndexText['tone'],
    short: string,
    actions: readonly IndexAction[],
  ): IndexText => ({
    ...plain(headline, detail, tone, short, actions),
    progress: tone === 'busy' ? progressOf(status) : undefined,
    facts: facts(status, now),
    skipped: status.skipped,
  });
  const percent =
    status.total > 0 ? ` ${Math.floor((Math.min(status.done, status.total) / status.total) * 100)} %` : '';
  const failure = status.problem ? `${status.problem}` : 'The log tells more.';
  switch (status.state) {
    case 'off':
      return plain(
        'Switched off',
        'Nothing is indexed; search and related files are not available.',
        'normal',
        'The index is switched off.',
        ['settings'],
      );
    case 'no-folder':
      return plain(
        'No folder is open',
        'Open one, and it can be searched by meaning a moment later.',
        'normal',
        'No folder is open.',
        ['folder'],
      );
    case 'starting':
      return say('Opening', 'What is stored is being read.', 'busy', 'The index is being opened.', ['pause']);
    case 'reconciling':
      return say('Looking for changes', 'Files are compared with what is stored.', 'busy', 'Looking for changes…', [
        'pause',
      ]);
    case 'indexing':
      return say(
        `Indexing${percent}`,
        `${of(status)} files. What is read already can be searched.`,
        'busy',
        `Indexing${percent}: not everything is found yet.`,
        ['pause'],
      );
    case 'embedding':
      return say(
        `Reading for meaning${percent}`,
        `${of(status)} chunks. Words are found already.`,
        'busy',
        `Reading for meaning${percent}: found by words so far.`,
        ['pause'],
      );
    case 'paused':
      return status.files === 0
        ? say(
            'Paused, and empty',
            'Nothing is stored. Resume indexes the folder anew.',
            'warning',
            'The index is paused, and empty.',
            ['resume'],
          )
        : say(
            'Paused',
            'Newer changes are not taken in; what is found is checked against the disk before it is shown.',
            'warning',
            `Paused${since(status, now)}.`,
            ['resume', 'rebuild', 'delete'],
          );
    case 'failed':
      return say('Failed', failure, 'error', `The index failed: ${failure}`, ['rebuild', 'log']);
    case 'ready':
      return status.problem
        ? say('Ready, with a problem', status.problem, 'warning', `Ready, but: ${status.problem}`, [
            'pause',
            'rebuild',
            'delete',
            'log',
          ])
        : say(
            status.follower ? 'Up to date, kept by another window' : 'Up to date',
            status.note ?? 'It follows every change by itself.',
            'normal',
            `Up to date: ${count(status.files, 'file')}.`,
            ['pause', 'rebuild', 'delete'],
          );
  }
}

function withoutEngine(engine: EngineState): IndexText {
  if (engine.kind === 'refused')
    return plain('The engine refused to work', engine.reason, 'error', 'The engine refused to work.', ['log']);
  if (engine.kind === 'stopped')
    return plain('The engine is stopped', 'Search needs it.', 'warning', 'The engine is stopped.', ['restart', 'log']);
  if (engine.kind === 'waiting')
    return plain(
      'The engine is started again',
      `It stopped: ${engine.reason}`,
      'warning',
      'The engine is started again.',
      ['log'],
    );
  return plain('The engine is starting', '', 'busy', 'The engine is starting.', []);
}

function plain(
  headline: string,
  detail: string,
  tone: IndexText['tone'],
  short: string,
  actions: readonly IndexAction[],
): IndexText {
  return { headline, detail, tone, short, actions, facts: [], skipped: 0, progress: tone === 'busy' ? -1 : undefined };
}

function progressOf({ done, total }: IndexStatusParams): number {
  return total > 0 ? Math.min(1, done / total) : -1;
}

function of({ done, total }: IndexStatusParams): string {
  return `${number(Math.min(done, total))} of ${number(total)}`;
}

function facts(status: IndexStatusParams, now: number): IndexText['facts'] {
  const rows: (readonly [string, string])[] = [
    ['Files', number(status.files)],
    ['Chunks', number(status.chunks)],
    ['Meaning', meaning(status)],
  ];
  if (status.lastChange !== undefined) rows.push(['Last change', ago(status.lastChange, now)]);
  if (status.syncedAt !== undefined) rows.push(['In step', ago(status.syncedAt, now)]);
  if (status.bytes > 0) rows.push(['On disk', megabytes(status.bytes)]);
  if (status.follower) rows.push(['Written by', 'another window']);
  return rows;
}

function meaning({ chunks, embedded, model }: IndexStatusParams): string {
  if (chunks === 0) return '–';
  if (model === '' || model === 'none') return 'no model: words alone';
  return `${Math.floor((embedded / chunks) * 100)} % by ${model}`;
}

function since({ syncedAt }: IndexStatusParams, now: number): string {
  return syncedAt === undefined ? '' : ` since ${ago(syncedAt, now)}`;
}

/** Pure: `just now`, `40 s ago`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1_000));
  if (seconds < 5) return 'just now';
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 36 * 3_600) return `${Math.round(seconds / 3_600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

export function count(value: number, what: string): string {
  return `${number(value)} ${what}${value === 1 ? '' : 's'}`;
}

function megabytes(bytes: number): string {
  const size = bytes / 1024 / 1024;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}
