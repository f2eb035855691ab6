/** What the user sees, key by key, under a clock of the test: each line of a transcript is what was done and what was shown after it. */
import { fakeClock } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { memoryFeedback, type Outcome } from '../../src/tab/feedback.ts';
import { emptyLexicon } from '../../src/tab/lexicon/lexicon.ts';
import type { Candidate, Source } from '../../src/tab/source.ts';
import { createTab } from '../../src/tab/tab.ts';
import { noFiles } from '../../src/workspace/files.ts';
import type { ChangeOrigin } from '../../src/workspace/history.ts';
import { noLanguageFacts } from '../../src/workspace/language-facts.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { noSyntax } from '../../src/workspace/syntax.ts';

type Offers = (text: string, offset: number) => readonly Partial<Candidate>[];

/** A user at one document, before a source that offers what the function says. */
function user(text: string, offers: Offers) {
  const clock = fakeClock();
  const feedback = memoryFeedback();
  const transcript: string[] = [];
  let asked = 0;
  const source: Source = {
    name: 'scripted',
    *propose({ document, cursor }) {
      asked++;
      for (const candidate of offers(document.content, cursor.offset))
        yield { path: document.path, edits: [], score: 0.8, features: {}, evidence: [], ...candidate };
    },
  };
  const tab = createTab({
    sources: [source],
    facts: noLanguageFacts,
    syntax: noSyntax,
    files: noFiles,
    lexicon: emptyLexicon,
    feedback,
    now: clock.now,
    wallClock: clock.now,
  });
  let snapshot = Snapshot.empty.open({ path: 'a.ts', languageId: 'typescript', version: 1, text });
  let version = 1;
  let last: string | undefined;
  const content = () => snapshot.documents.get('a.ts')!.content;
  const self = {
    transcript,
    feedback,
    get asked() {
      return asked;
    },
    async see(label: string, offset: number): Promise<void> {
      const { suggestions, silence } = await tab.predict(
        snapshot,
        { path: 'a.ts', offset },
        new AbortController().signal,
      );
      expect(suggestions.length).toBeLessThanOrEqual(1);
      const shown = suggestions[0]?.shown ? suggestions[0] : undefined;
      const again = shown && shown.id === last ? ' (the same)' : '';
      last = shown?.id;
      const what = shown?.command
        ? `$ ${shown.command.text}`
        : shown?.edits.length
          ? shown.edits
              .map(([start, end, inserted]) => `[-${content().slice(start, end)}-]{+${inserted}+}`)
              .join(' ')
              .replaceAll('[--]', '')
          : shown && `${shown.peek ? 'peek' : 'go'} ${shown.cursorAfter}`;
      transcript.push(`${label}: ${what ? what + again : `silent, ${silence}`}`);
    },
    /** Replaces the first `from` (the cursor goes behind what comes), and looks when typing rests. */
    async edit(from: string, to: string, origin: ChangeOrigin = 'typed'): Promise<void> {
      const start = content().indexOf(from);
      await clock.advance(5_000);
      snapshot = snapshot.change({
        path: 'a.ts',
        baseVersion: version,
        version: ++version,
        edits: [[start, start + from.length, to]],
        origin,
        at: clock.now(),
      });
      await clock.advance(400);
      await self.see(`${origin} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`, start + to.length);
    },
    /** Tab: the text comes behind `after`, and the editor asks at once. */
    async accept(after: string, text: string): Promise<void> {
      const at = content().indexOf(after) + after.length;
      await clock.advance(80);
      snapshot = snapshot.change({
        path: 'a.ts',
        baseVersion: version,
        version: ++version,
        edits: [[at, at, text]],
        origin: 'accept',
        at: clock.now(),
      });
      await self.see(`accept ${JSON.stringify(text)}`, at + text.length);
    },
    /** Nothing is done for a while, then the editor asks again. */
    async rest(milliseconds: number, offset: number): Promise<void> {
      await clock.advance(milliseconds);
      await self.see(`${milliseconds} ms`, offset);
    },
    /** Key by key behind `after`, 80 ms apart. */
    async type(after: string, text: string): Promise<void> {
      let at = content().indexOf(after) + after.length;
      for (const key of text) {
        await clock.advance(80);
        snapshot = snapshot.change({
          path: 'a.ts',
          baseVersion: version,
          version: ++version,
          edits: [[at, at, key]],
          origin: 'typed',
          at: clock.now(),
        });
        at++;
        await self.see(key, at);
      }
    },
    answer: (outcome: Outcome) => tab.feedback(last!, outcome),
  };
  return self;
}

/** Completes `let x` to `let x = compute(1);` wherever it stands. */
const completes: Offers = (text, offset) => {
  const whole = 'let x = compute(1);';
  for (let length = whole.length - 1; length >= 5; length--)
    if (text.slice(0, offset).endsWith(whole.slice(0, length)))
      return [{ edits: [[offset, offset, whole.slice(length)]] }];
  return [];
};

/** Changes the first `old` to `new`. */
const renames: Offers = (text) => {
  const at = text.indexOf('old');
  return at < 0 ? [] : [{ edits: [[at, at + 3, 'new']] }];
};

test('no thrash while typing: what is shown shrinks by what is typed, and nobody is asked again', async () => {
  const typist = user('\nlet x', completes);
  await typist.type('let x', ' = com');
  expect(typist.transcript).toEqual([
    ' : {+= compute(1);+}',
    '=: {+ compute(1);+} (the same)',
    ' : {+compute(1);+} (the same)',
    'c: {+ompute(1);+} (the same)',
    'o: {+mpute(1);+} (the same)',
    'm: {+pute(1);+} (the same)',
  ]);
  expect(typist.asked).toBe(1);
});

test('typing something else puts it away at once, and it does not come back under the next key', async () => {
  const typist = user('\nlet x', completes);
  await typist.type('let x', ' =7;');
  expect(typist.transcript).toEqual([
    ' : {+= compute(1);+}',
    '=: {+ compute(1);+} (the same)',
    '7: silent, no source had anything',
    ';: silent, no source had anything',
  ]);
});

describe('what follows from an edit waits until it is typed', () => {
  const waits = 'silent, the edit it follows from is still being typed';

  test('until the keys rest', async () => {
    const typist = user('a\nold\n', renames);
    await typist.type('a', 'bc');
    await typist.rest(200, 3);
    await typist.rest(200, 3);
    expect(typist.transcript).toEqual([`b: ${waits}`, `c: ${waits}`, `200 ms: ${waits}`, '200 ms: [-old-]{+new+}']);
  });

  test('or the cursor leaves it', async () => {
    const typist = user('a\nold\n', renames);
    await typist.type('a', 'b');
    await typist.see('down', 5);
    expect(typist.transcript).toEqual([`b: ${waits}`, 'down: [-old-]{+new+}']);
  });

  test('but text at the cursor does not wait, nor what follows from an accepted or a pasted edit', async () => {
    const here: Offers = (text, offset) => [...renames(text, offset), { edits: [[offset, offset, '!']], score: 0.5 }];
    const typist = user('a\nold\n', here);
    await typist.type('a', 'b');
    await typist.edit('b', 'c', 'accept');
    await typist.edit('c', 'd', 'paste');
    expect(typist.transcript).toEqual([
      'b: {+!+}',
      'accept "b" -> "c": [-old-]{+new+}',
      'paste "c" -> "d": [-old-]{+new+}',
    ]);
  });

  test('what was accepted in the middle of typing is typed as well', async () => {
    const typist = user('a\nold\n', renames);
    await typist.type('a', 'b');
    await typist.accept('ab', 'cd');
    await typist.rest(400, 4);
    expect(typist.transcript).toEqual([`b: ${waits}`, `accept "cd": ${waits}`, '400 ms: [-old-]{+new+}']);
  });

  test('a key after the rest makes it wait again', async () => {
    const typist = user('a\nold\n', renames);
    await typist.type('a', 'b');
    await typist.rest(400, 2);
    await typist.type('ab', 'c');
    expect(typist.transcript.at(-1)).toBe(`c: ${waits}`);
  });
});

test('nothing after undo and redo, until something is typed', async () => {
  const typist = user('a\nold\n', renames);
  await typist.edit('a', 'b');
  await typist.edit('b', 'a', 'undo');
  await typist.edit('a', 'b', 'redo');
  await typist.edit('b', 'c');
  expect(typist.transcript).toEqual([
    'typed "a" -> "b": [-old-]{+new+}',
    'undo "b" -> "a": silent, nothing after undo',
    'redo "a" -> "b": silent, nothing after redo',
    'typed "b" -> "c": [-old-]{+new+}',
  ]);
});

test('nothing that only takes back what was just done, or puts back what was just deleted', async () => {
  const back: Offers = (text) => {
    const swap = (from: string, to: string): Partial<Candidate>[] => {
      const at = text.indexOf(from);
      return at < 0 ? [] : [{ edits: [[at, at + from.length, to]] }];
    };
    return [...swap('size', 'width'), ...(text.includes('log();') ? [] : swap('end', 'log();\nend'))];
  };
  const typist = user('width\nlog();\nend\n', back);
  await typist.edit('width', 'size');
  await typist.edit('log();\n', '');
  expect(typist.transcript).toEqual([
    'typed "width" -> "size": silent, it only takes back what was just done',
    'typed "log();\\n" -> "": silent, it only takes back what was just done',
  ]);
});

describe('rejected stays rejected', () => {
  test('when it moves, and until its line changes', async () => {
    const typist = user('a\nold\n', renames);
    await typist.edit('a', 'b');
    typist.answer('rejected');
    await typist.edit('b', '\n\nb2');
    await typist.edit('b2', 'b3');
    await typist.edit('old\n', 'old + 1\n');
    expect(typist.transcript).toEqual([
      'typed "a" -> "b": [-old-]{+new+}',
      'typed "b" -> "\\n\\nb2": silent, it was rejected before',
      'typed "b2" -> "b3": silent, it was rejected before',
      'typed "old\\n" -> "old + 1\\n": [-old-]{+new+}',
    ]);
  });

  test('though more of it was typed since', async () => {
    const typist = user('\nlet x', completes);
    await typist.type('let x', ' ');
    typist.answer('rejected');
    await typist.type('let x ', '= c');
    expect(typist.transcript.slice(1)).toEqual([
      '=: silent, it was rejected before',
      ' : silent, it was rejected before',
      'c: silent, it was rejected before',
    ]);
  });

  test('alone, and as a part of more', async () => {
    const { edits } = {
      edits: (text: string): Partial<Candidate>[] => [
        one(text),
        { edits: [...one(text).edits, ...two(text).edits] },
        two(text),
      ],
    };
    const place = (text: string, word: string) => ({
      edits: [[text.indexOf(word), text.indexOf(word) + 3, 'new']] as const,
    });
    const one = (text: string) => place(text, 'old');
    const two = (text: string) => place(text, 'odd');
    const typist = user('a\nold 1\nodd 2\n', (text) => edits(text).filter(({ edits: [first] = [] }) => first![0] >= 0));
    await typist.edit('a', 'b');
    typist.answer('rejected');
    await typist.edit('b', 'c');
    expect(typist.transcript).toEqual(['typed "a" -> "b": [-old-]{+new+}', 'typed "b" -> "c": [-odd-]{+new+}']);
  });

  test('a jump as well, by its line', async () => {
    const goes: Offers = (text) => [{ target: text.indexOf('target') }];
    const typist = user('a\ntarget\n', goes);
    await typist.edit('a', 'b');
    typist.answer('rejected');
    await typist.edit('b', '\nb2');
    await typist.edit('target', 'target2');
    expect(typist.transcript).toEqual([
      'typed "a" -> "b": go 2',
      'typed "b" -> "\\nb2": silent, it was rejected before',
      'typed "target" -> "target2": go 4',
    ]);
  });

  test('an ignored one may come again', async () => {
    const typist = user('a\nold\n', renames);
    await typist.edit('a', 'b');
    typist.answer('ignored');
    await typist.edit('b', 'c');
    expect(typist.transcript.at(-1)).toBe('typed "b" -> "c": [-old-]{+new+}');
  });
});

describe('jumps only when the target is likelier than staying', () => {
  const both =
    (here: number, there: number): Offers =>
    (text, offset) => [
      { edits: [[offset, offset, '!']], score: here },
      { edits: [[text.indexOf('old'), text.indexOf('old') + 3, 'new']], score: there },
    ];
  test.each([
    [0.5, 0.5, '{+!+}'],
    [0.5, 0.59, '{+!+}'],
    [0.5, 0.62, '[-old-]{+new+}'],
    [0.2, 0.3, '[-old-]{+new+}'],
    [0.3, 0.2, '{+!+}'],
  ])('%d here, %d there: %s', async (here, there, shown) => {
    const typist = user('a\nold\n', both(here, there));
    await typist.edit('a', 'b');
    expect(typist.transcript).toEqual([`typed "a" -> "b": ${shown}`]);
  });
});

describe('commands and looks', () => {
  const command = (change: string) => ({ text: 'npm install zod', cwd: '', reason: '', change });

  test('come behind every edit, however likely they are', async () => {
    const offers: Offers = (text) => [
      { command: command('add zod'), score: 0.99 },
      { target: 0, peek: true, score: 0.95 },
      ...renames(text, 0).map((one) => ({ ...one, score: 0.3 })),
    ];
    const typist = user('a\nold\n', offers);
    await typist.edit('a', 'b');
    await typist.edit('old', 'done');
    expect(typist.transcript).toEqual(['typed "a" -> "b": [-old-]{+new+}', 'typed "old" -> "done": $ npm install zod']);
  });

  test.each<Outcome>(['accepted', 'rejected', 'ignored'])('are offered once for each change: %s', async (outcome) => {
    let change = 'add zod';
    const typist = user('a\n', () => [{ command: command(change) }]);
    await typist.edit('a', 'b');
    typist.answer(outcome);
    await typist.edit('b', 'c');
    change = 'another';
    await typist.edit('c', 'd');
    expect(typist.transcript).toEqual([
      'typed "a" -> "b": $ npm install zod',
      'typed "b" -> "c": silent, it was offered before',
      'typed "c" -> "d": $ npm install zod',
    ]);
  });

  test('stay away below the bar', async () => {
    const typist = user('a\n', () => [{ command: command('x'), score: 0.24 }]);
    await typist.edit('a', 'b');
    expect(typist.transcript).toEqual(['typed "a" -> "b": silent, its confidence of 24 % is below 25 %']);
  });

  test('a look at a place is offered once as well', async () => {
    const typist = user('a\n', () => [{ target: 1, peek: true }]);
    await typist.edit('a', 'b');
    typist.answer('ignored');
    await typist.edit('b', 'c');
    expect(typist.transcript).toEqual(['typed "a" -> "b": peek 1', 'typed "b" -> "c": silent, it was offered before']);
  });
});
