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
  readonly index: IndexConfiguration;
  readonly logLevel: LogLevel;
}

export interface IndexConfiguration {
  readonly enabled: boolean;
  /** Kilobytes (1,024 bytes); longer files are left out. */
  readonly maxFileSize: number;
  readonly embedding: {
    readonly address: string;
    readonly model: string;
    readonly dimensions: number;
    readonly keyVariable: string;
  };
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
    index: {
      enabled: section.get('index.enabled', true),
      maxFileSize: atLeast(1, section.get('index.maxFileSize'), 1_024),
      embedding: {
        address: text(section.get('index.embedding.address')),
        model: text(section.get('index.embedding.model')),
        dimensions: Math.floor(atLeast(0, section.get('index.embedding.dimensions'), 0)),
        keyVariable: text(section.get('index.embedding.keyVariable')),
      },
    },
    logLevel: section.get('engine.logLevel', 'info'),
  };
}

/**
 * What the engine is told. Snoozing is ours alone: the engine goes on learning from edits. `embeddingKey` comes from the secret storage, never from a settings file.
 */
export function engineSettings(configuration: TabConfiguration, embeddingKey = ''): Settings {
  const { index } = configuration;
  return {
    tab: {
      enabled: configuration.enabled,
      disabledLanguages: [...configuration.disabledLanguages],
      disabledSources: [...configuration.disabledSources],
      minConfidence: configuration.minConfidence,
    },
    index: {
      enabled: index.enabled,
      maxFileSize: Math.round(index.maxFileSize * 1_024),
      embedding: { ...index.embedding, key: embeddingKey },
    },
  };
}

/** Settings files are written by hand: what does not fit is left out, not followed into an error. */
function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function atLeast(least: number, value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= least && value < 1e9 ? value : otherwise;
}

function milliseconds(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? Math.min(value, 5_000) : 600;
}

function fraction(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : 0.25;
}
