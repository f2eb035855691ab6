import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IndexSettings } from '@tabstop/protocol';

/**
 * What the editor's settings say of the index, kept in the data folder for the command line: both then use one store, and neither embeds anew what the other has embedded.
 * The key of a service is never in it.
 */
export function indexSettingsFile(dataDir: string): string {
  return join(dataDir, 'index-settings.json');
}

/** The settings of the editor; the defaults where there are none, or where the file cannot be read. */
export function readIndexSettings(dataDir: string): IndexSettings {
  try {
    const kept = IndexSettings.safeParse(JSON.parse(readFileSync(indexSettingsFile(dataDir), 'utf8')));
    if (kept.success) return { ...kept.data, embedding: { ...kept.data.embedding, key: '' } };
  } catch {
    // Not there, not readable, cut off: the same as never written.
  }
  return IndexSettings.parse({});
}

/** Replaced at once; the folder is made 0700, the file 0600. May throw the file system's errors. */
export function writeIndexSettings(dataDir: string, settings: IndexSettings): void {
  const text = `${JSON.stringify({ ...settings, embedding: { ...settings.embedding, key: undefined } }, null, 2)}\n`;
  const file = indexSettingsFile(dataDir);
  try {
    if (readFileSync(file, 'utf8') === text) return;
  } catch {
    // It will be written.
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}
