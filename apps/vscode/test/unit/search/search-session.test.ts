import type { IndexStatusParams, SearchQueryResult } from '@tabstop/protocol';
import { fakeClock, settle } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { REST, type SearchState, searchSession } from '../../../src/search/search-session.ts';
import { answerText, wordsOf } from '../../../src/search/search-text.ts';

const answer = (change: Partial<SearchQueryResult> = {}): SearchQueryResult => ({
  results: [],
  state: 'complete',
  ms: 3,
  notes: [],
  ...change,
});
const status = (state: IndexStatusParams['state'], syncedAt = 1): IndexStatusParams => ({
  state,
  syncedAt,
  files: 1,
  chunks: 1,
  embedded: 1,
  done: 0,
  total: 0,
  skipped: 0,
  follower: false,
  model: 'm',
  bytes: 0,
});

/** A box, a clock and an engine that answers when the test says so. `log` is what was asked, given up and shown, in order. */
function box() {
  const clock = fakeClock();
  const log: string[] = [];
  const waiting: {
    text: string;
    resolve: (value: SearchQueryResult | undefined) => void;
    reject: (error: Error) => void;
  }[] = [];
  const told = (state: SearchState) => (state.kind === 'idle' ? 'idle' : `${state.kind} ${state.text}`);
  const session = searchSession({
    timers: { setTimeout: clock.setTimeout, clearTimeout: (id) => clock.clearTimeout(id as number) },
    onState: (state) => log.push(told(state)),
    ask(text, signal) {
      log.push(`ask ${text}`);
      signal.addEventListener('abort', () => log.push(`give up ${text}`));
      return new Promise((resolve, reject) => {
        waiting.push({ text, resolve, reject });
      });
    },
  });
  const engine = (text: string) => waiting.findLast((one) => one.text === text)!;
  return { session, clock, log, engine };
}

describe('typing', () => {
  test('asks when it rests, for what stands there then', async () => {
    const { session, clock, log, engine } = box();
    for (const text of ['r', 're', 'ret']) {
      session.type(text);
      await clock.advance(REST - 1);
    }
    await clock.advance(1);
    engine('ret').resolve(answer());
    await settle();
    expect(log).toEqual(['searching r', 'searching re', 'searching ret', 'ask ret', 'answered ret']);
  });
  test('gives up what is not wanted any more; a late answer is not shown', async () => {
    const { session, clock, log, engine } = box();
    session.type('one');
    await clock.advance(REST);
    session.type('two');
    engine('one').resolve(answer());
    await clock.advance(REST);
    engine('two').resolve(answer());
    await settle();
    expect(log).toEqual(['searching one', 'ask one', 'give up one', 'searching two', 'ask two', 'answered two']);
  });
  test('what is on the screen stays until there is something newer', async () => {
    const { session, clock, engine } = box();
    const first = answer({ ms: 1 });
    session.type('one', 'now');
    engine('one').resolve(first);
    await settle();
    session.type('two');
    expect(session.state).toEqual({ kind: 'searching', text: 'two', before: first });
    session.type('three');
    await clock.advance(REST);
    expect(session.state).toEqual({ kind: 'searching', text: 'three', before: first });
  });
  test('white space around changes nothing', async () => {
    const { session, log, engine } = box();
    session.type('one', 'now');
    engine('one').resolve(answer());
    await settle();
    session.type(' one ');
    expect(log).toEqual(['searching one', 'ask one', 'answered one']);
  });
  test('nothing typed is nothing found', async () => {
    const { session, clock, log } = box();
    session.type('one');
    session.type('   ');
    session.type('');
    await clock.advance(1_000);
    expect(log).toEqual(['searching one', 'idle']);
  });
});

describe('what goes wrong is said', () => {
  test('no engine, and an error in its words', async () => {
    const { session, engine } = box();
    session.type('one', 'now');
    engine('one').resolve(undefined);
    await settle();
    expect(session.state).toEqual({
      kind: 'unavailable',
      text: 'one',
      message: 'The engine is not running at the moment.',
    });
    session.type('one', 'now');
    engine('one').reject(new Error('No folder is open, so there is nothing to search.'));
    await settle();
    expect(wordsOf(session.state)).toBe('No folder is open, so there is nothing to search.');
  });
});

describe('when the index has gone on', () => {
  test('what lacked something is asked again, without a word', async () => {
    const { session, log, engine } = box();
    session.indexed(status('embedding'));
    session.type('one', 'now');
    engine('one').resolve(answer({ state: 'lexical' }));
    await settle();
    session.indexed(status('embedding'));
    session.indexed(status('ready'));
    expect(log.slice(2)).toEqual(['answered one', 'ask one']);
    engine('one').resolve(answer());
    await settle();
    session.indexed(status('ready', 2));
    expect(log.slice(4)).toEqual(['answered one']);
  });
  test('what could not be asked is asked', async () => {
    const { session, log, engine } = box();
    session.type('one', 'now');
    engine('one').reject(new Error('being opened'));
    await settle();
    session.indexed(status('reconciling'));
    session.indexed(status('indexing'));
    expect(log.slice(2)).toEqual(['unavailable one', 'ask one']);
  });
  test('nothing is asked of an empty box, nor after the end', async () => {
    const { session, log, engine, clock } = box();
    session.indexed(status('ready'));
    session.type('one');
    session.dispose();
    await clock.advance(1_000);
    session.indexed(status('ready', 2));
    expect([log, engine('one')]).toEqual([['searching one'], undefined]);
  });
});

describe('the line below the box', () => {
  const place = (path: string) => ({
    root: '/p',
    path,
    startLine: 1,
    endLine: 1,
    score: 1,
    text: '',
    language: '',
    highlights: [],
    why: {},
  });
  test.each<[Partial<SearchQueryResult>, string]>([
    [{ results: [place('a'), place('a'), place('b')], ms: 7.6 }, '3 places in 2 files · 8 ms'],
    [{ results: [place('a')], ms: 0.2 }, '1 place in 1 file · <1 ms'],
    [{}, 'Nothing was found. Try other words, or fewer.'],
    [
      { results: [place('a')], state: 'lexical' },
      '1 place in 1 file · 3 ms · by words so far: meaning is still being read',
    ],
    [
      { results: [place('a')], state: 'stale', notes: ['lang:x is unknown'] },
      '1 place in 1 file · 3 ms · some changes are not taken in yet · lang:x is unknown',
    ],
  ])('%j', (change, text) => {
    expect(answerText(answer(change))).toBe(text);
  });
  test('while it searches it keeps saying what is on the screen', () => {
    expect(wordsOf({ kind: 'searching', text: 'x', before: undefined })).toBe('Searching…');
    expect(wordsOf({ kind: 'searching', text: 'x', before: answer({ results: [place('a')] }) })).toBe(
      '1 place in 1 file · 3 ms',
    );
    expect(wordsOf({ kind: 'idle' })).toBe('');
  });
});
