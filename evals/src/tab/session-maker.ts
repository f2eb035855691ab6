import type { Document } from './documents.ts';
import type { ChangedFile } from './histories.ts';
import { stepsOf } from './hunks.ts';
import type { Session, SessionEvent } from './session.ts';

/**
 * A change typed as a person would: hunk by hunk, a replaced token by selecting it and typing, a short deletion by the backspace key, a
 * line break with the indentation that the editor adds. Now and then a hunk comes from elsewhere: at once, as `reset` (the file was read
 * again from disk) or by a tool.
 */
export function typingSession(
  change: readonly ChangedFile[],
  related: readonly Document[],
  { id, root, random }: { readonly id: string; readonly root: string; readonly random: () => number },
): Session {
  const events: SessionEvent[] = [];
  let t = 0;
  const push = (path: string, edit: readonly [number, number, string], origin = 'typed') => {
    t += origin === 'typed' ? 60 + Math.floor(180 * random()) : 0;
    events.push({ t, path, edits: [[...edit]], origin });
  };
  for (const { path, hunks } of change) {
    let shift = 0;
    for (const hunk of hunks) {
      // Looking for the place.
      t += 800 + Math.floor(3200 * random());
      const start = hunk.start + shift;
      const chance = random();
      if (chance < 0.06) push(path, [start, start + hunk.old.length, hunk.text], 'reset');
      else if (chance < 0.09) push(path, [start, start + hunk.old.length, hunk.text], 'tool');
      else for (const step of stepsOf(hunk, start)) for (const key of keysOf(step)) push(path, key);
      shift += hunk.text.length - hunk.old.length;
    }
  }
  const documents = [...change.map(({ path, before }) => ({ path, text: before })), ...related];
  return { id, documents, events, root };
}

/** The keys that make an edit, each relative to the text after the one before it. */
export function keysOf([start, end, text]: readonly [number, number, string]): readonly (readonly [
  number,
  number,
  string,
])[] {
  const keys: [number, number, string][] = [];
  const typed = text.match(/\r?\n[ \t]*|[\s\S]/gu) ?? [];
  if (typed.length === 0) {
    if (end - start > 8) return [[start, end, '']];
    for (let at = end; at > start; at--) keys.push([at - 1, at, '']);
    return keys;
  }
  let at = start;
  for (const [index, key] of typed.entries()) {
    keys.push(index === 0 ? [start, end, key] : [at, at, key]);
    at += key.length;
  }
  return keys;
}
