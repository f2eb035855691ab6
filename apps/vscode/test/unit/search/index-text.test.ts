import type { IndexStatusParams } from '@tabstop/protocol';
import { describe, expect, test } from 'vitest';
import type { EngineState } from '../../../src/engine/supervisor.ts';
import { ago, indexText } from '../../../src/search/index-text.ts';
import { indexPage, searchPage } from '../../../src/search/pages.ts';

const NOW = 10_000_000;
const READY: IndexStatusParams = {
  state: 'ready',
  files: 2_500,
  chunks: 30_000,
  embedded: 30_000,
  done: 0,
  total: 0,
  skipped: 7,
  lastChange: NOW - 40_000,
  syncedAt: NOW - 1_000,
  follower: false,
  model: 'own-1',
  bytes: 20 * 1024 * 1024,
};
const RUNS: EngineState = { kind: 'ready', pid: 1 };
const said = (status: Partial<IndexStatusParams> | undefined, engine: EngineState = RUNS) =>
  indexText({ engine, status: status && { ...READY, ...status } }, NOW);

describe('the index view', () => {
  test.each<[Partial<IndexStatusParams> | undefined, string, string, string[]]>([
    [undefined, 'Opened in a moment', 'busy', []],
    [{ state: 'waiting' }, 'Opened in a moment', 'busy', []],
    [{ state: 'off' }, 'Switched off', 'normal', ['settings']],
    [{ state: 'no-folder' }, 'No folder is open', 'normal', ['folder']],
    [{ state: 'starting' }, 'Opening', 'busy', ['pause']],
    [{ state: 'reconciling' }, 'Looking for changes', 'busy', ['pause']],
    [{ state: 'indexing', done: 333, total: 1_000 }, 'Indexing 33 %', 'busy', ['pause']],
    [{ state: 'indexing' }, 'Indexing', 'busy', ['pause']],
    [{ state: 'embedding', done: 9_999, total: 10_000 }, 'Reading for meaning 99 %', 'busy', ['pause']],
    [{ state: 'ready' }, 'Up to date', 'normal', ['pause', 'rebuild', 'delete']],
    [
      { state: 'ready', follower: true },
      'Up to date, kept by another window',
      'normal',
      ['pause', 'rebuild', 'delete'],
    ],
    [
      { state: 'ready', problem: 'no watcher' },
      'Ready, with a problem',
      'warning',
      ['pause', 'rebuild', 'delete', 'log'],
    ],
    [{ state: 'paused' }, 'Paused', 'warning', ['resume', 'rebuild', 'delete']],
    [{ state: 'paused', files: 0 }, 'Paused, and empty', 'warning', ['resume']],
    [{ state: 'failed', problem: 'the disk is full' }, 'Failed', 'error', ['rebuild', 'log']],
  ])('%j', (status, headline, tone, actions) => {
    const text = said(status);
    expect([text.headline, text.tone, text.actions]).toEqual([headline, tone, actions]);
    expect(text.short).not.toBe('');
  });
  test.each<[EngineState, string, string, string[]]>([
    [{ kind: 'starting' }, 'The engine is starting', 'busy', []],
    [
      { kind: 'waiting', delay: 1, crashes: 1, reason: 'killed by SIGKILL' },
      'The engine is started again',
      'warning',
      ['log'],
    ],
    [{ kind: 'refused', reason: 'version 2' }, 'The engine refused to work', 'error', ['log']],
    [{ kind: 'stopped' }, 'The engine is stopped', 'warning', ['restart', 'log']],
  ])('without an engine: %j', (engine, headline, tone, actions) => {
    const text = said(READY, engine);
    expect([text.headline, text.tone, text.actions, text.facts]).toEqual([headline, tone, actions, []]);
  });
  test('progress is known where there is a total', () => {
    expect(said({ state: 'indexing', done: 1, total: 4 }).progress).toBe(0.25);
    expect(said({ state: 'indexing', done: 5, total: 4 }).progress).toBe(1);
    expect(said({ state: 'reconciling' }).progress).toBe(-1);
    expect(said({ state: 'ready' }).progress).toBe(undefined);
  });
  test('facts', () => {
    expect(said({}).facts).toEqual([
      ['Files', '2,500'],
      ['Chunks', '30,000'],
      ['Meaning', '100 % by own-1'],
      ['Last change', '40 s ago'],
      ['In step', 'just now'],
      ['On disk', '20 MB'],
    ]);
    expect(said({ chunks: 0, lastChange: undefined, syncedAt: undefined, bytes: 0, follower: true }).facts).toEqual([
      ['Files', '2,500'],
      ['Chunks', '0'],
      ['Meaning', '–'],
      ['Written by', 'another window'],
    ]);
    expect(said({ model: 'none', embedded: 0 }).facts[2]).toEqual(['Meaning', 'no model: words alone']);
  });
  test('what the search view says of it tells whether answers are all there is', () => {
    expect([
      said({}).short,
      said({ files: 1 }).short,
      said({ state: 'indexing', done: 1, total: 2 }).short,
      said({ state: 'paused', syncedAt: NOW - 300_000 }).short,
      said({ state: 'failed', problem: 'the disk is full' }).short,
    ]).toEqual([
      'Up to date: 2,500 files.',
      'Up to date: 1 file.',
      'Indexing 50 %: not everything is found yet.',
      'Paused since 5 min ago.',
      'The index failed: the disk is full',
    ]);
  });
});

test.each([
  [0, 'just now'],
  [-5_000, 'just now'],
  [59_000, '59 s ago'],
  [120_000, '2 min ago'],
  [7_200_000, '2 h ago'],
  [259_200_000, '3 days ago'],
])('%d ms ago', (ms, text) => {
  expect(ago(NOW - ms, NOW)).toBe(text);
});

describe.each([
  ['search', searchPage],
  ['index', indexPage],
])('the page of the %s view', (name, page) => {
  const html = page({
    source: 'https://own',
    nonce: 'n0nce',
    style: `https://own/${name}.css`,
    script: `https://own/${name}.js`,
  });
  test('loads its own style and script and nothing from elsewhere', () => {
    expect(html).toContain(`content="default-src 'none'; style-src https://own; script-src 'nonce-n0nce'"`);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
    expect(addresses).toEqual([`https://own/${name}.css`, `https://own/${name}.js`]);
    expect(html).not.toMatch(/ on[a-z]+="| style="|<style/);
  });
  test('names what a screen reader reads', () => {
    const roles = [...html.matchAll(/role="([a-z]+)"/g)].map((match) => match[1]);
    expect(roles).toContain('status');
    for (const [, tag] of html.matchAll(/<(?:input|button)([^>]*)>/g)) expect(tag).toContain('aria-label="');
  });
});
