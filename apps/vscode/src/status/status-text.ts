import type { TabStatus } from '@tabstop/protocol';
import type { EngineState } from '../engine/supervisor.ts';

/** Everything the status bar item tells. */
export interface StatusModel {
  readonly engine: EngineState;
  readonly model: TabStatus | undefined;
  readonly enabled: boolean;
  readonly mode: 'eager' | 'subtle';
  /** Epoch milliseconds; `Infinity`: until the window is closed. */
  readonly snoozedUntil: number;
  /** Language of the active editor that is switched off, if it is. */
  readonly languageOff: string | undefined;
  /** The suggestion on display, or in subtle mode the one that waits. */
  readonly current: SuggestionSummary | undefined;
  readonly hidden: boolean;
  /** The last answer of the engine. */
  readonly last:
    | { readonly source: string | undefined; readonly ms: number; readonly silence: string | undefined }
    | undefined;
}

export interface SuggestionSummary {
  readonly source: string;
  readonly ms: number;
  readonly confidence: number;
  readonly walk: { readonly index: number; readonly total: number } | undefined;
}

export interface StatusText {
  readonly text: string;
  readonly lines: readonly string[];
  readonly severity: 'normal' | 'warning' | 'error';
}

/** Pure: what the item says at `now` (epoch milliseconds), the most pressing thing first. `lines` is for the tooltip. */
export function statusText(status: StatusModel, now: number): StatusText {
  const lines = [...engineLines(status), ...lastLines(status)];
  const say = (text: string, severity: StatusText['severity'] = 'normal'): StatusText => ({ text, lines, severity });
  const { engine, model, current } = status;
  if (engine.kind === 'refused') return say('$(error) Tab: engine refused', 'error');
  if (engine.kind === 'waiting') return say('$(warning) Tab: engine restarting', 'warning');
  if (engine.kind === 'stopped') return say('$(circle-slash) Tab: engine stopped', 'warning');
  if (!status.enabled) return say('$(circle-slash) Tab off');
  if (status.snoozedUntil > now) return say(`$(bell-slash) Tab snoozed${remaining(status.snoozedUntil, now)}`);
  if (status.languageOff) return say(`$(circle-slash) Tab off for ${status.languageOff}`);
  if (engine.kind === 'starting') return say('$(loading~spin) Tab: engine starting');
  if (current && status.hidden) return say(`$(keyboard-tab) ${current.source} waits · Alt+\\`);
  if (current) return say(`$(keyboard-tab) ${summary(current)}`);
  if (model?.state === 'building') return say(`$(loading~spin) Tab: reading project${percent(model.progress)}`);
  if (model?.state === 'failed') return say('$(warning) Tab: no project model', 'warning');
  return say('$(keyboard-tab) Tab');
}

export function summary({ source, walk, ms }: SuggestionSummary): string {
  const place = walk && walk.total > 1 ? ` ${walk.index} of ${walk.total}` : '';
  return `${source}${place} · ${milliseconds(ms)}`;
}

export function milliseconds(ms: number): string {
  return ms < 1 ? '<1 ms' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function engineLines({ engine, model, mode, snoozedUntil }: StatusModel): string[] {
  const lines: string[] = [];
  if (engine.kind === 'ready') lines.push(`Engine runs${engine.pid === undefined ? '' : ` (process ${engine.pid})`}`);
  if (engine.kind === 'starting') lines.push('Engine starts');
  if (engine.kind === 'waiting')
    lines.push(`Engine stopped: ${engine.reason}. It is started again; the editor works on.`);
  if (engine.kind === 'refused') lines.push(engine.reason);
  if (engine.kind === 'stopped') lines.push('Engine stopped');
  if (model?.state === 'building') lines.push(`Reading the project${percent(model.progress)}`);
  if (model?.state === 'ready' && model.files !== undefined)
    lines.push(`Knows ${model.files} ${model.files === 1 ? 'file' : 'files'}`);
  if (model?.state === 'failed') lines.push(`Project model: ${model.message ?? 'failed'}`);
  lines.push(mode === 'subtle' ? 'Subtle: shown on Alt+\\' : 'Eager: shown as soon as known');
  if (snoozedUntil === Number.POSITIVE_INFINITY) lines.push('Snoozed until the window is closed');
  return lines;
}

function lastLines({ current, last }: StatusModel): string[] {
  if (current) return [`Now: ${summary(current)}, ${Math.round(current.confidence * 100)} % likely`];
  if (!last) return [];
  if (last.source) return [`Last: ${last.source}, ${milliseconds(last.ms)}`];
  return [`Last: silent in ${milliseconds(last.ms)}${last.silence ? ` (${last.silence})` : ''}`];
}

function percent(progress: number | undefined): string {
  return progress === undefined ? '' : ` ${Math.round(progress * 100)} %`;
}

function remaining(until: number, now: number): string {
  if (until === Number.POSITIVE_INFINITY) return '';
  const minutes = Math.ceil((until - now) / 60_000);
  return minutes <= 90 ? ` ${minutes} min` : ` ${Math.round(minutes / 60)} h`;
}
