import { describe, expect, test } from 'vitest';
import { afterOf } from '../../src/workspace/history.ts';
import { editingSession } from './editing-session.ts';

const CODE = 'const a = 1;\nconst b = 2;\nuse(a, b);\n';

/** What was done, and the history it makes. */
function check(session: ReturnType<typeof editingSession>, expected: string): void {
  const flat = (text: string) => text.split('\n').map((line) => line.trimStart());
  expect(flat(session.transcript())).toEqual(flat(expected));
  // The results of a path's edits chain up to its text.
  for (const [path, document] of session.snapshot.documents) {
    const own = session.snapshot.history.edits.filter((edit) => edit.path === path);
    own.forEach((edit, index) => {
      const next = own[index + 1]?.before ?? document.text;
      expect(afterOf(edit).eq(next), `edit ${edit.id} leads to the next state`).toBe(true);
    });
  }
}

describe('typing', () => {
  test('keys in a row are one insertion', () => {
    check(editingSession({ 'a.ts': CODE }).go('const a').type('bc'), 'typed insert x2 a.ts:1: const a{+bc+} = 1;');
  });
  test('typing over a selection is one replacement', () => {
    check(
      editingSession({ 'a.ts': CODE }).typeOver('const a', 'let total'),
      'typed replace x9 a.ts:1: [-const a-]{+let total+} = 1;',
    );
  });
  test('correcting within the word just typed stays in the edit', () => {
    const session = editingSession({ 'a.ts': CODE }).go('const a').type('bcd').backspace(2).type('x');
    check(session, 'typed insert x6 a.ts:1: const a{+bx+} = 1;');
  });
  test('going back into what was just written is another edit, however soon', () => {
    const session = editingSession({ 'a.ts': '' }).type('let sum = 1;').type('use(sum);').typeOver('sum', 'total');
    check(
      session,
      `typed insert x21 a.ts:1: {+let sum = 1;use(sum);+}
       typed replace x5 a.ts:1: let [-sum-]{+total+} = 1;use(sum);`,
    );
  });
  test('backspacing further than what was typed takes old text too', () => {
    const session = editingSession({ 'a.ts': CODE }).go('const a').type('b').backspace(2).type('z');
    check(session, 'typed replace x2 a.ts:1: const [-a-]{+z+} = 1;');
  });
  test('deleting to the left and to the right are one deletion each', () => {
    check(editingSession({ 'a.ts': CODE }).go('const a').backspace(3), 'typed delete x3 a.ts:1: cons[-t a-] = 1;');
    check(editingSession({ 'a.ts': CODE }).before('const a').del(6), 'typed delete x6 a.ts:1: [-const -]a = 1;');
  });
  test('what was typed and deleted again is no edit', () => {
    check(editingSession({ 'a.ts': CODE }).go('const a').type('bc').backspace(2), '');
  });
  test('another line is another edit', () => {
    check(
      editingSession({ 'a.ts': CODE }).go('const a').type('x').go('const b').type('y'),
      `typed insert x1 a.ts:1: const a{+x+} = 1;
       typed insert x1 a.ts:2: const b{+y+} = 2;`,
    );
  });
  test('another place on the same line is another edit', () => {
    check(
      editingSession({ 'a.ts': CODE }).go('use(a').type('x').go(', b').type('y'),
      `typed insert x1 a.ts:3: use(a{+x+}, b);
       typed insert x1 a.ts:3: use(ax, b{+y+});`,
    );
  });
  test('one character further on the same line is the same edit', () => {
    const session = editingSession({ 'a.ts': 'f(a)\n' }).go('a').type('x').go('ax)').type(';');
    check(session, 'typed insert x2 a.ts:1: f(a{+x+}){+;+}');
  });
  test('new lines typed in a row stay one edit', () => {
    check(
      editingSession({ 'a.ts': CODE }).go('= 2;').type('\nlet c;'),
      `typed insert x7 a.ts:2: const b = 2;{+
         a.ts:3: let c;+}`,
    );
  });
  test('a pause of more than 4 s starts another edit', () => {
    const session = editingSession({ 'a.ts': CODE })
      .go('const a')
      .type('b')
      .wait(3_900)
      .type('c')
      .wait(3_901)
      .type('d');
    check(
      session,
      `typed insert x2 a.ts:1: const a{+bc+} = 1;
       typed insert x1 a.ts:1: const abc{+d+} = 1;`,
    );
  });
  test('another file is another edit, and coming back is a third', () => {
    const session = editingSession({ 'a.ts': 'a\n', 'b.ts': 'b\n' }).go('a').type('1');
    session.file('b.ts').go('b').type('2').file('a.ts').go('a1').type('3');
    check(
      session,
      `typed insert x1 a.ts:1: a{+1+}
       typed insert x1 b.ts:1: b{+2+}
       typed insert x1 a.ts:1: a1{+3+}`,
    );
  });
  test('typing text over itself is no edit', () => {
    check(editingSession({ 'a.ts': 'abc\n' }).typeOver('a', 'a'), '');
  });
});

describe('several cursors', () => {
  test('typing joins cursor by cursor', () => {
    check(
      editingSession({ 'a.ts': CODE }).before('const a', 'const b').type('export ').backspace(),
      `typed insert x8 a.ts:1: {+export+}const a = 1;
         a.ts:2: {+export+}const b = 2;`,
    );
  });
  test('going on with one cursor is another edit', () => {
    check(
      editingSession({ 'a.ts': CODE }).go('const a', 'const b').type('x').go('const ax').type('y'),
      `typed insert x1 a.ts:1: const a{+x+} = 1;
         a.ts:2: const b{+x+} = 2;
       typed insert x1 a.ts:1: const ax{+y+} = 1;`,
    );
  });
  test('other places with as many cursors are another edit', () => {
    const session = editingSession({ 'a.ts': CODE }).go('const a', 'const b').type('x').go('= 1', '= 2').type('0');
    check(
      session,
      `typed insert x1 a.ts:1: const a{+x+} = 1;
         a.ts:2: const b{+x+} = 2;
       typed insert x1 a.ts:1: const ax = 1{+0+};
         a.ts:2: const bx = 2{+0+};`,
    );
  });
});

describe('paste and tools', () => {
  test('a paste stands alone between typing', () => {
    check(
      editingSession({ 'a.ts': CODE }).go('= 2;').type('\n').paste('let c = 3;').type('x'),
      `typed insert x1 a.ts:2: const b = 2;{+
         a.ts:3: +}
       paste insert x1 a.ts:3: {+let c = 3;+}
       typed insert x1 a.ts:3: let c = 3;{+x+}`,
    );
  });
  test("a tool's edit keeps only what differs", () => {
    check(
      editingSession({ 'a.ts': CODE }).rewrite(CODE.replace('= 2', '= 22')),
      'tool insert x1 a.ts:2: const b = 2{+2+};',
    );
    check(editingSession({ 'a.ts': 'x\r\ny\r\n' }).tool('x\r\ny', 'x\r\nz'), 'tool replace x1 a.ts:2: [-y-]{+z+}\r');
  });
  test('a tool that writes the same text again makes no edit', () => {
    check(editingSession({ 'a.ts': CODE }).rewrite(CODE), '');
  });
  test('two steps of a tool are two edits', () => {
    check(
      editingSession({ 'a.ts': CODE }).tool('a =', 'aa =').tool('aa =', 'aaa ='),
      `tool insert x1 a.ts:1: const a{+a+} = 1;
       tool insert x1 a.ts:1: const aa{+a+} = 1;`,
    );
  });
  test('typing beside an accepted suggestion is an edit of its own', () => {
    check(
      editingSession({ 'a.ts': 'f\n' }).rewrite('f(x)\n', 'accept').go('f(x').type('y'),
      `accept insert x1 a.ts:1: f{+(x)+}
       typed insert x1 a.ts:1: f(x{+y+})`,
    );
  });
});

describe('undo and redo', () => {
  test('an undo of everything typed takes the edit back', () => {
    check(editingSession({ 'a.ts': CODE }).go('const a').type('bcd').undo(3), '');
  });
  test('an undo of a part leaves the rest', () => {
    check(
      editingSession({ 'a.ts': CODE }).go('const a').type('bcd').undo(1),
      'typed insert x4 a.ts:1: const a{+bc+} = 1;',
    );
  });
  test('undo by undo back to the start leaves nothing', () => {
    check(editingSession({ 'a.ts': CODE }).go('const a').type('bcd').undo().undo().undo(), '');
  });
  test('a redo of a part makes the edit whole again', () => {
    const session = editingSession({ 'a.ts': CODE }).go('const a').type('bcd').undo(2).redo();
    check(session, 'typed insert x5 a.ts:1: const a{+bcd+} = 1;');
  });
  test('a redo after a full undo is an edit of its own', () => {
    const session = editingSession({ 'a.ts': CODE }).go('const a').type('b').undo().redo();
    check(session, 'redo insert x1 a.ts:1: const a{+b+} = 1;');
  });
  test('one undo can take back several edits of the document', () => {
    const session = editingSession({ 'a.ts': CODE }).go('const a').type('b').wait(9_000).type('c').undo(2);
    check(session, '');
  });
  test('an undo in one file leaves the edits of another', () => {
    const session = editingSession({ 'a.ts': 'a\n', 'b.ts': 'b\n' }).file('b.ts').go('b').type('2');
    session.file('a.ts').go('a').type('1').undo();
    check(session, 'typed insert x1 b.ts:1: b{+2+}');
  });
  test('an undo finds its edit behind those of other files', () => {
    const session = editingSession({ 'a.ts': 'a\n', 'b.ts': 'b\n' }).go('a').type('1').file('b.ts').go('b').type('2');
    session.file('a.ts').rewrite('a\n', 'undo');
    check(session, 'typed insert x1 b.ts:1: b{+2+}');
  });
  test('an undo of a paste takes it back', () => {
    check(editingSession({ 'a.ts': CODE }).go('= 2;').paste('\nlet c;\nlet d;').undo(), '');
  });
  test('an undo of what fell out of the history is an edit of its own', () => {
    const session = editingSession({ 'a.ts': 'one\ntwo\n' }).go('two').type('x').rewrite('one\nt\n', 'undo');
    check(session, 'typed delete x2 a.ts:2: t[-wo-]');
    const elsewhere = editingSession({ 'a.ts': 'one\ntwo\n' }).go('two').type('x').rewrite('ne\ntwox\n', 'undo');
    check(
      elsewhere,
      `typed insert x1 a.ts:2: two{+x+}
       undo delete x1 a.ts:1: [-o-]ne`,
    );
  });
});

describe('documents that come and go', () => {
  test('a document opened again with the text its edits led to keeps them', () => {
    const session = editingSession({ 'a.ts': 'a\n' }).go('a').type('1').close().open('a1\n');
    check(session, 'typed insert x1 a.ts:1: a{+1+}');
  });
  test('one that was changed meanwhile has none', () => {
    check(editingSession({ 'a.ts': 'a\n' }).go('a').type('1').close().open('b\n'), '');
    check(editingSession({ 'a.ts': 'a\n' }).go('a').type('1').open('b\n'), '');
  });
});

test('the newest 64 edits are kept, with ids that are never reused', () => {
  const session = editingSession({ 'a.ts': 'x\n' });
  for (let index = 0; index < 100; index++) session.before('x').wait(5_000).type('y');
  const { edits } = session.snapshot.history;
  expect(edits.map((edit) => edit.id)).toEqual(Array.from({ length: 64 }, (_, index) => index + 37));
  session.undo().before('x').wait(5_000).type('z');
  expect(session.snapshot.history.latest!.id).toBe(101);
});
