import { describe, expect, it } from 'vitest';
import { parseEdit } from '../src/index.ts';
import { apply, verdicts } from './check.ts';

const ORIGINAL = 'function f() {\n    const a = one();\n    return a;\n}\n';
const EXPECTED = ORIGINAL.replace('one()', 'two()');
const call = { command: 'str_replace', path: 'f.js', old_str: 'const a = one();', new_str: 'const a = two();' };

describe('string-replace calls', () => {
  it.each([
    ["Claude's text editor", JSON.stringify(call)],
    [
      'a tool_use block',
      JSON.stringify({ type: 'tool_use', id: 't', name: 'str_replace_based_edit_tool', input: call }, null, 2),
    ],
    [
      'Claude Code',
      JSON.stringify({ file_path: 'f.js', old_string: call.old_str, new_string: call.new_str, replace_all: false }),
    ],
    ['several edits', JSON.stringify({ file_path: 'f.js', edits: [{ old_string: 'one()', new_string: 'two()' }] })],
    [
      'arguments as a string',
      JSON.stringify({ type: 'function', function: { name: 'edit', arguments: JSON.stringify(call) } }),
    ],
    ['a fence in prose', `I will change it:\n\n\`\`\`json\n${JSON.stringify(call, null, 2)}\n\`\`\`\n`],
    ['a comma too many', `${JSON.stringify(call).slice(0, -1)},}`],
    [
      'parameter tags',
      `<invoke name="str_replace">\n<parameter name="path">f.js</parameter>\n<parameter name="old_str">const a = one();</parameter>\n<parameter name="new_str">const a = two();</parameter>\n</invoke>\n`,
    ],
    ['plain tags', '<old_str>\n    const a = one();\n</old_str>\n<new_str>\n    const a = two();\n</new_str>\n'],
  ])('are read from %s', (_, edit) => {
    const result = apply(ORIGINAL, edit);
    expect(result.text).toBe(EXPECTED);
    expect(result.complete).toBe(true);
  });

  it('are read with raw line breaks inside strings', () => {
    const edit = '{"old_str": "    const a = one();\n    return a;", "new_str": "    return two();"}';
    expect(apply(ORIGINAL, edit, 'str-replace').text).toBe('function f() {\n    return two();\n}\n');
  });

  it('need one occurrence, or say that all are meant', () => {
    const edit = { old_str: 'x', new_str: 'y' };
    expect(verdicts(apply('x = x\n', JSON.stringify(edit), 'str-replace'))).toEqual(['ambiguous']);
    expect(apply('x = x\nx\n', JSON.stringify({ ...edit, replace_all: true }), 'str-replace').text).toBe('y = y\ny\n');
  });

  it('may start and end inside lines, also across CRLF', () => {
    const edit = JSON.stringify({ old_str: 'b;\nc', new_str: 'B;\nX;\nC' });
    expect(apply('a b;\r\nc d\r\n', edit, 'str-replace').text).toBe('a B;\r\nX;\r\nC d\r\n');
  });

  it("written at another depth are brought to the document's", () => {
    const edit = JSON.stringify({
      old_str: 'const a = one();\nreturn a;',
      new_str: 'const a = one();\nlog(a);\nreturn a;',
    });
    expect(apply(ORIGINAL, edit, 'str-replace').text).toBe(ORIGINAL.replace('    return', '    log(a);\n    return'));
  });

  it('insert behind a line, and create files', () => {
    expect(
      apply('a\nb\n', JSON.stringify({ command: 'insert', path: 'x', insert_line: 1, insert_text: 'n' })).text,
    ).toBe('a\nn\nb\n');
    const { files } = parseEdit(JSON.stringify({ command: 'create', path: 'new.js', file_text: 'x\n' }));
    expect(files).toEqual([{ path: 'new.js', action: 'whole', content: 'x\n', hunks: [] }]);
  });

  it('that are not JSON are reported', () => {
    expect(verdicts(apply(ORIGINAL, '{"old_str": "a", "new_str": ', 'str-replace'))).toEqual(['malformed']);
  });
});

describe('apply_patch as a tool call', () => {
  const patch =
    '*** Begin Patch\n*** Update File: f.js\n@@\n-    const a = one();\n+    const a = two();\n*** End Patch\n';
  it.each([
    ['a command of words', { command: ['apply_patch', patch] }],
    ['an input', { name: 'apply_patch', input: { input: patch } }],
    ['arguments as a string', { function: { name: 'apply_patch', arguments: JSON.stringify({ patch }) } }],
  ])('is read from %s', (_, edit) => {
    const result = apply(ORIGINAL, JSON.stringify(edit));
    expect([verdicts(result), result.text]).toEqual([['exact'], EXPECTED]);
  });
});

describe('find and replace', () => {
  it('whose blank line at the end is text where the document says so', () => {
    const twice =
      'a() {\n  import(one);\n\n  cmd = first;\n  rest;\n}\nb() {\n  import_(one);\n\n  cmd = first;\n\n}\n';
    const edit =
      'FIND:\n  import(one);\n\n  cmd = first;\n\nREPLACE WITH:\n  import(one);\n  import(two);\n\n  cmd = first;\n\nEND\n';
    expect(verdicts(apply(twice, edit))).toEqual(['ambiguous']);
  });

  it.each([
    ['bare labels', 'FIND\n    return a;\nREPLACE\n    return a + 1;\n'],
    ['labels', 'FIND:\n    return a;\nREPLACE WITH:\n    return a + 1;\nEND\n'],
    [
      'labels with fences',
      '**Find:**\n```js\n    return a;\n```\n\n**Replace with:**\n```js\n    return a + 1;\n```\n',
    ],
    ['tags', '<find>\n    return a;\n</find>\n<replace>\n    return a + 1;\n</replace>\n'],
  ])('is read from %s', (_, edit) => {
    expect(apply(ORIGINAL, edit).text).toBe(ORIGINAL.replace('return a;', 'return a + 1;'));
  });

  it('that ends before the new text is reported', () => {
    expect(verdicts(apply(ORIGINAL, 'FIND:\n    return a;\n', 'find-replace'))).toEqual(['malformed']);
    expect(verdicts(apply(ORIGINAL, '<find>\nreturn', 'find-replace'))).toEqual(['truncated']);
  });
});

describe('FIND and REPLACE of text that has fences', () => {
  const original = 'Use it:\n\n```\none()\n```\n\nOr so:\n\n```\ntwo()\n```\n';
  const fenced = (label: string, text: string) => `**${label}:**\n\`\`\`\n${text}\`\`\`\n\n`;
  const edit = (old: string, fresh: string) => fenced('Find', old) + fenced('Replace with', fresh);

  it.each([
    ['amid the old text', original, 'Use it:\n\n```js\ntwo()\n```\n', 'Use it:\n\n```js\ntwo()\n```\n'],
    ['at the end of both', 'two()\n```\n', '2()\n3()\n```\n', original.replace('two()', '2()\n3()')],
  ])('takes them for text: %s', (_, old, fresh, expected) => {
    expect(apply(original, edit(old, fresh), 'find-replace').text).toBe(expected);
  });

  it('is reported where the end of the new text is open', () => {
    const result = apply(original, edit('two()\n```\n', '2()\n```\nend\n'), 'find-replace');
    expect([verdicts(result), result.text]).toEqual([['malformed'], original]);
  });
});
