import { languageOf } from '../../workspace/languages.ts';
import { givingWay } from '../give-way.ts';
import type { TabContext } from '../source.ts';
import { sameImportFamily } from './imports/syntax-of.ts';

/** Files looked into for one name. */
const FILES = 12;
const MAX_UNITS = 200_000;

export interface ProjectText {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

/** The files that hold `name`, in languages that can import from `languageId`: open ones first, then from disk; a dozen at most. Ends when the signal aborts. */
export async function* textsWith(
  context: TabContext,
  name: string,
  languageId: string,
  except: string,
  signal: AbortSignal,
): AsyncIterable<ProjectText> {
  let count = 0;
  const giveWay = givingWay(context.now);
  for (const document of context.snapshot.documents.values()) {
    if (document.path === except || (document.exclusion && document.exclusion !== 'read-only')) continue;
    if (document.length > MAX_UNITS || !sameImportFamily(document.languageId, languageId)) continue;
    if (!document.content.includes(name)) continue;
    yield { path: document.path, languageId: document.languageId, text: document.content };
    if (++count >= FILES) return;
  }
  for (const path of context.lexicon.filesWith(name, FILES * 4)) {
    if (count >= FILES || signal.aborted) return;
    if (path === except || context.snapshot.documents.has(path)) continue;
    const other = languageOf(path);
    if (!sameImportFamily(other, languageId)) continue;
    count++;
    const text = await context.files.read(path);
    await giveWay();
    if (signal.aborted) return;
    if (text !== undefined && text.length <= MAX_UNITS) yield { path, languageId: other, text };
  }
}
