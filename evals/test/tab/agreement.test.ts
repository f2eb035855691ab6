import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ComingEvent, comingAfterAccept } from '../../src/tab/agreement.ts';
import { afterEvents } from '../../src/tab/documents.ts';
import type { Edit } from '../../src/tab/edits.ts';

const SEED = 20_260_701;

/** What is still to come after the accept, as `path:edits`, or `undefined` where it is not agreed to. */
function check(given: { text: string; suggestion: Edit[]; recording: (Edit[] | { path: string; edits: Edit[] })[] }) {
  const coming: ComingEvent[] = given.recording.map((event) => ({
    path: 'path' in event ? event.path : 'a',
    edits: 'path' in event ? event.edits : event,
    absorbed: false,
  }));
  const texts = new Map([
    ['a', given.text],
    ['b', 'other'],
  ]);
  const suggestion = { path: 'a', edits: given.suggestion };
  const after = comingAfterAccept(texts, suggestion, coming);
  if (after) {
    expect(afterEvents(afterEvents(texts, [suggestion]), after)).toEqual(afterEvents(texts, coming));
  }
  return after?.map(({ edits, absorbed }) => (absorbed ? 'done' : JSON.stringify(edits)));
}

/** Keys of a text typed at an offset. */
function typed(at: number, text: string): Edit[][] {
  return [...text].map((character, index) => [[at + index, at + index, character]]);
}

describe('a suggestion that the recording goes on to make', () => {
  test('typed key by key at the cursor: every key is done', () => {
    expect(check({ text: 'f', suggestion: [[1, 1, 'oo']], recording: typed(1, 'oo') })).toEqual(['done', 'done']);
  });
  test('the beginning of what is typed: the rest is still to be typed, where it was', () => {
    expect(check({ text: '', suggestion: [[0, 0, 'ab']], recording: typed(0, 'abc') })).toEqual([
      'done',
      'done',
      '[[2,2,"c"]]',
    ]);
  });
  test('a word replaced by selecting and typing', () => {
    expect(
      check({ text: 'x = foo;', suggestion: [[4, 7, 'bar']], recording: [[[4, 7, 'b']], ...typed(5, 'ar')] }),
    ).toEqual(['done', 'done', 'done']);
  });
  test('a word deleted backwards and typed anew', () => {
    const recording: Edit[][] = [[[6, 7, '']], [[5, 6, '']], [[4, 5, '']], ...typed(4, 'bar')];
    expect(check({ text: 'x = foo;', suggestion: [[4, 7, 'bar']], recording })).toEqual(Array(6).fill('done'));
  });
  test('keys elsewhere in between stay keys, moved by what was accepted before them', () => {
    const recording = [[[0, 0, 'a']], [[9, 9, '!']], [[1, 1, 'b']]] as Edit[][];
    expect(check({ text: '12345678', suggestion: [[0, 0, 'ab']], recording })).toEqual([
      'done',
      '[[10,10,"!"]]',
      'done',
    ]);
  });
  test('keys in another file in between stay as they are', () => {
    const recording = [...typed(0, 'a'), { path: 'b', edits: [[0, 0, '?']] as Edit[] }, ...typed(1, 'b')];
    expect(check({ text: '', suggestion: [[0, 0, 'ab']], recording })).toEqual(['done', '[[0,0,"?"]]', 'done']);
  });
  test('two places in one suggestion, made one after the other', () => {
    const recording: Edit[][] = [[[0, 1, 'X']], [[4, 5, 'X']]];
    expect(
      check({
        text: 'a + a',
        suggestion: [
          [0, 1, 'X'],
          [4, 5, 'X'],
        ],
        recording,
      }),
    ).toEqual(['done', 'done']);
  });
  test('a bracket closed by the editor while the text inside is typed', () => {
    const recording: Edit[][] = [[[1, 1, '()']], [[2, 2, 'a']]];
    expect(check({ text: 'f', suggestion: [[1, 1, '(a)']], recording })).toEqual(['done', 'done']);
  });
  test('a whole line suggested where only a word of it is changed', () => {
    expect(check({ text: 'let a = 1;', suggestion: [[0, 10, 'let b = 1;']], recording: [[[4, 5, 'b']]] })).toEqual([
      'done',
    ]);
  });
  test('a repeated character put in at another of the places that give the same text', () => {
    expect(check({ text: 'f(a)', suggestion: [[3, 3, ')']], recording: [[[4, 4, ')']]] })).toEqual(['done']);
  });
  test('one event that replaces more than the suggestion does, with the same text around it', () => {
    expect(check({ text: 'let a = 1;', suggestion: [[4, 5, 'b']], recording: [[[0, 10, 'let b = 1;']]] })).toEqual([
      'done',
    ]);
  });
  test('a deletion', () => {
    expect(check({ text: 'abc', suggestion: [[1, 3, '']], recording: [[[2, 3, '']], [[1, 2, '']]] })).toEqual([
      'done',
      'done',
    ]);
  });
  test('text inserted before a replaced word is not of that word', () => {
    expect(check({ text: 'foo', suggestion: [[0, 3, 'bar']], recording: [[[0, 0, '(']], [[1, 4, 'bar']]] })).toEqual([
      '[[0,0,"("]]',
      'done',
    ]);
  });
  test('offsets count UTF-16 code units', () => {
    expect(
      check({ text: '🙂', suggestion: [[2, 2, '🚀!']], recording: [[[2, 2, '🚀']], [[4, 4, '!']], [[0, 0, '…']]] }),
    ).toEqual(['done', 'done', '[[0,0,"…"]]']);
  });
});

describe('a suggestion that the recording does not make is not accepted', () => {
  test.each<[string, Parameters<typeof check>[0]]>([
    ['other text', { text: '', suggestion: [[0, 0, 'ax']], recording: typed(0, 'ab') }],
    [
      'one of two places is never made',
      {
        text: 'a + a',
        suggestion: [
          [0, 1, 'X'],
          [4, 5, 'X'],
        ],
        recording: [[[0, 1, 'X']]],
      },
    ],
    [
      'typed, but deleted again soon after',
      { text: '', suggestion: [[0, 0, 'ab']], recording: [...typed(0, 'ab'), [[1, 2, '']], [[1, 1, 'c']]] },
    ],
    [
      'a deletion that is put back',
      { text: 'abc', suggestion: [[1, 2, '']], recording: [[[1, 2, '']], [[1, 1, 'b']]] },
    ],
    [
      'made only by the 61st event',
      {
        text: '',
        suggestion: [[0, 0, 'x']],
        recording: [
          ...Array.from({ length: 60 }, () => ({ path: 'b', edits: [[0, 0, '.']] as Edit[] })),
          ...typed(0, 'x'),
        ],
      },
    ],
    ['it changes nothing', { text: 'abc', suggestion: [[0, 3, 'abc']], recording: [[[0, 3, 'abc']]] }],
    ['it changes nothing, with no edits', { text: 'abc', suggestion: [], recording: typed(0, 'x') }],
    ['it does not fit the text', { text: 'abc', suggestion: [[2, 9, 'x']], recording: typed(0, 'x') }],
    ['nothing comes any more', { text: 'abc', suggestion: [[3, 3, 'd']], recording: [] }],
    [
      'the file is not the one edited',
      { text: '', suggestion: [[0, 0, 'x']], recording: [{ path: 'b', edits: [[0, 0, 'x']] }] },
    ],
  ])('%s', (_name, given) => {
    expect(check(given)).toBeUndefined();
  });
});

test('made by the 60th event is still in time', () => {
  const elsewhere = Array.from({ length: 59 }, () => ({ path: 'b', edits: [[0, 0, '.']] as Edit[] }));
  expect(check({ text: '', suggestion: [[0, 0, 'x']], recording: [...elsewhere, ...typed(0, 'x')] })?.at(-1)).toBe(
    'done',
  );
});

test('whatever is accepted, the events still to come end in the recorded text', () => {
  const edit = fc.tuple(fc.nat(), fc.nat(3), fc.stringMatching(/^[ab\n]{0,3}$/));
  let agreed = 0;
  fc.assert(
    fc.property(
      fc.stringMatching(/^[ab\n]{0,12}$/),
      fc.array(edit, { maxLength: 8 }),
      edit,
      fc.boolean(),
      (text, raw, wanted, fromFuture) => {
        const fit = (length: number, [at, deleted, insert]: [number, number, string]): Edit => {
          const start = at % (length + 1);
          return [start, Math.min(length, start + deleted), insert];
        };
        let current = text;
        const recording = raw.map((each) => {
          const one = fit(current.length, each);
          current = current.slice(0, one[0]) + one[2] + current.slice(one[1]);
          return [one];
        });
        const suggestion = fromFuture && recording[0] ? recording[0] : [fit(text.length, wanted)];
        if (check({ text, suggestion, recording })) agreed++;
      },
    ),
    { seed: SEED, numRuns: 20_000 },
  );
  // The property would say nothing if no suggestion ever agreed.
  expect(agreed).toBeGreaterThan(1000);
});
