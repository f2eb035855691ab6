import { applyEdits, type TextEdit } from '../workspace/text-edit.ts';
import type { Suggestion } from './suggestion.ts';

/** Rejections remembered; older ones fall off. */
const CAPACITY = 200;

/**
 * Names what a suggestion makes of each line it touches, not where that is: what was rejected stays rejected when it has moved, when it comes as a part of another
 * suggestion, and, for text at the cursor, when more of it has been typed since.
 */
export function signaturesOf(path: string, text: string, edits: readonly TextEdit[]): readonly string[] {
  const groups: { start: number; end: number; edits: TextEdit[] }[] = [];
  for (const edit of edits) {
    const start = edit[0] === 0 ? 0 : text.lastIndexOf('\n', edit[0] - 1) + 1;
    const newline = text.indexOf('\n', edit[1]);
    const end = newline < 0 ? text.length : newline;
    const last = groups.at(-1);
    if (last && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.edits.push(edit);
    } else groups.push({ start, end, edits: [edit] });
  }
  return groups.map(({ start, end, edits: own }) => {
    const made = applyEdits(
      text.slice(start, end),
      own.map(([from, to, inserted]) => [from - start, to - start, inserted]),
    );
    return JSON.stringify([path, made.trim()]);
  });
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
