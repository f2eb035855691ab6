import { fakeClock, settle } from '@tabstop/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryFeedback } from '../../src/tab/feedback.ts';
import { emptyLexicon } from '../../src/tab/lexicon/lexicon.ts';
import type { Candidate, Source } from '../../src/tab/source.ts';
import { createTab, defaultTabSettings, type PredictRequest, type TabOptions } from '../../src/tab/tab.ts';
import { noFiles } from '../../src/workspace/files.ts';
import type { ChangeOrigin } from '../../src/workspace/history.ts';
import { noLanguageFacts } from '../../src/workspace/language-facts.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { noSyntax } from '../../src/workspace/syntax.ts';

const signal = new AbortController().signal;
let asked = 0;
beforeEach(() => {
  asked = 0;
});

/** A source that offers what the function says of the text and cursor. */
function scripted(name: string, offer: (text: string, offset: number) => Partial<Candidate> | undefined): Source {
  return {
    name,
    *propose({ document, cursor }) {
      asked++;
      const candidate = offer(document.content, cursor.offset);
      if (candidate)
        yield { path: document.path, edits: [], score: 0.8, features: {}, evidence: [`${name} says so`], ...candidate };
    },
  };
}

/** Completes `const x` to `const x = 1;`, wherever the typing is. */
const completes = scripted('completes', (text, offset) => {
  const whole = 'const x = 1;';
  for (let length = whole.length - 1; length > 3; length--)
    if (text.slice(0, offset).endsWith(whole.slice(0, length)))
      return { edits: [[offset, offset, whole.slice(length)]] };
  return undefined;
});

function setUp(sources: readonly Source[], more: Partial<TabOptions> = {}) {
  const clock = fakeClock();
  const feedback = memoryFeedback();
  const tab = createTab({
    sources,
    facts: noLanguageFacts,
    syntax: noSyntax,
    files: noFiles,
    lexicon: emptyLexicon,
    feedback,
    now: clock.now,
    wallClock: clock.now,
    ...more,
  });
  let snapshot = Snapshot.empty;
  let version = 1;
  return {
    tab,
    clock,
    feedback,
    open(text: string, more: { readOnly?: boolean; scheme?: string; languageId?: string } = {}) {
      snapshot = snapshot.open({ path: 'a.ts', languageId: 'typescript', version, text, ...more });
    },
    edit(start: number, end: number, text: string, origin: ChangeOrigin = 'typed') {
      snapshot = snapshot.change({
        path: 'a.ts',
        baseVersion: version,
        version: ++version,
        edits: [[start, end, text]],
        origin,
        at: version * 100,
      });
    },
    /** What the user would see, as a line: `insert " = 1;"`, `edit …`, or the silence. */
    async see(offset: number, request: Partial<PredictRequest> = {}) {
      const { suggestions, silence } = await tab.predict(
        snapshot,
        { path: 'a.ts', offset, paused: true, ...request },
        signal,
      );
      const first = suggestions[0];
      return first?.shown ? `${first.kind} ${JSON.stringify(first.edits)} v${first.version}` : `silent: ${silence}`;
    },
    predict: (offset: number, request: Partial<PredictRequest> = {}) =>
      tab.predict(snapshot, { path: 'a.ts', offset, paused: true, ...request }, signal),
    select: () => {
      snapshot = snapshot.moveCursor({ path: 'a.ts', offset: 0, selecting: true });
    },
  };
}

describe('what the user sees', () => {
  test('typing into a suggestion keeps it without asking the sources again', async () => {
    const editor = setUp([completes]);
    editor.open('const x');
    expect(await editor.see(7)).toBe('insert [[7,7," = 1;"]] v1');
    editor.edit(7, 7, ' ');
    expect(await editor.see(8)).toBe('insert [[8,8,"= 1;"]] v2');
    editor.edit(8, 8, '= ');
    expect(await editor.see(10)).toBe('insert [[10,10,"1;"]] v3');
    expect(asked).toBe(1);
    editor.edit(10, 10, '2');
    expect(await editor.see(11)).toBe('silent: no source had anything');
  });

  test.each([
    ['a selection', (editor: ReturnType<typeof setUp>) => editor.select(), 'silent: there is a selection'],
    ['an undo', (editor: ReturnType<typeof setUp>) => editor.edit(0, 0, ' ', 'undo'), 'silent: nothing after undo'],
    ['a redo', (editor: ReturnType<typeof setUp>) => editor.edit(0, 0, ' ', 'redo'), 'silent: nothing after redo'],
    [
      'a read-only file',
      (editor: ReturnType<typeof setUp>) => editor.open('const x', { readOnly: true }),
      'silent: left alone: read-only',
    ],
    [
      'the chat input',
      (editor: ReturnType<typeof setUp>) => editor.open('const x', { scheme: 'chatSessionInput' }),
      'silent: left alone: not-code',
    ],
    ['a binary file', (editor: ReturnType<typeof setUp>) => editor.open('const x\0'), 'silent: left alone: binary'],
    [
      'a huge line',
      (editor: ReturnType<typeof setUp>) => editor.open('const x'.padEnd(20_000, 'y')),
      'silent: left alone: line-too-long',
    ],
    [
      'too many lines',
      (editor: ReturnType<typeof setUp>) => editor.open('const x\n'.repeat(20_001)),
      'silent: left alone: too-many-lines',
    ],
    [
      'a huge file',
      (editor: ReturnType<typeof setUp>) => editor.open('const x\n'.repeat(130_000)),
      'silent: left alone: too-large',
    ],
  ])('nothing with %s', async (_name, change, expected) => {
    const editor = setUp([completes]);
    editor.open('const x');
    change(editor);
    expect(await editor.see(7)).toBe(expected);
  });

  test('an explicit request is answered even after undo, and with a lower bar', async () => {
    const unsure = scripted('unsure', (_text, offset) => ({ edits: [[offset, offset, '!']], score: 0.15 }));
    const editor = setUp([unsure]);
    editor.open('const x');
    editor.edit(7, 7, ' ', 'undo');
    expect(await editor.see(8, { explicit: true })).toBe('insert [[8,8,"!"]] v2');
    editor.edit(8, 8, ' ');
    expect(await editor.see(9)).toBe('silent: its confidence of 15 % is below 25 %');
  });

  test.each([
    ['white space alone', { edits: [[7, 7, '  ']] as const }, 'it changes white space alone'],
    ['an edit outside the text', { edits: [[70, 71, 'x']] as const }, 'no source had anything'],
    ['an edit that changes nothing', { edits: [[0, 5, 'const']] as const }, 'no source had anything'],
  ])('never %s', async (_name, candidate, why) => {
    const editor = setUp([scripted('odd', () => candidate)]);
    editor.open('const x');
    expect(await editor.see(7)).toBe(`silent: ${why}`);
  });

  test('an edit that splits a surrogate pair is dropped', async () => {
    const editor = setUp([scripted('odd', () => ({ edits: [[1, 1, 'x']] }))]);
    editor.open('😀');
    expect(await editor.see(2)).toBe('silent: no source had anything');
  });

  test('a rejected suggestion stays away when its line has moved', async () => {
    const renames = scripted('renames', (text) => ({ edits: [[text.indexOf('foo'), text.indexOf('foo') + 3, 'bar']] }));
    const editor = setUp([renames]);
    editor.open('x\nuse(foo);');
    const { suggestions } = await editor.predict(0);
    editor.tab.feedback(suggestions[0]!.id, 'rejected');
    expect(await editor.see(0)).toBe('silent: it was rejected before');
    editor.edit(0, 0, 'one\ntwo\n');
    expect(await editor.see(0)).toBe('silent: it was rejected before');
  });

  test('text at the cursor wins over an edit elsewhere unless that is clearly likelier', async () => {
    const here = (score: number) => scripted('here', (_text, offset) => ({ edits: [[offset, offset, '!']], score }));
    const there = scripted('there', () => ({ edits: [[0, 1, 'y']], score: 0.6 }));
    for (const [score, expected] of [
      [0.55, 'here'],
      [0.4, 'there'],
    ] as const) {
      const editor = setUp([there, here(score)]);
      editor.open('x\nz');
      expect((await editor.predict(3)).suggestions[0]!.source).toBe(expected);
    }
  });

  test('two sources with one outcome become one suggestion with the evidence of both', async () => {
    const twin = { edits: [[7, 7, ';']] as const };
    const editor = setUp([scripted('a', () => twin), scripted('b', () => twin)]);
    editor.open('const x');
    const { suggestions } = await editor.predict(7, { max: 5 });
    expect(suggestions.map(({ evidence }) => evidence)).toEqual([['a says so', 'b says so']]);
  });

  test('a source that throws is reported, and the others answer', async () => {
    const problems: string[] = [];
    const bad: Source = {
      name: 'bad',
      propose() {
        throw new Error('broken');
      },
    };
    const editor = setUp([bad, completes], { onProblem: (message) => problems.push(message.split('\n')[0]!) });
    editor.open('const x');
    expect(await editor.see(7)).toBe('insert [[7,7," = 1;"]] v1');
    expect(problems).toEqual(['bad: Error: broken']);
  });

  test('switched off: all of it, a language, a source', async () => {
    const editor = setUp([completes]);
    editor.open('const x');
    editor.tab.configure({ ...defaultTabSettings, enabled: false });
    expect(await editor.see(7)).toBe('silent: off');
    editor.tab.configure({ ...defaultTabSettings, disabledLanguages: ['typescript'] });
    expect(await editor.see(7)).toBe('silent: off for typescript');
    editor.tab.configure({ ...defaultTabSettings, disabledSources: ['completes'] });
    expect(await editor.see(7)).toBe('silent: no source had anything');
  });
});

describe('late and early work', () => {
  test('a source that asks others too long is left out, then offered when it has something', async () => {
    let answerNow = () => {};
    const gate = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    let late = 0;
    const slow: Source = {
      name: 'slow',
      async *propose({ document }) {
        await gate;
        yield { path: document.path, edits: [[0, 1, 'y']], score: 0.9, features: {}, evidence: [] };
      },
    };
    const editor = setUp([slow], { budget: 1, onLate: () => late++ });
    editor.open('x\nz');
    expect(await editor.see(3)).toBe('silent: no source had anything');
    answerNow();
    await settle();
    expect(late).toBe(1);
    expect(await editor.see(3)).toBe('edit [[0,1,"y"]] v1');
  });

  test('asked again about the same text, a source that is late keeps what it had; the suggestion keeps its name', async () => {
    let waits: Promise<void> | undefined;
    const moody: Source = {
      name: 'moody',
      async *propose({ document }) {
        await waits;
        yield { path: document.path, edits: [[0, 1, 'y']], score: 0.9, features: {}, evidence: [] };
      },
    };
    const editor = setUp([moody], { budget: 1 });
    editor.open('x\nz');
    const [first] = (await editor.predict(3)).suggestions;
    waits = new Promise(() => {});
    await editor.clock.advance(1_000);
    const [second] = (await editor.predict(3)).suggestions;
    expect(second).toEqual(first);
    expect(await editor.see(2)).toBe('silent: no source had anything');
    editor.edit(3, 3, 'z');
    expect(await editor.see(4)).toBe('silent: no source had anything');
  });

  test('the same question a moment later is not worked on again; after that, it is', async () => {
    const editor = setUp([scripted('any', (_text, offset) => ({ edits: [[offset, offset, 'a']] }))]);
    editor.open('x');
    await editor.predict(1);
    await editor.clock.advance(250);
    await editor.predict(1);
    expect(asked).toBe(1);
    await editor.predict(0);
    expect(asked).toBe(2);
    await editor.clock.advance(251);
    await editor.predict(0);
    expect(asked).toBe(3);
  });

  test('the suggestion after the shown one is there before it is asked for', async () => {
    const idle: (() => void)[] = [];
    const editor = setUp(
      [
        completes,
        scripted('next', (text, offset) =>
          text.endsWith('1;') ? { edits: [[offset, offset, ' // one']] } : undefined,
        ),
      ],
      {
        whenIdle: (work) => idle.push(work),
      },
    );
    editor.open('const x');
    expect(await editor.see(7)).toBe('insert [[7,7," = 1;"]] v1');
    for (const work of idle.splice(0)) work();
    await settle();
    const before = asked;
    editor.edit(7, 7, ' = 1;', 'accept');
    expect(await editor.see(12)).toBe('insert [[12,12," // one"]] v2');
    expect(asked).toBe(before);
  });
});

describe('feedback', () => {
  test('counts by source, and what is rejected again and again becomes less confident', async () => {
    const editor = setUp([
      scripted('eager', (text, offset) => ({ edits: [[offset, offset, `${text.length}`]], score: 0.5 })),
    ]);
    editor.open('x');
    const confidences: number[] = [];
    for (let round = 0; round < 30; round++) {
      const { suggestions } = await editor.predict(1);
      confidences.push(suggestions[0]!.confidence);
      editor.tab.feedback(suggestions[0]!.id, 'rejected');
      editor.edit(0, 0, 'y');
    }
    expect(editor.tab.stats().sources).toEqual([{ source: 'eager', shown: 30, accepted: 0, rejected: 30, ignored: 0 }]);
    expect(confidences[0]).toBeCloseTo(0.5);
    expect(confidences.at(-1)).toBeLessThan(0.35);
    editor.tab.clearFeedback();
    expect((await editor.predict(1)).suggestions[0]!.confidence).toBeCloseTo(0.5);
  });

  test('explains what is shown and what is not', async () => {
    const editor = setUp([completes, scripted('unsure', () => ({ edits: [[0, 1, 'y']], score: 0.1 }))]);
    editor.open('const x');
    await editor.predict(7);
    const { shown, others } = editor.tab.explain();
    expect(shown?.evidence).toEqual(['completes says so']);
    expect(others.map(({ suggestion, why }) => [suggestion.source, why])).toEqual([
      ['unsure', 'its confidence of 10 % is below 25 %'],
    ]);
  });
});
