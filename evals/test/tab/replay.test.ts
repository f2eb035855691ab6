import { seededRandom } from '@tabstop/testkit';
import { diffChars } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterEvents, documentsOf } from '../../src/tab/documents.ts';
import type { Edit } from '../../src/tab/edits.ts';
import type { Predictor, Suggestion } from '../../src/tab/predictor.ts';
import { finalTexts, replay } from '../../src/tab/replay.ts';
import type { Session } from '../../src/tab/session.ts';

const SEED = 20_260_702;

interface Question {
  readonly documents: { path: string; text: string }[];
  readonly events: { path: string; edits: Edit[]; t: number; origin: string }[];
  readonly cursor: { path: string; offset: number };
  readonly paused: boolean;
}

/** A predictor that decides by the texts as they are; one millisecond each. */
function predictorBy(
  decide: (texts: ReadonlyMap<string, string>, cursor: Question['cursor']) => Partial<Suggestion> | undefined,
): Predictor {
  return {
    ask: async (raw) => {
      const question = raw as Question;
      const texts = afterEvents(documentsOf(question.documents), question.events);
      expect(question.cursor.offset).toBeLessThanOrEqual(texts.get(question.cursor.path)?.length ?? 0);
      const decided = decide(texts, question.cursor);
      const suggestions = decided
        ? [{ path: question.cursor.path, edits: [], source: 'fake', confidence: 0.5, shown: true, ...decided }]
        : [];
      return { suggestions, ms: 1, wallMs: 2, error: undefined };
    },
    close: async () => {},
  };
}

function keys(path: string, at: number, text: string, origin = 'typed') {
  return [...text].map((character, index) => ({
    t: index * 100,
    path,
    edits: [[at + index, at + index, character] as Edit] as [number, number, string][],
    origin,
  }));
}

async function figures(session: Session, predictor: Predictor) {
  const score = await replay(session, predictor);
  expect(score.texts).toEqual(finalTexts(session));
  const { keys, pressed, shown, right, wrong, jumps } = score;
  return { keys, pressed, shown, right, wrong, jumps };
}

/** Completes the word at the cursor in `a` to one of these. */
function completer(...words: string[]): Predictor {
  return predictorBy((texts, { path, offset }) => {
    const typed = /\w+$/.exec((texts.get(path) ?? '').slice(0, offset))?.[0];
    const word = typed === undefined ? undefined : words.find((each) => each.startsWith(typed) && each !== typed);
    return word === undefined || typed === undefined
      ? undefined
      : { path, edits: [[offset, offset, word.slice(typed.length)]] };
  });
}

describe('figures of a replay', () => {
  test('silence: every key is pressed', async () => {
    const session = { documents: [{ path: 'a', text: '' }], events: keys('a', 0, 'hello') };
    expect(
      await figures(
        session,
        predictorBy(() => undefined),
      ),
    ).toEqual({ keys: 5, pressed: 5, shown: 0, right: 0, wrong: 0, jumps: 0 });
  });
  test('a completion after the first key: two keys instead of five', async () => {
    const session = { documents: [{ path: 'a', text: '' }], events: keys('a', 0, 'hello') };
    expect(await figures(session, completer('hello'))).toEqual({
      keys: 5,
      pressed: 2,
      shown: 1,
      right: 1,
      wrong: 0,
      jumps: 0,
    });
  });
  test('a document that appears first by an event has an empty text', async () => {
    expect(await figures({ documents: [], events: keys('new', 0, 'hello') }, completer('hello'))).toMatchObject({
      pressed: 2,
      right: 1,
    });
  });
  test('a wrong suggestion that is typed into counts once, until it goes', async () => {
    const session = { documents: [{ path: 'a', text: '' }], events: keys('a', 0, 'help me') };
    // `hello` after h, he, hel: one suggestion; gone at `help`.
    expect(await figures(session, completer('hello'))).toEqual({
      keys: 7,
      pressed: 7,
      shown: 1,
      right: 0,
      wrong: 1,
      jumps: 0,
    });
  });
  test('one that changes with every key counts every time', async () => {
    const session = { documents: [{ path: 'a', text: '' }], events: keys('a', 0, 'xyz') };
    let count = 0;
    const restless = predictorBy((_texts, { offset }) => ({ edits: [[offset, offset, `no${count++}`]] }));
    expect(await figures(session, restless)).toMatchObject({ shown: 3, right: 0, wrong: 3 });
  });
  test('one that stays while something else is typed counts once', async () => {
    const session = { documents: [{ path: 'a', text: 'old\n' }], events: keys('a', 4, 'xyz') };
    const patient = predictorBy(() => ({ path: 'a', edits: [[0, 3, 'new']] }));
    expect(await figures(session, patient)).toMatchObject({ shown: 1, right: 0, wrong: 1 });
  });
  test('one that moves with the text before it counts once', async () => {
    const session = { documents: [{ path: 'a', text: '\nold' }], events: keys('a', 0, 'xyz') };
    const patient = predictorBy((texts) => {
      const at = (texts.get('a') ?? '').indexOf('old');
      return { path: 'a', edits: [[at, at + 3, 'new']] };
    });
    expect(await figures(session, patient)).toMatchObject({ shown: 1, wrong: 1 });
  });
  test('a walk: after the first change by hand, Tab by Tab through the places, in two files', async () => {
    const rename = (path: string, at: number): Session['events'] => [
      { t: 0, path, edits: [[at, at + 3, 'n']], origin: 'typed' },
      ...keys(path, at + 1, 'ew'),
    ];
    const session: Session = {
      documents: [
        { path: 'a', text: 'old\nold\n' },
        { path: 'b', text: 'old' },
      ],
      events: [...rename('a', 0), ...rename('a', 4), ...rename('b', 0)],
    };
    const walker = predictorBy((texts) => {
      if (!texts.get('a')?.startsWith('new')) return undefined;
      for (const [path, text] of texts)
        if (text.includes('old')) return { path, edits: [[text.indexOf('old'), text.indexOf('old') + 3, 'new']] };
      return undefined;
    });
    expect(await figures(session, walker)).toEqual({ keys: 9, pressed: 5, shown: 2, right: 2, wrong: 0, jumps: 2 });
  });
  test('changes by tools are no keys; after a text was set anew nothing is asked, and it is told as it is', async () => {
    const asked: string[] = [];
    const session: Session = {
      documents: [{ path: 'a', text: 'one' }],
      events: [
        ...keys('a', 3, '!'),
        { t: 1, path: 'a', edits: [[0, 4, 'two']], origin: 'reset' },
        { t: 2, path: 'a', edits: [[0, 0, '# ']], origin: 'formatter' },
        ...keys('a', 5, '?'),
      ],
    };
    const predictor: Predictor = {
      ask: async (question) => {
        const { documents, events, paused } = question as Question;
        if (!paused) asked.push(`${documents[0]?.text} + ${events.length}`);
        return { suggestions: [], ms: undefined, wallMs: 1, error: undefined };
      },
      close: async () => {},
    };
    expect(await figures(session, predictor)).toMatchObject({ keys: 2, pressed: 2 });
    expect(asked).toEqual(['one + 1', 'two + 1', 'two + 2']);
  });
  describe('pauses', () => {
    const at = (t: number, offset: number, text: string) => ({
      t,
      path: 'a',
      edits: [[offset, offset, text] as [number, number, string]],
      origin: 'typed',
    });
    const recording: Session = {
      documents: [{ path: 'a', text: '' }],
      events: [at(0, 0, 'h'), at(400, 1, 'e'), at(801, 2, 'l'), at(900, 3, 'l')],
    };
    const watched = (decide: (question: Question) => Partial<Suggestion> | undefined) => {
      const questions: string[] = [];
      const predictor: Predictor = {
        ask: async (raw) => {
          const question = raw as Question;
          questions.push(
            `${question.events.map(({ t, origin }) => `${origin} ${t}`).at(-1)}${question.paused ? ', rests' : ''}`,
          );
          const decided = decide(question);
          const whole = { path: 'a', edits: [], source: 'fake', confidence: 0.5, shown: true, ...decided };
          return { suggestions: decided ? [whole] : [], ms: 1, wallMs: 2, error: undefined };
        },
        close: async () => {},
      };
      return { questions, predictor };
    };
    test('longer than 400 ms: asked again, and told so; the last event rests for good', async () => {
      const { questions, predictor } = watched(() => undefined);
      await figures(recording, predictor);
      expect(questions).toEqual([
        'typed 0',
        'typed 400',
        'typed 400, rests',
        'typed 801',
        'typed 900',
        'typed 900, rests',
      ]);
    });
    test('not where something is shown already', async () => {
      const { questions, predictor } = watched(({ cursor }) => ({ edits: [[cursor.offset, cursor.offset, '!']] }));
      expect(await figures(recording, predictor)).toMatchObject({ shown: 1, wrong: 1 });
      expect(questions).toEqual(['typed 0', 'typed 400', 'typed 801', 'typed 900']);
    });
    test('what is accepted has the time of the event before it, and is told as accepted', async () => {
      const { questions, predictor } = watched(({ cursor, paused }) =>
        paused && cursor.offset === 2 ? { edits: [[2, 2, 'll']] } : undefined,
      );
      expect(await figures(recording, predictor)).toMatchObject({ keys: 4, pressed: 3, right: 1 });
      expect(questions).toEqual(['typed 0', 'typed 400', 'typed 400, rests', 'accept 400', 'accept 400, rests']);
    });
  });
  test('what is not shown, or does not fit, or comes with an error, saves nothing', async () => {
    const session = { documents: [{ path: 'a', text: '' }], events: keys('a', 0, 'hello') };
    expect(
      await figures(
        session,
        predictorBy((_texts, { offset }) => ({ edits: [[offset, offset, 'ello']], shown: false })),
      ),
    ).toMatchObject({ shown: 0 });
    expect(
      await figures(
        session,
        predictorBy(() => ({ edits: [[50, 60, 'x']] })),
      ),
    ).toMatchObject({ pressed: 5, right: 0, shown: 1, wrong: 1 });
  });
  test('a long session is told in a window that gives the same texts', async () => {
    const windows = new Set<string>();
    let most = 0;
    const session = { documents: [{ path: 'a', text: '' }], events: keys('a', 0, 'x'.repeat(500)) };
    const predictor: Predictor = {
      ask: async (question) => {
        const { documents, events, cursor } = question as Question;
        windows.add(documents[0]!.text);
        most = Math.max(most, events.length);
        expect(afterEvents(documentsOf(documents), events).get('a')).toBe('x'.repeat(cursor.offset));
        return { suggestions: [], ms: 1, wallMs: 1, error: undefined };
      },
      close: async () => {},
    };
    await figures(session, predictor);
    expect({ windows: windows.size, most }).toEqual({ windows: 7, most: 127 });
  });
});

test('whatever a predictor says, the replay ends with the recorded texts, and its counts add up', async () => {
  const edit = fc.tuple(
    fc.nat(),
    fc.nat(2),
    fc.stringMatching(/^[ab🙂\n]{0,2}$/u),
    fc.constantFrom('a', 'a', 'b'),
    fc.constantFrom('typed', 'typed', 'typed', 'reset', 'tool'),
  );
  let accepts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[ab\n]{0,20}$/),
      fc.array(edit, { minLength: 1, maxLength: 30 }),
      fc.nat(),
      async (text, raw, seed) => {
        const session = sessionOf(text, raw);
        const random = seededRandom(seed);
        const end = finalTexts(session);
        // Knows where the recording ends, and suggests some of the way there; at times something else.
        const oracle = predictorBy((texts) => {
          const path = random() < 0.7 ? 'a' : 'b';
          const now = texts.get(path) ?? '';
          if (random() < 0.2) return { path, edits: [[Math.floor(random() * now.length), now.length, 'zz']] };
          const edits = differences(now, end.get(path) ?? '').filter(() => random() < 0.6);
          return edits.length === 0 ? undefined : { path, edits };
        });
        const score = await replay(session, oracle);
        expect(score.texts).toEqual(end);
        expect(score.right + score.wrong).toBe(score.shown);
        expect(score.pressed).toBeLessThanOrEqual(score.keys + score.right);
        accepts += score.right;
      },
    ),
    { seed: SEED, numRuns: 1500 },
  );
  expect(accepts).toBeGreaterThan(1000);
}, 60_000);

function sessionOf(text: string, raw: [number, number, string, string, string][]): Session {
  const texts = new Map([['a', text]]);
  const events = raw.map(([at, deleted, insert, path, origin], index) => {
    const before = texts.get(path) ?? '';
    const start = at % (before.length + 1);
    const end = Math.min(before.length, start + deleted);
    texts.set(path, before.slice(0, start) + insert + before.slice(end));
    return { t: index, path, edits: [[start, end, insert] as [number, number, string]], origin };
  });
  return { documents: [{ path: 'a', text }], events };
}

function differences(before: string, after: string): [number, number, string][] {
  const edits: [number, number, string][] = [];
  let at = 0;
  for (const { value, added, removed } of diffChars(before, after)) {
    const last = edits.at(-1);
    const open = last && last[1] === at ? last : undefined;
    if (added) {
      if (open) open[2] += value;
      else edits.push([at, at, value]);
    } else if (removed) {
      if (open) open[1] += value.length;
      else edits.push([at, at + value.length, '']);
      at += value.length;
    } else at += value.length;
  }
  return edits;
}
