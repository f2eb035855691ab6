import { describe, expect, it } from 'vitest';
import { applyEdit, parseEdit } from '../src/index.ts';
import { apply, text, verdicts } from './check.ts';

const ORIGINAL = text(`
  class A {
    run() {
      start();
      return 1;
    }
  }

  class B {
    run() {
      start();
      return 1;
    }
    stop() {
      end();
    }
  }
`);

describe('apply_patch', () => {
  const patch = (body: string) => `*** Begin Patch\n*** Update File: src/a.ts\n${body}*** End Patch\n`;

  it('finds a hunk inside the class that its anchor names', () => {
    const result = apply(ORIGINAL, patch('@@ class B {\n     start();\n-    return 1;\n+    return 2;\n   }\n'));
    expect(result.text).toBe(ORIGINAL.replace(/(class B[\s\S]*?)return 1/, '$1return 2'));
    expect(result.complete).toBe(true);
  });

  it('takes stacked anchors', () => {
    const result = apply(ORIGINAL, patch('@@ class A {\n@@ run() {\n     start();\n-    return 1;\n+    return 2;\n'));
    expect(result.text).toBe(ORIGINAL.replace('return 1', 'return 2'));
  });

  it('without an anchor cannot tell the two classes apart', () => {
    expect(verdicts(apply(ORIGINAL, patch('@@\n     start();\n-    return 1;\n+    return 2;\n')))).toEqual([
      'ambiguous',
    ]);
  });

  it('does not place a hunk before the only line its anchor names', () => {
    expect(verdicts(apply('a();\nb();\nclass Z {\n}\n', patch('@@ class Z {\n-a();\n+c();\n')))).toEqual(['ambiguous']);
  });

  it.each([
    ['all context lines without their space', '@@\n  stop() {\n-    end();\n+    finish();\n  }\n'],
    ['some context lines without their space', '@@\n   stop() {\n-    end();\n+    finish();\n  }\n'],
    ['no @@ line', '   stop() {\n-    end();\n+    finish();\n   }\n'],
    ['a unified header', '@@ -14,3 +14,3 @@\n   stop() {\n-    end();\n+    finish();\n   }\n'],
  ])('is read with %s', (_, body) => {
    expect(apply(ORIGINAL, patch(body)).text).toBe(ORIGINAL.replace('end()', 'finish()'));
  });

  it('adds, deletes, moves and updates files', () => {
    const edit = [
      '*** Begin Patch',
      '*** Add File: new.txt',
      '+one',
      '+two',
      '*** Delete File: old.txt',
      '*** Update File: a.txt',
      '*** Move to: b.txt',
      '@@',
      '-x',
      '+y',
      '*** End Patch',
      '',
    ].join('\n');
    const { files } = parseEdit(edit);
    expect(files.map(({ path, action, moveTo }) => ({ path, action, moveTo }))).toEqual([
      { path: 'new.txt', action: 'add', moveTo: undefined },
      { path: 'old.txt', action: 'delete', moveTo: undefined },
      { path: 'a.txt', action: 'update', moveTo: 'b.txt' },
    ]);
    expect(files[0]!.content).toBe('one\ntwo\n');
    expect(applyEdit('x\n', edit, { path: 'a.txt' })).toMatchObject({ text: 'y\n', moveTo: 'b.txt', complete: true });
    expect(applyEdit('gone\n', edit, { path: 'old.txt' })).toMatchObject({ text: '', deleted: true, complete: true });
    expect(applyEdit('', edit, { path: 'new.txt' }).text).toBe('one\ntwo\n');
  });

  it('holds a hunk marked as end of file to the end', () => {
    const result = apply('x\ny\nx\n', patch('@@\n-x\n+z\n*** End of File\n'));
    expect(result.text).toBe('x\ny\nz\n');
  });

  it('keeps a removed line that begins with dashes', () => {
    expect(apply('-- old comment\nselect 1\n', patch('@@\n--- old comment\n+-- new comment\n select 1\n')).text).toBe(
      '-- new comment\nselect 1\n',
    );
  });
});

describe('unified diffs', () => {
  const hunk = '   stop() {\n-    end();\n+    finish();\n   }\n';
  const expected = ORIGINAL.replace('end()', 'finish()');
  it.each([
    ['right numbers', `--- a/src/a.ts\n+++ b/src/a.ts\n@@ -13,3 +13,3 @@\n${hunk}`],
    ['wrong numbers', `--- a/src/a.ts\n+++ b/src/a.ts\n@@ -113,3 +90,3 @@\n${hunk}`],
    ['wrong counts', `--- a/src/a.ts\n+++ b/src/a.ts\n@@ -13,7 +13,1 @@\n${hunk}`],
    ['dots for numbers', `--- a/src/a.ts\n+++ b/src/a.ts\n@@ ... @@\n${hunk}`],
    ['no @@ line', `--- a/src/a.ts\n+++ b/src/a.ts\n${hunk}`],
    ['no file header', `@@ -13,3 +13,3 @@\n${hunk}`],
    [
      'git headers',
      `diff --git a/src/a.ts b/src/a.ts\nindex 1234567..89abcde 100644\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -13,3 +13,3 @@\n${hunk}`,
    ],
    [
      'a fence and prose',
      `Here:\n\n\`\`\`diff\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -13,3 +13,3 @@\n${hunk}\`\`\`\n\nDone.\n`,
    ],
    [
      'context without its space',
      `--- a/src/a.ts\n+++ b/src/a.ts\n@@ -13,3 +13,3 @@\n  stop() {\n-    end();\n+    finish();\n  }\n`,
    ],
    ['CRLF', `--- a/src/a.ts\r\n+++ b/src/a.ts\r\n@@ -13,3 +13,3 @@\r\n${hunk.replaceAll('\n', '\r\n')}`],
  ])('are placed with %s', (_, edit) => {
    const result = apply(ORIGINAL, edit);
    expect(result.text).toBe(expected);
    expect(result.complete).toBe(true);
  });

  const twice = '@@ -LINE,3 +LINE,3 @@HEAD\n   run() {\n     start();\n-    return 1;\n+    return 2;\n';
  it('believe line numbers that another hunk confirms', () => {
    const edit = `--- a/x\n+++ b/x\n${twice.replaceAll('LINE', '9').replace('HEAD', '')}@@ -13,3 +13,3 @@\n${hunk}`;
    expect(apply(ORIGINAL, edit).text).toBe(expected.replace(/(class B[\s\S]*?)return 1/, '$1return 2'));
  });

  it('believe the heading, and not a number alone unless told to', () => {
    const headed = `--- a/x\n+++ b/x\n${twice.replaceAll('LINE', '40').replace('HEAD', ' class B {')}`;
    expect(apply(ORIGINAL, headed).text).toBe(ORIGINAL.replace(/(class B[\s\S]*?)return 1/, '$1return 2'));
    const alone = `--- a/x\n+++ b/x\n${twice.replaceAll('LINE', '9').replace('HEAD', '')}`;
    expect(verdicts(apply(ORIGINAL, alone))).toEqual(['ambiguous']);
    expect(apply(ORIGINAL, alone, 'unified', { lineNumbers: 'trusted' }).text).toBe(
      ORIGINAL.replace(/(class B[\s\S]*?)return 1/, '$1return 2'),
    );
  });

  it('say whether the file ends with a line break', () => {
    const header = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n';
    const none = '\\ No newline at end of file\n';
    expect(apply('a', `${header}-a\n${none}+b\n`).text).toBe('b\n');
    expect(apply('a\n', `${header}-a\n+b\n${none}`).text).toBe('b');
    expect(apply('a', `${header}-a\n${none}+b\n${none}`).text).toBe('b');
    expect(apply('a', `${header}-a\n+b\n`).text).toBe('b');
  });

  it('create and delete files', () => {
    const { files } = parseEdit(
      '--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1,2 @@\n+a\n+b\n--- a/old.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n',
    );
    expect(files.map(({ path, action, content }) => [path, action, content])).toEqual([
      ['new.ts', 'add', 'a\nb\n'],
      ['old.ts', 'delete', undefined],
    ]);
  });

  describe('whose context lost its marks, behind what the counts allow', () => {
    const original = 'a();\nb();\nc();\n\nx();\nb();\nc();\n  d();\n';
    const diff = (behind: string) => `--- a/f.js\n+++ b/f.js\n@@ -1,2 +1,2 @@\n-b();\n+B();\nc();\n${behind}`;

    it('take lines that the document has for context', () => {
      const one = original.replace('c();\n  d', 'c();\nd');
      expect(apply(one, diff('d();\n')).text).toBe(one.replace('x();\nb()', 'x();\nB()'));
    });

    it.each(['That is all.\n', '\nThat is all.\n', 'That is all.\n\nb();\n'])(
      'take other lines for prose: %j',
      (behind) => {
        expect(apply('a();\nb();\nc();\n', diff(behind)).text).toBe('a();\nB();\nc();\n');
      },
    );
  });
});

describe('a hunk whose counts end before it does', () => {
  const original = 'test(() => {\n  const a = one;\n  const b = two;\n});\n\nlast();\n';
  const diff = '@@ -3,1 +3,2 @@\n  const b = two;\n+  const c = three; \n});\t\n';

  it('has lines without marks as context where the document has them', () => {
    expect(apply(original, diff, 'unified').text).toBe(original.replace('two;\n', 'two;\n  const c = three;\n'));
  });

  it('and prose behind it where the document has not', () => {
    const wanted = original.replace('two;\n', 'two;\n  const c = three;\n');
    const plain = diff.replace('; \n', ';\n').replace('});\t', 'This adds the third one.');
    expect(apply(original, plain, 'unified').text).toBe(wanted);
    expect(apply(original, `\`\`\`diff\n${plain.replace('This', '```\nThis')}`, 'unified').text).toBe(wanted);
  });
});
