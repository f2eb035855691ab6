import { describe, expect, it } from 'vitest';
import { parseEdit } from '../src/index.ts';
import { apply, text, verdicts } from './check.ts';

const ORIGINAL = text(`
  import { a } from './a';

  export function first(x) {
    const y = a(x);
    return y;
  }

  export function second(x) {
    const z = a(x) + 1;
    return z;
  }
`);

const block = (search: string, replace: string, marks = 7) =>
  `${'<'.repeat(marks)} SEARCH\n${search}${'='.repeat(marks)}\n${replace}${'>'.repeat(marks)} REPLACE\n`;

describe('search and replace blocks', () => {
  it('are placed where the search text stands', () => {
    const result = apply(ORIGINAL, block('  return y;\n', '  return y * 2;\n'));
    expect(result.text).toBe(ORIGINAL.replace('return y;', 'return y * 2;'));
    expect(verdicts(result)).toEqual(['exact']);
    expect(result.hunks[0]!.range).toEqual({ start: 4, end: 5 });
  });

  it.each([3, 5, 6, 8, 9])('are read with markers of %i signs', (marks) => {
    expect(apply(ORIGINAL, block('  return y;\n', '  return 0;\n', marks)).text).toBe(
      ORIGINAL.replace('return y;', 'return 0;'),
    );
  });

  it.each([
    ['no fence', (b: string) => b],
    ['a fence', (b: string) => `\`\`\`js\n${b}\`\`\`\n`],
    ['a doubled fence', (b: string) => `\`\`\`\n\`\`\`js\n${b}\`\`\`\n\`\`\`\n`],
    ['prose around', (b: string) => `I changed this:\n\n${b}\nThat is all.\n`],
    ['a fence inside the block', () => block('```js\n  return y;\n```\n', '```js\n  return 0;\n```\n')],
    [
      'the end marker forgotten before the closing fence',
      (b: string) => `\`\`\`js\n${b.replace('>>>>>>> REPLACE\n', '')}\`\`\`\n`,
    ],
    ['CRLF', (b: string) => b.replaceAll('\n', '\r\n')],
    ['Roo line hints', (b: string) => b.replace('SEARCH\n', 'SEARCH\n:start_line:4\n-------\n')],
  ])('are read with %s', (_, wrap) => {
    const result = apply(ORIGINAL, wrap(block('  return y;\n', '  return 0;\n')));
    expect(result.text).toBe(ORIGINAL.replace('return y;', 'return 0;'));
    expect(result.complete).toBe(true);
  });

  it.each([
    ['above', `src/x.js\n${block('a\n', 'b\n')}`],
    ['above the fence, in bold', `**src/x.js**\n\`\`\`js\n${block('a\n', 'b\n')}\`\`\`\n`],
    ['in the fence', `\`\`\`js src/x.js\n${block('a\n', 'b\n')}\`\`\`\n`],
    ['on the marker', block('a\n', 'b\n').replace('SEARCH', 'SEARCH src/x.js')],
    ['below', `${block('a\n', 'b\n')}src/x.js\n`],
  ])('take the file name from %s', (_, edit) => {
    expect(parseEdit(edit, 'search-replace').files.map((file) => file.path)).toEqual(['src/x.js']);
  });

  it('of several files are told apart', () => {
    const edit = `src/x.js\n${block('  return y;\n', '  return 1;\n')}\nsrc/other.js\n${block('nothing here\n', 'x\n')}`;
    expect(apply(ORIGINAL, edit, 'auto', { path: 'src/x.js' }).text).toBe(ORIGINAL.replace('return y;', 'return 1;'));
  });

  it('may come in any order, and one about text that another brings in is placed after it', () => {
    const edit =
      block('  return z;\n', '  return z - 1;\n') +
      block('  return y;\n', '  const twice = y * 2;\n  return twice;\n') +
      block('  const twice = y * 2;\n', '  const twice = 2 * y;\n');
    const result = apply(ORIGINAL, edit);
    expect(result.text).toBe(
      ORIGINAL.replace('return z;', 'return z - 1;').replace('return y;', 'const twice = 2 * y;\n  return twice;'),
    );
    expect(result.complete).toBe(true);
  });

  describe('whose end marker has no word', () => {
    const bare = (sign: string) => block('  return y;\n', '  return 0;\n').replace('>>>>>>> REPLACE', sign);
    const second = block('  return z;\n', '  return 1;\n');

    it.each([
      ['as long as the others', bare('>>>>>>>')],
      ['as long as the others, a file name behind it', bare('>>>>>>> src/x.js')],
      ['of another length, at the end', bare('>>>>>')],
      ['of another length, before the closing fence', `\`\`\`js\n${bare('>>>>>>>>>')}\`\`\`\n`],
      ['of another length, before another block', `${bare('>>>>>>>>>')}\n${second}`],
    ])('end there: %s', (_, edit) => {
      const result = apply(ORIGINAL, edit);
      expect([result.complete, result.text.replace('return 1;', 'return z;')]).toEqual([
        true,
        ORIGINAL.replace('return y;', 'return 0;'),
      ]);
    });

    it('do not end at a line of such signs that is text', () => {
      const original = 'Title\n>>>>>>>>>\nText\n>>>>>>>>>\nEnd\n';
      const edit = block('Text\n>>>>>>>>>\nEnd\n', 'Words\n>>>>>>>>>\nEnd\n', 8);
      expect(apply(original, edit).text).toBe(original.replace('Text', 'Words'));
    });

    it('are reported where text stands behind a marker of another length', () => {
      const result = apply(ORIGINAL, `${bare('>>>>>>>>>')}  return y;\n`);
      expect([verdicts(result), result.text]).toEqual([['truncated'], ORIGINAL]);
    });
  });

  it('that fail do not cancel the others', () => {
    const result = apply(ORIGINAL, block('  return q;\n', '  return 0;\n') + block('  return z;\n', '  return 1;\n'));
    expect(verdicts(result)).toEqual(['missing', 'exact']);
    expect(result.text).toBe(ORIGINAL.replace('return z;', 'return 1;'));
    expect(result.complete).toBe(false);
  });

  it.each([
    ['ambiguous', '}\n', '};\n'],
    ['missing', '  return something.else.entirely;\n', '\n'],
    ['empty', '', 'x\n'],
    ['already-applied', '  const y = b(x);\n  return 1;\n', '  const y = a(x);\n  return y;\n'],
  ])('are reported as %s, the document untouched', (reason, search, replace) => {
    const result = apply(ORIGINAL, block(search, replace));
    expect(verdicts(result)).toEqual([reason]);
    expect(result.text).toBe(ORIGINAL);
  });

  it('cut off in the middle are reported', () => {
    const result = apply(ORIGINAL, '<<<<<<< SEARCH\n  return y;\n=======\n  return');
    expect(verdicts(result)).toEqual(['truncated']);
    expect(result.text).toBe(ORIGINAL);
  });

  it('fill an empty document when the search text is empty', () => {
    expect(apply('', block('', 'hello\n')).text).toBe('hello\n');
  });

  it('whose content has lines like the divider are placed when one reading fits', () => {
    const original = 'Title\n=====\n\nText\n';
    const result = apply(original, block('Title\n=====\n', 'Better\n=====\n'));
    expect(result.text).toBe('Better\n=====\n\nText\n');
  });

  it.each([
    ['behind the new text', '  return y;\n', '  return 0;\n=======\n'],
    ['before the new text', '  return y;\n', '=======\n  return 0;\n'],
  ])('with a divider too many %s are reported: no marker becomes text', (_, search, replace) => {
    const result = apply(ORIGINAL, block(search, replace));
    expect([result.complete, result.text]).toEqual([false, ORIGINAL]);
  });

  it('with fences inside are not found as a place that lacks the fences', () => {
    const twin = 'where\n  A: One;\n  A: One;\n\nimpl X for Y\nwhere\n  T: Eq,\n\nimpl X for Y\nwhere\n  T: Eq,\n';
    const fenced = (text: string) => `\`\`\`rs\n${text}\`\`\`\n`;
    const old = 'where\n  A: One;\n\nimpl X for Y\nwhere\n';
    const result = apply(twin, block(fenced(old), fenced(old.replace('for Y', 'for Z'))));
    expect([result.complete, result.text]).toEqual([false, twin]);
  });

  it('replace a middle that they shorten to dots', () => {
    const result = apply(ORIGINAL, block('export function first(x) {\n...\n  return y;\n}\n', 'const first = a;\n'));
    expect(result.text).toBe(ORIGINAL.replace(/export function first[\s\S]*?\n\}/, 'const first = a;'));
  });
});
