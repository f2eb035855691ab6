import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import * as protocol from '../src/index.ts';

const {
  checksumOf,
  DocumentChange,
  DocumentCursor,
  DocumentOpen,
  IndexControl,
  IndexExplain,
  InitializeParams,
  Method,
  SearchGrep,
  SearchQueryParams,
  SearchRelated,
  Settings,
  TabFeedback,
  TabPredict,
} = protocol;

/** What a schema makes of a value: the value with defaults, or the path that is wrong. */
function read(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  return result.success ? result.data : `wrong: ${result.error.issues[0]!.path.join('.')}`;
}

describe('messages', () => {
  const change = { path: '/a.ts', baseVersion: 1, version: 2, edits: [[0, 1, 'x']], origin: 'typed', length: 1 };
  const initialize = { protocolVersion: 1, client: { name: 'c', version: '1' }, folders: [], dataDir: '/d' };
  const tab = { enabled: true, disabledLanguages: [], disabledSources: [], minConfidence: 0.25 };
  const embedding = { address: '', model: '', dimensions: 0, keyVariable: '', key: '' };
  const index = { enabled: true, maxFileSize: 1_048_576, embedding };
  test.each<[string, z.ZodType, unknown, unknown]>([
    [
      'initialize fills in settings',
      InitializeParams,
      initialize,
      { ...initialize, facts: false, settings: { tab, index } },
    ],
    ['initialize needs a data folder', InitializeParams, { ...initialize, dataDir: undefined }, 'wrong: dataDir'],
    ['settings may be partial', Settings, { tab: { enabled: false } }, { tab: { ...tab, enabled: false }, index }],
    ['a probability is one', Settings, { tab: { minConfidence: 25 } }, 'wrong: tab.minConfidence'],
    [
      'open fills in scheme and write access',
      DocumentOpen,
      { path: '/a', languageId: 'c', version: 1, text: '' },
      { path: '/a', languageId: 'c', version: 1, text: '', scheme: 'file', readOnly: false },
    ],
    ['open needs a path', DocumentOpen, { path: '', languageId: 'c', version: 1, text: '' }, 'wrong: path'],
    [
      'a path has an end',
      DocumentOpen,
      { path: 'x'.repeat(8_193), languageId: 'c', version: 1, text: '' },
      'wrong: path',
    ],
    ['a change is read', DocumentChange, change, change],
    ['an edit has three parts', DocumentChange, { ...change, edits: [[0, 1]] }, 'wrong: edits.0'],
    ['an edit has whole offsets', DocumentChange, { ...change, edits: [[0, 1.5, '']] }, 'wrong: edits.0.1'],
    ['an edit has no negative offsets', DocumentChange, { ...change, edits: [[-1, 1, '']] }, 'wrong: edits.0.0'],
    ['an origin is a known one', DocumentChange, { ...change, origin: 'cat' }, 'wrong: origin'],
    [
      'a cursor selects nothing unless told',
      DocumentCursor,
      { path: '/a', offset: 0 },
      { path: '/a', offset: 0, selecting: false },
    ],
    [
      'a prediction is automatic unless told',
      TabPredict,
      { path: '/a', version: 1, offset: 0 },
      { path: '/a', version: 1, offset: 0, trigger: 'automatic' },
    ],
    ['an outcome is a known one', TabFeedback, { id: 's1', outcome: 'loved' }, 'wrong: outcome'],
    [
      'the index is set in parts',
      Settings,
      { index: { embedding: { address: 'http://localhost:11434/v1' } } },
      { tab, index: { ...index, embedding: { ...embedding, address: 'http://localhost:11434/v1' } } },
    ],
    ['a size is in whole bytes', Settings, { index: { maxFileSize: 0.5 } }, 'wrong: index.maxFileSize'],
    ['a query is bounded', SearchQueryParams, { text: 'x'.repeat(10_001) }, 'wrong: text'],
    ['a query may be empty', SearchQueryParams, { text: '' }, { text: '', limit: 20 }],
    ['an answer is bounded', SearchQueryParams, { text: 'x', limit: 201 }, 'wrong: limit'],
    [
      'a pattern is literal unless told',
      SearchGrep,
      { pattern: 'a.b' },
      { pattern: 'a.b', regex: false, ignoreCase: false, wholeWord: false, globs: [], limit: 200 },
    ],
    ['an empty pattern finds everything and is refused', SearchGrep, { pattern: '' }, 'wrong: pattern'],
    [
      'related files may come from a prompt alone',
      SearchRelated,
      { paths: [], prompt: 'x' },
      { paths: [], prompt: 'x', limit: 10 },
    ],
    ['the index is controlled by four words', IndexControl, { action: 'destroy' }, 'wrong: action'],
    ['an explanation is of a path', IndexExplain, { path: '' }, 'wrong: path'],
  ])('%s', (_name, schema, value, expected) => {
    expect(read(schema, value)).toEqual(expected);
  });

  test('no schema throws, whatever comes', () => {
    const schemas = Object.values<unknown>(protocol).filter(
      (value): value is z.ZodType => typeof value === 'object' && value !== null && 'safeParse' in value,
    );
    expect(schemas.length).toBeGreaterThan(12);
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...schemas), (value, schema) => {
        expect(typeof schema.safeParse(value).success).toBe('boolean');
      }),
      { seed: 2, numRuns: 2_000 },
    );
  });
});

describe('the checksum', () => {
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('of %j is FNV-1a', (text, checksum) => {
    expect(checksumOf(text)).toBe(checksum);
  });
  test('is told apart for one lost, doubled or swapped character', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 200 }), fc.nat(), (text, seed) => {
        const at = seed % (text.length - 1);
        const variants = [
          text.slice(0, at) + text.slice(at + 1),
          text.slice(0, at) + text[at] + text.slice(at),
          text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2),
        ];
        for (const variant of variants) if (variant !== text) expect(checksumOf(variant)).not.toBe(checksumOf(text));
      }),
      { seed: 4, numRuns: 1_000 },
    );
  });
  test('is an unsigned 32 bit number for halves of pairs too', () => {
    const checksum = checksumOf('\ud800\udfff\uffff');
    expect([Number.isInteger(checksum), checksum >= 0, checksum < 2 ** 32]).toEqual([true, true, true]);
  });
});

test('methods are named once, `feature/verb`', () => {
  const names = Object.values(Method);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+(\/[a-zA-Z]+)?$/);
});

test('error codes do not overlap, nor with those JSON-RPC reserves', () => {
  const codes = Object.values(protocol.ErrorCode);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code < -32_768 || code > -32_000).toBe(true);
});
