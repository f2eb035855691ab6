import { parseMarked } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { type Baseline, mostFrequentContinuation, repeatLastSubstitution } from '../../src/tab/baselines.ts';
import { type Case, textsOf } from '../../src/tab/case.ts';
import { applyEdits, type Edit } from '../../src/tab/edits.ts';
import { scoreCase } from '../../src/tab/score.ts';

const nowhere = () => undefined;

/** Scores one suggestion for a text, both given as edits of it. */
function judged(text: string, suggested: Edit[], ...accepted: Edit[][]) {
  const one: Case = {
    id: 'x',
    documents: [{ path: 'a.ts', text }],
    events: [],
    cursor: { path: 'a.ts', offset: 0 },
    accept: accepted.map((edits) => [{ path: 'a.ts', edits: edits as [number, number, string][] }]),
  };
  const suggestion = {
    path: 'a.ts',
    edits: suggested as [number, number, string][],
    source: 's',
    confidence: 0.5,
    shown: true,
  };
  const { exact, position } = scoreCase(
    one,
    { suggestions: [suggestion], ms: 1, wallMs: 1, error: undefined },
    nowhere,
  );
  return exact ? 'exact' : position ? 'right line' : 'elsewhere';
}

describe('a suggestion is', () => {
  test.each<[string, string, Parameters<typeof judged>]>([
    [
      'exact',
      'exact: the resulting text counts, not how the edits are cut',
      [
        'let a = 1;\n',
        [
          [4, 5, 'b'],
          [8, 9, '2'],
        ],
        [[0, 10, 'let b = 2;']],
      ],
    ],
    ['exact', 'any accepted outcome', ['a\nb\n', [[2, 3, 'c']], [[0, 1, 'x']], [[2, 3, 'c']]]],
    [
      'exact',
      'a line put in at the end of one line or the start of the next',
      ['a\nb\n', [[1, 1, '\nx']], [[2, 2, 'x\n']]],
    ],
    ['right line', 'other text on the line', ['a\nb\n', [[2, 3, 'd']], [[2, 3, 'c']]]],
    ['right line', 'the second line of a change of two', ['a\nb\nc\n', [[2, 3, 'x']], [[0, 3, 'x\ny']]]],
    ['right line', 'other text in a new line at that place', ['a\nb\n', [[1, 1, '\nother']], [[2, 2, 'new\n']]]],
    ['elsewhere', 'another line', ['a\nb\n', [[0, 1, 'c']], [[2, 3, 'c']]]],
    ['elsewhere', 'nothing is right', ['a\n', [[0, 1, 'c']]]],
    ['elsewhere', 'changes nothing and goes nowhere', ['a\n', [], [[0, 1, 'c']]]],
    ['right line', 'a jump that changes nothing', ['a\nb\n', [[2, 2, '']], [[2, 3, 'c']]]],
  ])('%s: %s', (expected, _name, given) => {
    expect(judged(...given)).toBe(expected);
  });
});

test('a file under the root is read for a suggestion in it', () => {
  const one: Case = {
    id: 'x',
    documents: [],
    events: [],
    cursor: { path: 'a.ts', offset: 0 },
    root: '/somewhere',
    accept: [[{ path: 'b.ts', edits: [[0, 3, 'new']] }]],
  };
  const suggestion = {
    path: 'b.ts',
    edits: [[0, 3, 'new']] as [number, number, string][],
    source: 's',
    confidence: 0.5,
    shown: true,
  };
  const answer = { suggestions: [suggestion], ms: undefined, wallMs: 7, error: undefined };
  expect(scoreCase(one, answer, (path) => (path === 'b.ts' ? 'old text' : undefined))).toMatchObject({
    exact: true,
    deltaChrF: 100,
    ms: 7,
    error: undefined,
  });
  expect(scoreCase({ ...one, accept: [] }, answer, nowhere)).toMatchObject({
    exact: false,
    error: 'suggestion of s on b.ts: edit [0, 3] is outside a text of 0 code units',
  });
});

/** The text (or texts) after what a baseline suggests, from a fixture with marks. */
function suggested(baseline: Baseline, fixture: string): string | undefined {
  const { documents, edits, cursor } = parseMarked(fixture);
  const one: Case = {
    id: 'x',
    documents: documents.map((document) => ({ ...document })),
    events: edits.map(({ path, start, end, text }) => ({ path, edits: [[start, end, text]] })),
    cursor: cursor!,
  };
  const suggestion = baseline(one, nowhere);
  return suggestion && applyEdits(textsOf(one).get(suggestion.path)!, suggestion.edits);
}

describe('the last substitution again', () => {
  test.each([
    ['at the next occurrence after the cursor', 'old;\n[-old-]{+new+}<|>;\nold;', 'old;\nnew;\nnew;'],
    ['from the top where none comes after it', 'old;\n[-old-]{+new+}<|>;', 'new;\nnew;'],
    ['whole tokens only', '[-old-]{+new+}<|>; older; old;', 'new; older; new;'],
    ['a part of a word replaced is the word replaced', 'get[-Old-]{+New+}<|>(); getOld();', 'getNew(); getNew();'],
    ['in the other documents', '=== a.ts\n[-old-]{+new+}<|>;\n=== b.ts\nuse(old);', 'use(new);'],
    ['the last substitution, whatever was inserted since', '[-old-]{+new+}; {2+more();+}<|> old;', 'new; more(); new;'],
    ['nothing after an insertion of more than a token', 'a{+ = new Thing()+}<|>; a;', undefined],
    ['nothing without another occurrence', '[-old-]{+new+}<|>;', undefined],
  ])('%s', (_name, fixture, expected) => {
    expect(suggested(repeatLastSubstitution, fixture)).toBe(expected);
  });
});

test('the keys of one token are one substitution', () => {
  const keys: [number, number, string][] = [
    [0, 3, 'n'],
    [1, 1, 'e'],
    [2, 2, 'w'],
  ];
  const events = keys.map((edit) => ({ path: 'a.ts', edits: [edit] }));
  const one: Case = {
    id: 'x',
    documents: [{ path: 'a.ts', text: 'old; old;' }],
    events,
    cursor: { path: 'a.ts', offset: 3 },
  };
  expect(repeatLastSubstitution(one, nowhere)?.edits).toEqual([[5, 8, 'new']]);
});

describe('the most frequent continuation', () => {
  test.each([
    ['of the last three tokens, to the end of the line', 'a.b(c, d);\na.b<|>', 'a.b(c, d);\na.b(c, d);'],
    [
      'an unfinished word first',
      'return value;\nreturn value;\nreturn val<|>\n',
      'return value;\nreturn value;\nreturn value;\n',
    ],
    ['the more frequent of two', 'x = 1;\nx = 2;\nx = 2;\nx = <|>\n', 'x = 1;\nx = 2;\nx = 2;\nx = 2;\n'],
    ['nothing that was never seen', 'x = 1;\nfoo<|>', undefined],
  ])('%s', (_name, fixture, expected) => {
    expect(suggested(mostFrequentContinuation(), fixture)).toBe(expected);
  });
});
