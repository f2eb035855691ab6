import { applyEdits, type Edit, EditError } from './edits.ts';

export interface Document {
  readonly path: string;
  readonly text: string;
}

export interface DocumentEvent {
  readonly path: string;
  readonly edits: readonly Edit[];
}

/** Texts by path. */
export type Documents = ReadonlyMap<string, string>;

/** @throws EditError where a path comes twice: which text would be meant is not known */
export function documentsOf(documents: readonly Document[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { path, text } of documents) {
    if (texts.has(path)) throw new EditError(`document ${path} is given twice`);
    texts.set(path, text);
  }
  return texts;
}

/**
 * The texts after the events. A path not seen before is what `elsewhere` holds of it (the file under the root of a case), or an empty text.
 * @throws EditError naming the event that does not fit
 */
export function afterEvents(
  documents: Documents,
  events: readonly DocumentEvent[],
  elsewhere: (path: string) => string | undefined = () => undefined,
): Map<string, string> {
  const texts = new Map(documents);
  for (const [index, event] of events.entries()) {
    try {
      texts.set(event.path, applyEdits(texts.get(event.path) ?? elsewhere(event.path) ?? '', event.edits));
    } catch (error) {
      if (error instanceof EditError) throw new EditError(`event ${index} on ${event.path}: ${error.message}`);
      throw error;
    }
  }
  return texts;
}

/** What an outcome (edits in one or more files) makes of the texts: only the files whose text it changes. @throws EditError */
export function outcomeOf(
  texts: Documents,
  changes: readonly DocumentEvent[],
  elsewhere: (path: string) => string | undefined = () => undefined,
): Map<string, string> {
  const before = (path: string) => texts.get(path) ?? elsewhere(path) ?? '';
  const byPath = new Map<string, Edit[]>();
  for (const { path, edits } of changes) byPath.set(path, [...(byPath.get(path) ?? []), ...edits]);
  const after = new Map<string, string>();
  for (const [path, edits] of byPath) {
    const text = applyEdits(before(path), edits);
    if (text !== before(path)) after.set(path, text);
  }
  return after;
}

export function sameOutcome(a: Documents, b: Documents): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}
