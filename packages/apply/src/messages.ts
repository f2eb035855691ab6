import type { FailureReason } from './edit.ts';

/** What to tell a model that wrote the hunk, so that its next try can be placed. */
export const FAILURE_MESSAGES: Record<FailureReason, string> = {
  missing:
    'The old text is not in the file. Copy it from the file, letter by letter; the nearest places are in `candidates`.',
  ambiguous: 'The old text fits several places of the file. Add lines around it until only one place fits.',
  empty: 'Nothing says where the text goes. Give at least one line of the file next to it.',
  truncated: 'The block was cut off. Send it again in full.',
  malformed: 'The block lacks a part (divider, old or new text, or valid JSON). Send it again in the format.',
  overlap: 'Another hunk changes the same lines. Join the two.',
  indentation: 'The place is known, the indentation of the new lines is not. Indent the block as the file does.',
  changed: 'Lines to be replaced differ from those in the file. Copy the old text from the file as in `candidates`.',
  'already-applied': 'The file already has the new text.',
  conflict: 'The file was changed at this place since it was read. Read it again.',
  deletion:
    'The snippet leaves out lines of the file without a placeholder. Mark what stays with a placeholder comment.',
  syntax: 'The result would not parse. Send the whole function or file.',
  'too-large': 'The edit or the file is too large.',
  'no-edit': 'Nothing in the answer is an edit of this file.',
};
