import { describe, expect, test } from 'vitest';
import { Document, LIMITS } from '../../src/workspace/document.ts';
import { changeSetOf } from '../../src/workspace/text-edit.ts';

const open = (text: string, more: { readOnly?: boolean; scheme?: string; path?: string } = {}) =>
  Document.open({ path: 'a.ts', languageId: 'typescript', version: 1, text, ...more });

describe('what Tab keeps out of', () => {
  const lines = (count: number) => 'x\n'.repeat(count - 1);
  test.each([
    ['code', open('let a = 1;\n'), undefined],
    ['an empty document', open(''), undefined],
    ['a read-only document', open('a', { readOnly: true }), 'read-only'],
    ['a document with nulls', open('MZ\0\0'), 'binary'],
    ['nulls far behind the beginning', open(`${'a\n'.repeat(5_000)}\0`), undefined],
    [
      '1,000,000 code units',
      open(
        'x'
          .repeat(99)
          .concat('\n')
          .repeat(LIMITS.codeUnits / 100),
      ),
      undefined,
    ],
    [
      'one code unit more',
      open(
        'x'
          .repeat(99)
          .concat('\n')
          .repeat(LIMITS.codeUnits / 100)
          .concat('x'),
      ),
      'too-large',
    ],
    ['20,000 lines', open(lines(LIMITS.lines)), undefined],
    ['20,001 lines', open(lines(LIMITS.lines + 1)), 'too-many-lines'],
    ['a line of 10,000 code units', open(`a\n${'x'.repeat(LIMITS.lineLength)}\nb`), undefined],
    ['a line of 10,001 code units', open(`a\n${'x'.repeat(LIMITS.lineLength + 1)}\nb`), 'line-too-long'],
    ['an unsaved document', open('a', { scheme: 'untitled' }), undefined],
    ['a notebook cell', open('a', { scheme: 'vscode-notebook-cell' }), undefined],
    ['the chat input', open('a', { scheme: 'chat' }), 'not-code'],
    ['the left side of a diff', open('a', { scheme: 'git' }), 'not-code'],
    ['an output panel', open('a', { scheme: 'output' }), 'not-code'],
  ] as const)('%s', (_name, document, exclusion) => {
    expect(document.exclusion).toBe(exclusion);
  });

  test('is looked at anew after a change', () => {
    const long = open('x'.repeat(LIMITS.lineLength + 1));
    expect(long.exclusion).toBe('line-too-long');
    expect(long.update(changeSetOf([[0, 1, '']], long.length), 2).exclusion).toBe(undefined);
  });
});

describe('line breaks', () => {
  test.each([
    ['a', '\n'],
    ['a\nb\r\n', '\n'],
    ['a\r\nb\n', '\r\n'],
    ['\r\n', '\r\n'],
    ['a\rb\nc', '\n'],
  ])('of %j: new lines are %j', (text, eol) => {
    expect(open(text).eol).toBe(eol);
  });

  test('mixed ones stay as they are through changes', () => {
    const mixed = open('a\r\nb\nc\rd\r\n');
    const changed = mixed.update(changeSetOf([[3, 4, 'B\r\n']], mixed.length), 2);
    expect(changed.content).toBe('a\r\nB\r\n\nc\rd\r\n');
    expect([changed.length, changed.version, mixed.content]).toEqual([12, 2, 'a\r\nb\nc\rd\r\n']);
  });
});

test('a document that becomes what it is stays the same value', () => {
  const document = open('a');
  expect(document.withReadOnly(false)).toBe(document);
  expect(document.withReadOnly(true)).toMatchObject({ readOnly: true, content: 'a', version: 1 });
});
