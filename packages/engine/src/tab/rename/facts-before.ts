import type { Text } from '@codemirror/state';
import type { Location } from '../../workspace/language-facts.ts';
import { isKeyword } from '../../workspace/languages.ts';
import { wordAt } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';
import type { Rename } from './detect.ts';

/** Milliseconds that a language server has for one answer. */
const FACTS_BUDGET = 30;

/** What a language server said of the name at an offset of a text; `null` while it is asked. Goes with the text. */
export type KnownReferences = WeakMap<Text, Map<number, readonly Location[] | null>>;

/** References as they were before the rename: asked of facts that can tell, else what they told while the cursor rested on the name. */
export async function locationsOf(
  references: KnownReferences,
  context: TabContext,
  rename: Rename,
  signal: AbortSignal,
): Promise<readonly Location[] | undefined> {
  const known = references.get(rename.before)?.get(rename.offset) ?? undefined;
  if (known || !context.facts.withTexts) return known;
  const texts = new Map<string, string>();
  for (const edit of context.snapshot.history.edits)
    if (edit.id >= rename.firstId && !texts.has(edit.path))
      texts.set(edit.path, edit.before.sliceString(0, undefined, '\n'));
  const asked = context.facts.withTexts(texts).references(rename.path, rename.offset, signal);
  const kept = asked.then((found) => {
    // What comes too late for this answer is there for the next.
    if (found) remember(references, rename.before, rename.offset, found);
    return found;
  });
  return inTime(kept, FACTS_BUDGET);
}

function remember(
  references: KnownReferences,
  text: Text,
  offset: number,
  locations: readonly Location[] | null,
): void {
  const known = references.get(text) ?? new Map<number, readonly Location[] | null>();
  references.set(text, known.set(offset, locations));
}

function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return Promise.race([promise.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

/**
 * In the editor a language server answers for the text of now, in which a rename has already broken the references. So it is asked while the cursor
 * rests on a name that nobody has changed yet.
 */
export function prefetch(
  references: KnownReferences,
  context: TabContext,
  renames: readonly Rename[],
  signal: AbortSignal,
): void {
  const { document, cursor, facts } = context;
  if (facts.withTexts) return;
  const line = document.text.lineAt(Math.min(cursor.offset, document.length));
  const word = wordAt(line.text, cursor.offset - line.from);
  if (!word || isKeyword(document.languageId, word.text)) return;
  const start = line.from + word.start;
  if (references.get(document.text)?.has(start)) return;
  if (renames.some((rename) => rename.path === document.path && rename.now === start)) return;
  remember(references, document.text, start, null);
  const forget = () => references.get(document.text)?.delete(start);
  facts
    .references(document.path, start, signal)
    .then((found) => (found ? remember(references, document.text, start, found) : forget()), forget);
}
