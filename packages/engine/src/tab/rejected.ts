import type { TextEdit } from '../workspace/text-edit.ts';

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
