import type { CodeIndex } from '../index/code-index.ts';
import { openIndexInThread } from '../index/start-thread.ts';
import { type IndexConfigOptions, indexConfig } from './index-config.ts';
import { writeIndexSettings } from './index-settings-file.ts';

/** The index of the editor: in a thread of its own, following the disk. Its settings are kept for the command line. */
export async function openIndexForEditor(
  options: Omit<IndexConfigOptions, 'follow'>,
  onProblem: (message: string) => void,
): Promise<CodeIndex> {
  try {
    writeIndexSettings(options.dataDir, options.settings);
  } catch (error) {
    onProblem(`the settings of the index could not be kept for the command line: ${String(error)}`);
  }
  return openIndexInThread(indexConfig({ ...options, follow: true }), onProblem);
}
