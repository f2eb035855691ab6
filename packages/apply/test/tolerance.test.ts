import { describe, expect, it } from 'vitest';
import { apply, text, verdicts } from './check.ts';

const block = (search: string, replace: string) => `<<<<<<< SEARCH\n${search}=======\n${replace}>>>>>>> REPLACE\n`;

const ORIGINAL = text(`
  class Cart {
      total(items) {
          let sum = 0;
          for (const item of items) {
              sum += item.price;
          }
          return sum;
      }
  }
`);

describe('what a document is like stays', () => {
  const edit = block('b\n', 'B\nB2\n');
  it.each([
    ['CRLF', 'a\r\nb\r\nc\r\n', 'a\r\nB\r\nB2\r\nc\r\n'],
    ['lone CR', 'a\rb\rc\r', 'a\rB\rB2\rc\r'],
    ['mixed line breaks', 'a\nb\r\nc\n', 'a\nB\r\nB2\nc\n'],
    ['a byte order mark', '\uFEFFb\nc\n', '\uFEFFB\nB2\nc\n'],
    ['no final break', 'a\nb', 'a\nB\nB2'],
    ['no final break, elsewhere', 'b\nc', 'B\nB2\nc'],
  ])('%s', (_, original, expected) => {
    expect(apply(original, edit).text).toBe(expected);
  });

  it('trailing white space of kept lines', () => {
    expect(apply('a  \nb\nc\t\n', block('a\nb\nc\n', 'a\nx\nc\n')).text).toBe('a  \nx\nc\t\n');
  });
});

describe('indentation', () => {
  const expected = ORIGINAL.replace(
    'sum += item.price;',
    'if (item.price) {\n                sum += item.price;\n            }',
  );
  it.each([
    [
      'dedented',
      'for (const item of items) {\n    sum += item.price;\n}\n',
      'for (const item of items) {\n    if (item.price) {\n        sum += item.price;\n    }\n}\n',
    ],
    [
      'deeper',
      '            for (const item of items) {\n                sum += item.price;\n            }\n',
      '            for (const item of items) {\n                if (item.price) {\n                    sum += item.price;\n                }\n            }\n',
    ],
    [
      'two spaces for four',
      '    for (const item of items) {\n      sum += item.price;\n    }\n',
      '    for (const item of items) {\n      if (item.price) {\n        sum += item.price;\n      }\n    }\n',
    ],
    [
      'tabs for spaces',
      '\t\tfor (const item of items) {\n\t\t\tsum += item.price;\n\t\t}\n',
      '\t\tfor (const item of items) {\n\t\t\tif (item.price) {\n\t\t\t\tsum += item.price;\n\t\t\t}\n\t\t}\n',
    ],
  ])("of an edit written %s becomes the document's", (_, search, replace) => {
    const result = apply(ORIGINAL, block(search, replace));
    expect(result.text).toBe(expected);
    expect(verdicts(result)).toEqual(['fuzzy']);
  });

  it('that cannot be known is reported, not guessed', () => {
    const result = apply('  a();\n      b();\n', block('a();\nb();\n', 'a();\n   c();\nb();\n'));
    expect(verdicts(result)).toEqual(['indentation']);
    expect(result.text).toBe('  a();\n      b();\n');
  });
});

describe('differences that do not hide the place', () => {
  it.each([
    [
      'trailing spaces in the edit',
      '        let sum = 0;  \n        for (const item of items) { \n',
      '        let sum = 1; \n        for (const item of items) { \n',
    ],
    [
      'blank lines added',
      '        let sum = 0;\n\n        for (const item of items) {\n',
      '        let sum = 1;\n\n        for (const item of items) {\n',
    ],
    [
      'spaces inside lines',
      '        let sum  = 0;\n        for (const item of  items) {\n',
      '        let sum = 1;\n        for (const item of  items) {\n',
    ],
  ])('%s', (_, search, replace) => {
    const result = apply(ORIGINAL, block(search, replace));
    expect(result.text.replace(/\n\n/g, '\n')).toBe(ORIGINAL.replace('sum = 0', 'sum = 1'));
  });

  it('a kept line that another edit renamed stays as the document has it', () => {
    const search =
      '    total(list) {\n        let sum = 0;\n        for (const item of items) {\n            sum += item.price;\n        }\n        return sum;\n';
    const result = apply(ORIGINAL, block(search, search.replace('sum = 0', 'sum = 10')));
    expect(result.text).toBe(ORIGINAL.replace('sum = 0', 'sum = 10'));
  });
});

describe('nothing is placed on a guess', () => {
  it('a removed line that differs in what the new text depends on', () => {
    const search =
      '    total(items) {\n        let sum = 5;\n        for (const item of items) {\n            sum += item.price;\n        }\n';
    const result = apply(ORIGINAL, block(search, search.replace('let sum = 5', 'let sum = 5 + 1')));
    expect(verdicts(result)).toEqual(['changed']);
    expect(result.text).toBe(ORIGINAL);
  });

  it('two places that fit equally, with both as candidates', () => {
    const result = apply('f();\ng();\nf();\n', block('f();\n', 'h();\n'));
    expect(verdicts(result)).toEqual(['ambiguous']);
    expect(result.hunks[0]!.candidates!.map((c) => c.range.start)).toEqual([0, 2]);
  });

  it('two copies at other depths', () => {
    expect(verdicts(apply('    go(1);\n        go(1);\n', block('go(1);\n', 'go(2);\n')))).toEqual(['ambiguous']);
  });

  it('a near copy of a place that was changed since', () => {
    const original = text(`
      function one() {
        open();
        readAll(file);
        close(first);
      }
      function two() {
          open();
          readAll(file);
          close(second);
      }
    `);
    const result = apply(
      original,
      block('  open();\n  readAll(file);\n  close(second);\n', '  open();\n  readAll(file, 1);\n  close(second);\n'),
    );
    expect(['ambiguous', 'fuzzy']).toContain(verdicts(result)[0]);
    if (result.complete)
      expect(result.text).toBe(original.replace(/(two[\s\S]*)readAll\(file\)/, '$1readAll(file, 1)'));
  });
});
