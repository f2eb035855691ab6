import type { TextEdit } from '../workspace/text-edit.ts';
import type { Suggestion } from './suggestion.ts';

/** Rejections remembered; older ones fall off. */
const CAPACITY = 200;

/**
 * Names a suggestion by what it does to which line, not by where it is: a rejected one stays rejected when it has moved, and, for text at the cursor, when more
 * of it has been typed since.
 */
export function signatureOf(path: string, text: string, edits: readonly TextEdit[]): string {
  const parts = edits.map(([start, end, inserted]) => {
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    const lineEnd = text.indexOf('\n', end);
    const before = text.slice(lineStart, start);
    const after = text.slice(end, lineEnd < 0 ? undefined : lineEnd);
    return `${before}${inserted}${after}`.trim();
  });
  return JSON.stringify([path, ...parts]);
}

/** A command is offered once for each change that calls for it; a peek once for each place. */
export function onceSignature({ path, command, cursorAfter }: Suggestion): string {
  return command
    ? JSON.stringify(['command', command.cwd, command.text, command.change])
    : JSON.stringify(['peek', path, cursorAfter]);
}

/** A place to go, named by its line, so that it stays rejected when the line moves. */
export function jumpSignature(path: string, text: string | undefined, target: number): string {
  if (text === undefined) return JSON.stringify(['jump', path, target]);
  const end = text.indexOf('\n', target);
  const line = text.slice(text.lastIndexOf('\n', target - 1) + 1, end < 0 ? undefined : end);
  return JSON.stringify(['jump', path, line.trim()]);
}

/** What the user has rejected; bounded. */
export interface RejectedSuggestions {
  add(signature: string): void;
  has(signature: string): boolean;
}

export function rejectedSuggestions(): RejectedSuggestions {
  const signatures = new Set<string>();
  return {
    add(signature) {
      signatures.delete(signature);
      signatures.add(signature);
      if (signatures.size > CAPACITY) signatures.delete(signatures.values().next().value!);
    },
    has: (signature) => signatures.has(signature),
  };
}
