import { fakeClock } from '@tabstop/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { memoryFeedback } from '../../src/tab/feedback.ts';
import { emptyLexicon } from '../../src/tab/lexicon/lexicon.ts';
import type { Candidate, Source } from '../../src/tab/source.ts';
import { propagate } from '../../src/tab/sources/propagate.ts';
import { rename } from '../../src/tab/sources/rename.ts';
import { createTab, defaultTabSettings } from '../../src/tab/tab.ts';
import { linesOf } from '../../src/tab/walk.ts';
import type { ChangeOrigin } from '../../src/workspace/history.ts';
import { noLanguageFacts } from '../../src/workspace/language-facts.ts';
import { languageOf } from '../../src/workspace/languages.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import type { TextEdit } from '../../src/workspace/text-edit.ts';
import { syntax } from './check.ts';

const signal = new AbortController().signal;

/** A project of open documents (and files on disk), and a user who types into it. */
function project(source: Source, open: Record<string, string>, disk: Record<string, string> = {}) {
  const clock = fakeClock();
  const feedback = memoryFeedback();
  let at = 0;
  let snapshot = Snapshot.empty;
  const all = () =>
    new Map([...Object.entries(disk), ...[...snapshot.documents].map(([p, d]) => [p, d.content] as const)]);
  const tab = createTab({
    sources: [source],
    facts: noLanguageFacts,
    syntax,
    files: { read: async (path) => disk[path] },
    lexicon: {
      ...emptyLexicon,
      filesWith: (word, limit) =>
        [...all()]
          .filter(([, text]) => text.includes(word))
          .map(([path]) => path)
          .slice(0, limit),
    },
    feedback,
    now: clock.now,
    wallClock: clock.now,
    budget: 2_000,
  });
  // How likely each is does not matter here.
  tab.configure({ ...defaultTabSettings, minConfidence: 0.02 });
  const openFile = (path: string, text: string) => {
    snapshot = snapshot.open({ path, languageId: languageOf(path), version: 1, text });
  };
  for (const [path, text] of Object.entries(open)) openFile(path, text);
  const change = (path: string, edits: readonly TextEdit[], origin: ChangeOrigin) => {
    const { version } = snapshot.documents.get(path)!;
    at += 10_000;
    snapshot = snapshot.change({ path, baseVersion: version, version: version + 1, edits, origin, at });
    const [, end] = edits.at(-1)!;
    const shift = edits.reduce((sum, [from, to, text]) => sum + text.length - (to - from), 0);
    snapshot = snapshot.moveCursor({ path, offset: end + shift, selecting: false });
  };
  const predict = async () => {
    const { path, offset } = snapshot.cursor!;
    const { suggestions } = await tab.predict(snapshot, { path, offset, paused: true }, signal);
    return suggestions[0]?.shown ? suggestions[0] : undefined;
  };
  return {
    tab,
    feedback,
    predict,
    text: (path: string) => snapshot.documents.get(path)!.content,
    replace(path: string, from: string, to: string) {
      const start = snapshot.documents.get(path)!.content.indexOf(from);
      change(path, [[start, start + from.length, to]], 'typed');
    },
    /** What the status bar says: `3 of 12`. */
    async counter() {
      const walk = (await predict())?.walk;
      return walk ? `${walk.index} of ${walk.total}` : 'nothing';
    },
    async accept() {
      const suggestion = (await predict())!;
      if (!snapshot.documents.has(suggestion.path)) openFile(suggestion.path, disk[suggestion.path]!);
      change(suggestion.path, suggestion.edits, 'accept');
      tab.feedback(suggestion.id, 'accepted');
    },
    async skip() {
      tab.skip((await predict())!.id);
    },
    async places(id?: string) {
      const { items, done } = await tab.walk(snapshot, id, signal);
      return {
        done,
        lines: items.map(({ ranked, line, after }) => `${ranked.suggestion.path}:${line + 1} ${after.trim()}`),
      };
    },
    walk: (id?: string) => tab.walk(snapshot, id, signal),
  };
}

beforeAll(() => syntax.warm('python'));

const CALLS = ['open(a);', 'x', 'open(b);', 'x', 'open(c);', 'x', 'open(d);', ''].join('\n');

describe('the counter of a repeated edit', () => {
  test('counts what is done, keeps its total and reaches it', async () => {
    const user = project(propagate, { 'a.ts': CALLS });
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    const seen: string[] = [];
    for (let step = 0; step < 3; step++) {
      seen.push(await user.counter());
      await user.accept();
    }
    seen.push(await user.counter());
    expect(seen).toEqual(['2 of 4', '3 of 4', '4 of 4', 'nothing']);
    expect(user.text('a.ts').match(/, options/g)).toHaveLength(4);
  });

  test('counts the files that are not open from the start', async () => {
    const more = { 'b.ts': 'open(e);\nx\nopen(f);\n', 'c.ts': 'open(g);\n' };
    const user = project(propagate, { 'a.ts': CALLS }, more);
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    const seen: string[] = [];
    for (let step = 0; step < 6; step++) {
      seen.push(await user.counter());
      await user.accept();
    }
    expect(seen).toEqual(['2 of 7', '3 of 7', '4 of 7', '5 of 7', '6 of 7', '7 of 7']);
  });

  test('more places than one answer holds are counted, too', async () => {
    const text = Array.from({ length: 30 }, (_, line) => `open(v${line});\nx\n`).join('');
    const user = project(propagate, { 'a.ts': text }, { 'b.ts': 'open(z);\n' });
    user.replace('a.ts', 'open(v0)', 'open(v0, options)');
    expect(await user.counter()).toBe('2 of 31');
    await user.accept();
    expect(await user.counter()).toBe('3 of 31');
  });

  test('another edit in between starts a count of its own', async () => {
    const user = project(propagate, { 'a.ts': `${CALLS}\nclose(1);\nx\nclose(2);\n` });
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    expect(await user.counter()).toBe('2 of 4');
    user.replace('a.ts', 'close(1)', 'shut(1)');
    expect(await user.counter()).toBe('2 of 2');
  });
});

describe('a skipped place', () => {
  test('is not offered again, counts as gone by, and teaches nothing', async () => {
    const user = project(propagate, { 'a.ts': CALLS });
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    expect(await user.counter()).toBe('2 of 4');
    await user.skip();
    expect(await user.counter()).toBe('3 of 4');
    await user.accept();
    expect(await user.counter()).toBe('4 of 4');
    await user.accept();
    expect(await user.counter()).toBe('nothing');
    expect(user.text('a.ts')).toBe('open(a, options);\nx\nopen(b);\nx\nopen(c, options);\nx\nopen(d, options);\n');
    expect(user.feedback.entries.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
  });

  test('stays skipped when it moves', async () => {
    const user = project(propagate, { 'a.ts': CALLS });
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    await user.skip();
    await user.accept();
    user.replace('a.ts', 'open(a, options);', '\n\nopen(a, options);');
    expect((await user.places()).lines.filter((line) => line.includes('open(b'))).toEqual([]);
  });

  test('an unknown one is no error', () => {
    expect(() => project(propagate, { 'a.ts': '' }).tab.skip('s99')).not.toThrow();
  });
});

describe('all places as a list', () => {
  test('with their lines, over open documents and files', async () => {
    const user = project(propagate, { 'a.ts': CALLS, 'b.ts': 'open(e);\n' }, { 'c.ts': 'open(f);\r\n' });
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    await user.predict();
    expect(await user.places()).toEqual({
      done: 1,
      lines: [
        'a.ts:3 open(b, options);',
        'a.ts:5 open(c, options);',
        'a.ts:7 open(d, options);',
        'b.ts:1 open(e, options);',
        'c.ts:1 open(f, options);',
      ],
    });
  });

  test('what overlaps a likelier place is no place of its own', async () => {
    const user = project(propagate, {
      'a.ts': 'line(10, 20);\nfill(1);\nline(30, 40);\nfill(2);\nline(50, 60);\nfill(3);\nline(70, 80);\n',
    });
    user.replace('a.ts', 'line(10, 20)', 'line(10, 20, 2)');
    user.replace('a.ts', 'line(30, 40)', 'line(30, 40, 2)');
    const shown = await user.predict();
    expect(shown?.edits.map(([, , text]) => text)).toEqual([', 2']);
    expect(shown?.walk).toMatchObject({ index: 3, total: 4 });
  });
  test('all of them, where an answer has a few only', async () => {
    const text = Array.from({ length: 60 }, (_, line) => `open(v${line});\nx\n`).join('');
    const user = project(propagate, { 'a.ts': text });
    user.replace('a.ts', 'open(v0)', 'open(v0, options)');
    await user.predict();
    expect((await user.places()).lines).toHaveLength(59);
  });

  test('of a rename, by scope', async () => {
    const user = project(rename, { 'a.py': 'def area(width):\n    print(width)\n    return width * 2\n\nwidth = 3\n' });
    user.replace('a.py', 'width', 'breadth');
    await user.predict();
    expect((await user.places()).lines).toEqual(['a.py:2 print(breadth)', 'a.py:3 return breadth * 2']);
  });

  test('each place can be skipped and fed back by its own id; what is done leaves the list', async () => {
    const user = project(propagate, { 'a.ts': CALLS });
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    await user.predict();
    const { items } = await user.walk();
    user.tab.skip(items[0]!.ranked.suggestion.id);
    user.tab.feedback(items[1]!.ranked.suggestion.id, 'accepted');
    expect(user.feedback.entries.map(({ outcome, source }) => [outcome, source])).toEqual([['accepted', 'propagate']]);
    await user.predict();
    expect((await user.places()).lines).toEqual(['a.ts:5 open(c, options);', 'a.ts:7 open(d, options);']);
  });

  test('is found by the id even when the suggestion was put away meanwhile', async () => {
    const user = project(propagate, { 'a.ts': CALLS });
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    const { id } = (await user.predict())!;
    user.tab.feedback(id, 'ignored');
    expect((await user.places(id)).lines).toHaveLength(3);
  });

  test('is empty when nothing is shown, and for an id that is forgotten', async () => {
    const user = project(propagate, { 'a.ts': CALLS });
    expect(await user.places()).toEqual({ done: 0, lines: [] });
    user.replace('a.ts', 'open(a)', 'open(a, options)');
    await user.predict();
    expect((await user.places('s12345')).lines).toEqual([]);
  });

  test('of a suggestion that walks nowhere is the suggestion alone, and overlapping places appear once', async () => {
    const offers = (candidates: readonly Partial<Candidate>[]): Source => ({
      name: 'scripted',
      *propose({ document }) {
        for (const candidate of candidates)
          yield { path: document.path, edits: [], score: 0.9, features: {}, evidence: [], ...candidate };
      },
    });
    const alone = project(offers([{ edits: [[0, 1, 'y']] }, { edits: [[4, 5, 'z']] }]), { 'a.ts': 'x = x;\n' });
    alone.replace('a.ts', ';', ' ;');
    await alone.predict();
    expect((await alone.places()).lines).toEqual(['a.ts:1 y = x ;']);
    const walk = { index: 1, total: 2 };
    const twice = project(
      offers([
        { edits: [[0, 1, 'y']], walk },
        { edits: [[0, 3, 'y =!']], walk: { ...walk, index: 2 } },
      ]),
      {
        'a.ts': 'x = x;\n',
      },
    );
    twice.replace('a.ts', ';', ' ;');
    await twice.predict();
    expect((await twice.places()).lines).toHaveLength(1);
  });
});

test.each([
  ['one word', 'a\nlet x;\nb', [[6, 7, 'y']], { line: 1, before: 'let x;', after: 'let y;' }],
  ['a line inserted', 'a\nb\n', [[2, 2, 'n\n']], { line: 1, before: 'b', after: 'n\nb' }],
  [
    'two lines',
    'a\nb\nc',
    [
      [0, 1, 'x'],
      [2, 3, 'y'],
    ],
    { line: 0, before: 'a\nb', after: 'x\ny' },
  ],
  ['carriage returns', 'a\r\nb\r\n', [[3, 4, 'c']], { line: 1, before: 'b', after: 'c' }],
  ['the end of the text', 'ab', [[2, 2, 'c']], { line: 0, before: 'ab', after: 'abc' }],
  ['beyond the text', 'ab', [[2, 9, 'c']], undefined],
  ['none', 'ab', [], undefined],
] as [string, string, TextEdit[], unknown][])('lines of an edit: %s', (_name, text, edits, expected) => {
  expect(linesOf(text, edits)).toEqual(expected);
});
