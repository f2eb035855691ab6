import { describe, expect, test } from 'vitest';
import { type ChangeFacts, changeOrigin } from '../../src/sync/change-origin.ts';

const TYPED: ChangeFacts = {
  reason: undefined,
  edits: [[10, 10, 'x']],
  active: true,
  cursors: [10],
  suggested: undefined,
  lengthBefore: 1_000,
};

describe('who made a change', () => {
  test.each<[name: string, change: Partial<ChangeFacts>, origin: string]>([
    ['one key', {}, 'typed'],
    ['Backspace', { edits: [[9, 10, '']] }, 'typed'],
    ['Enter with indentation', { edits: [[10, 10, '\n    ']] }, 'typed'],
    ['a bracket that closes itself', { edits: [[10, 10, '()']] }, 'typed'],
    ['a word from the suggest widget', { edits: [[7, 10, 'querySelectorAll']] }, 'typed'],
    [
      'a tag that is renamed along',
      {
        edits: [
          [10, 10, 'x'],
          [40, 40, 'x'],
        ],
        cursors: [10],
      },
      'tool',
    ],
    [
      'keys of two cursors',
      {
        edits: [
          [10, 10, 'x'],
          [40, 40, 'x'],
        ],
        cursors: [10, 40],
      },
      'typed',
    ],
    ['a line pasted', { edits: [[10, 10, 'const answer = compute(question) + fortyTwo;']] }, 'paste'],
    ['two lines pasted', { edits: [[10, 10, 'a();\nb();']] }, 'paste'],
    ['undo', { reason: 'undo' }, 'undo'],
    ['redo', { reason: 'redo' }, 'redo'],
    ['a refactoring in a file in the background', { active: false, cursors: [] }, 'tool'],
    [
      'a formatter',
      {
        edits: [
          [2, 4, ''],
          [300, 300, '  '],
          [700, 702, '\n'],
        ],
      },
      'tool',
    ],
    ['a formatter that replaces one stretch', { edits: [[300, 320, 'something else']] }, 'tool'],
    ['a revert', { edits: [[0, 1_000, 'all is different now']], cursors: [10] }, 'tool'],
    [
      'the suggestion accepted',
      { edits: [[10, 10, 'first + second;']], suggested: [[10, 10, 'first + second;']] },
      'accept',
    ],
    ['a word of it', { edits: [[10, 10, 'first']], suggested: [[10, 10, 'first + second;']] }, 'accept'],
    ['its first letter typed', { edits: [[10, 10, 'f']], suggested: [[10, 10, 'first + second;']] }, 'typed'],
    [
      'the rest of it after some was typed',
      { edits: [[12, 12, 'rst + second;']], cursors: [12], suggested: [[10, 12, 'first + second;']] },
      'accept',
    ],
    ['another text instead of it', { edits: [[10, 10, 'third;']], suggested: [[10, 10, 'first + second;']] }, 'typed'],
    [
      'a next edit accepted far from the cursor',
      { edits: [[500, 505, 'size']], suggested: [[500, 505, 'size']] },
      'accept',
    ],
  ])('%s', (_, change, origin) => {
    expect(changeOrigin({ ...TYPED, ...change })).toBe(origin);
  });
});
