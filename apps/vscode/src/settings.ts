import type { LogLevel, Settings } from '@tabstop/protocol';
import * as vscode from 'vscode';

/** `tabstop.*` as the user has it for a document (or in general). */
export interface TabConfiguration {
  readonly enabled: boolean;
  readonly mode: 'eager' | 'subtle';
  readonly disabledLanguages: readonly string[];
  readonly disabledSources: readonly string[];
  readonly minConfidence: number;
  /** Milliseconds that Tab waits at most after suggestions that nobody wanted; 0: never. */
  readonly maxDelay: number;
  readonly modalEditing: 'auto' | 'off';
  readonly logLevel: LogLevel;
}

export function readConfiguration(): TabConfiguration {
  const section = vscode.workspace.getConfiguration('tabstop');
  return {
    enabled: section.get('tab.enabled', true),
    mode: section.get('tab.mode') === 'subtle' ? 'subtle' : 'eager',
    disabledLanguages: strings(section.get('tab.disabledLanguages')),
    disabledSources: strings(section.get('tab.disabledSources')),
    minConfidence: fraction(section.get('tab.minConfidence')),
    maxDelay: milliseconds(section.get('tab.maxDelay')),
    modalEditing: section.get('tab.modalEditing') === 'off' ? 'off' : 'auto',
    logLevel: section.get('engine.logLevel', 'info'),
  };
}

/** What the engine is told. Snoozing is ours alone: the engine goes on learning from edits. */
export function engineSettings(configuration: TabConfiguration): Settings {
  return {
    tab: {
      enabled: configuration.enabled,
      disabledLanguages: [...configuration.disabledLanguages],
      disabledSources: [...configuration.disabledSources],
      minConfidence: configuration.minConfidence,
    },
  };
}

/** Settings files are written by hand: what does not fit is left out, not followed into an error. */
function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function milliseconds(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? Math.min(value, 5_000) : 600;
}

function fraction(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : 0.25;
}
