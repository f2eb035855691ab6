import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Conversation,
  Diff,
  DirectoryTree,
  EditHistory,
  ElidedFile,
  estimateCounter,
  FileWindow,
  PromptBudgetError,
  type PromptNode,
  render,
  Snippets,
  textOf,
  ToolOutput,
} from '../src/index.ts';
import { linesOf } from '../src/parts/lines.ts';
import { foldDepths, indentationFolds } from '../src/parts/outline.ts';

/** A token is a line: what fits is easy to see. */
const lineCounter = { id: 'lines', exact: true, cuts: 'none' as const, count: (text: string) => linesOf(text).length };
const free = { prompt: 0, message: 0, name: 0, toolCall: 0, tool: 0, image: () => 0 };
const shown = (tree: PromptNode, budget: number): string =>
  textOf(render(tree, { counter: lineCounter, budget, overhead: free }));

const numbered = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');
const code = `import a from 'a';

export function first() {
  const x = 1;
  if (x) {
    deep();
  }
}

export class Second {
  run() {
    body();
    more();
  }
}
`;

describe('FileWindow', () => {
  test('shows as many lines around the focus as fit, and marks both ends', () => {
    const text = numbered(20);
    expect(shown(FileWindow({ path: 'a', text, focus: text.indexOf('line 10\n') }), 6)).toBe(
      '⋯\nline 8\nline 9\nline 10\nline 11\n⋯\n',
    );
  });

  test('numbers lines from 1, ends a last line that has no line break, and keeps "\\r"', () => {
    expect(shown(FileWindow({ path: 'a', text: 'x\r\ny', focus: 0, lineNumbers: true }), 9)).toBe('1| x\r\n2| y\n');
  });

  test('aligned, it stays the same while the focus moves within a block', () => {
    const text = numbered(60);
    const at = (line: number) =>
      shown(FileWindow({ path: 'a', text, focus: text.indexOf(`line ${line}\n`), align: 10 }), 25);
    expect(new Set([21, 24, 30].map(at)).size).toBe(1);
    expect(at(31)).not.toBe(at(30));
  });

  test('any text, any focus: all lines come out when there is room, and every line is one of the file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 12 })),
        fc.nat(),
        fc.integer({ min: 0, max: 30 }),
        (parts, focus, budget) => {
          const text = parts.join('\n');
          const all = shown(FileWindow({ path: 'a', text, focus: focus % (text.length + 1) }), 1_000);
          expect(all).toBe(text === '' || text.endsWith('\n') ? text : `${text}\n`);
          const some = shown(FileWindow({ path: 'a', text, focus: focus % (text.length + 1) }), budget);
          for (const line of linesOf(some)) expect(line.text === '⋯\n' || all.includes(line.text)).toBe(true);
        },
      ),
      { seed: 5 },
    );
  });
});

describe('ElidedFile', () => {
  test('closes the innermost bodies first and keeps the numbers of what is left', () => {
    expect(shown(ElidedFile({ path: 'a', text: code }), 9)).toBe(
      "1| import a from 'a';\n2| \n3| export function first() {\n⋯\n8| }\n9| \n10| export class Second {\n⋯\n15| }\n",
    );
  });

  test('keeps the body of the focus open', () => {
    const text = shown(ElidedFile({ path: 'a', text: code, focus: code.indexOf('more()') }), 12);
    expect(text).toContain('12|     body();\n13|     more();\n');
    expect(text).not.toContain('deep()');
  });

  test('takes the folds of a syntax where there is one', () => {
    const outline = () => [
      { from: 3, to: 6 },
      { from: 10, to: 13 },
    ];
    expect(shown(ElidedFile({ path: 'a', text: code, outline, lineNumbers: false }), 9)).toContain('first() {\n⋯\n}\n');
  });

  test('falls back to indentation where the syntax is not known', () => {
    const none = shown(ElidedFile({ path: 'a', text: code, outline: () => null }), 9);
    expect(none).toBe(shown(ElidedFile({ path: 'a', text: code }), 9));
  });
});

test('indentation folds nest, skip blank lines and end with their last visible line', () => {
  const lines = linesOf('a\n  b\n\n    c\nd\n  e\n');
  const folds = indentationFolds(lines);
  expect(folds).toEqual([
    { from: 1, to: 3 },
    { from: 2, to: 3 },
    { from: 5, to: 5 },
  ]);
  expect([...foldDepths(lines.length, folds, null)]).toEqual([0, 1, 2, 2, 0, 1]);
  expect([...foldDepths(lines.length, folds, 3)]).toEqual([0, 0, 0, 0, 0, 1]);
});

test('Snippets keep the best, whole, with path and lines; sorted by path their order does not follow the scores', () => {
  const snippets = [
    { path: 'b.ts', startLine: 7, text: 'best\n' },
    { path: 'a.ts', startLine: 1, text: 'second\nof two' },
    { path: 'a.ts', startLine: 9, text: 'third' },
  ];
  expect(shown(Snippets({ snippets }), 7)).toBe('b.ts:7-7\nbest\n\na.ts:1-2\nsecond\nof two\n\n');
  expect(shown(Snippets({ snippets, sort: 'path' }), 7)).toBe('a.ts:1-2\nsecond\nof two\n\nb.ts:7-7\nbest\n\n');
});

describe('Diff', () => {
  const diff = `diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,2 +1,2 @@
 same
--- a comment of SQL
+-- another
@@ -9 +9 @@
-nine
+NINE
\\ No newline at end of file
diff --git a/y b/y
--- a/y
+++ b/y
@@ -1 +1 @@
-y
+Y
`;
  test('is unchanged when there is room', () => {
    expect(shown(Diff({ diff }), 99)).toBe(diff);
  });

  test('shows the first hunk of every file before any second one', () => {
    const text = shown(Diff({ diff }), 15);
    expect(text).toContain('+-- another\n…\ndiff --git a/y b/y');
    expect(text).toContain('+Y\n');
    expect(text).not.toContain('NINE');
  });

  test('a file without its hunks is not shown as a bare header', () => {
    expect(shown(Diff({ diff }), 9)).not.toContain('a/y');
  });
});

test('DirectoryTree opens the folders that lead to the focus first', () => {
  const paths = ['src/tab/rank.ts', 'src/tab/gate.ts', 'src/index/deep/walk.ts', 'README.md'];
  expect(shown(DirectoryTree({ paths, focus: 'src/tab/gate.ts' }), 99)).toBe(
    'src/\n  index/\n    deep/\n      walk.ts\n  tab/\n    gate.ts\n    rank.ts\nREADME.md\n',
  );
  expect(shown(DirectoryTree({ paths, focus: 'src/tab/gate.ts' }), 7)).toBe(
    'src/\n  index/\n…\n  tab/\n    gate.ts\n    rank.ts\nREADME.md\n',
  );
});

test('EditHistory loses the oldest edits, in blocks if asked to', () => {
  const edits = [1, 2, 3, 4, 5].map((edit) => ({ path: `f${edit}`, diff: `+${edit}` }));
  expect(shown(EditHistory({ edits }), 4)).toBe('f4\n+4\nf5\n+5\n');
  expect(shown(EditHistory({ edits, block: 2 }), 8)).toBe('f3\n+3\nf4\n+4\nf5\n+5\n');
});

describe('Conversation', () => {
  const messages = [
    { role: 'user' as const, content: 'q1' },
    { role: 'assistant' as const, content: 'calls', toolCalls: [{ id: '1', name: 'read', arguments: '{}' }] },
    { role: 'tool' as const, callId: '1', content: 'result' },
    { role: 'assistant' as const, content: 'a1' },
    { role: 'user' as const, content: 'q2' },
    { role: 'assistant' as const, content: 'a2' },
  ];

  test('shortens from its old end, an exchange with its calls and results at a time', () => {
    const at = (budget: number) =>
      render(Conversation({ messages }), { counter: lineCounter, budget, overhead: free }).messages.map(
        (message) => message.role,
      );
    expect(at(9)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user', 'assistant']);
    expect(at(6)).toEqual(['user', 'assistant']);
    expect(at(1)).toEqual([]);
  });

  test('never shows a result without its call, at any budget', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 3 }), (budget, block) => {
        const { messages: out } = render(Conversation({ messages, block }), {
          counter: estimateCounter(),
          budget,
          overhead: free,
        });
        const calls = out.flatMap((message) =>
          message.content.flatMap((content) => (content.type === 'toolCall' ? [content.call.id] : [])),
        );
        for (const message of out) if (message.role === 'tool') expect(calls).toContain(message.toolCallId);
        expect(out[0]?.role ?? 'user').toBe('user');
      }),
      { seed: 6 },
    );
  });
});

describe('ToolOutput', () => {
  test('is cut in the middle, both ends kept by their weights', () => {
    expect(shown(ToolOutput({ text: numbered(20) }), 6)).toBe('line 1\nline 2\n\n[… cut …]\nline 19\nline 20\n');
    expect(shown(ToolOutput({ text: numbered(20), head: 3 }), 6)).toBe(
      'line 1\nline 2\nline 3\n\n[… cut …]\nline 20\n',
    );
  });

  test('one long line is cut too, never inside a character', () => {
    const text = '😀'.repeat(3_000);
    const out = textOf(render(ToolOutput({ text }), { counter: estimateCounter(), budget: 4_000 }));
    expect(out).toContain('[… cut …]');
    expect(out).not.toMatch(/\p{Surrogate}/u);
  });
});

test('every part renders at every budget without an error or more than the budget', () => {
  const text = numbered(9);
  const parts: PromptNode[] = [
    FileWindow({ path: 'a', text: code, focus: 40 }),
    ElidedFile({ path: 'a', text: code, focus: 40 }),
    Snippets({ snippets: [{ path: 'a', startLine: 1, text }] }),
    Diff({ diff: text }),
    DirectoryTree({ paths: ['a/b', 'c'] }),
    EditHistory({ edits: [{ path: 'a', diff: text }] }),
    ToolOutput({ text }),
    FileWindow({ path: 'a', text: '', focus: 0 }),
    ElidedFile({ path: 'a', text: '' }),
    Snippets({ snippets: [] }),
    Diff({ diff: '' }),
    DirectoryTree({ paths: [] }),
    EditHistory({ edits: [] }),
    Conversation({ messages: [] }),
    ToolOutput({ text: '' }),
  ];
  for (const part of parts) {
    for (let budget = 0; budget < 60; budget++) {
      const rendered = render(part, { counter: estimateCounter(), budget });
      expect(rendered.tokens).toBeLessThanOrEqual(budget);
    }
  }
  expect(() => render('required', { counter: estimateCounter(), budget: 0 })).toThrow(PromptBudgetError);
});
