import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, text, verdicts } from './check.ts';

const block = (old: string, fresh: string) => `<<<<<<< SEARCH\n${old}=======\n${fresh}>>>>>>> REPLACE\n`;
const deeper = (lines: string) => lines.replace(/^(?=.)/gm, '    ');

const OLD = text(`
  open(door);
  walk(through);
  close(door);
  lock(door);
`);
const NEW = OLD.replace('close(door);', 'close(door, gently);');
const PART = 'open(door);\nwalk(through);\nclose(door);\n';

describe('a place and copies of it', () => {
  it.each([
    ['the place alone', `before();\n${OLD}after();\n`, ['fuzzy']],
    ['a copy of a part far away', `${PART}${'x = 1\n'.repeat(300)}${OLD}`, ['fuzzy']],
    ['a copy put in amid it, behind the change', `${PART}lock(window);\n${OLD}lock(door);\n`, ['ambiguous']],
    [
      'a copy put in amid it, before the change',
      `open(door);\n${OLD}${OLD.replace('open(door);\n', '')}`,
      ['ambiguous'],
    ],
    ['two places', OLD + OLD, ['ambiguous']],
  ])('written at another depth: %s', (_, original, expected) => {
    expect(verdicts(apply(original, block(deeper(OLD), deeper(NEW))))).toEqual(expected);
  });

  it('a copy that only resembles the place is none that the change could go to', () => {
    const near = OLD.replace('close(door);', 'slam(door);');
    expect(apply(`${near}${OLD}`, block(deeper(OLD), deeper(NEW))).text).toBe(near + NEW);
  });

  const twinOf = (changed: string) => OLD.replace('walk(through);', changed);
  it.each([
    ['that lacks a line', OLD.replace('walk(through);\n', ''), ['fuzzy']],
    ['that has another line there', twinOf('run(through, it);'), ['fuzzy']],
    ['that has the line with another name', twinOf('walk(throughNew);'), ['ambiguous']],
    ['that has the line further on', `${OLD.replace('lock(door);', 'wait();')}lock(door);\n`, ['ambiguous']],
  ])('all the text at another depth, and a twin %s', (_, twin, expected) => {
    const far = 'x = 1\n'.repeat(300);
    expect(verdicts(apply(`${twin}${far}${OLD}`, block(deeper(OLD), deeper(NEW))))).toEqual(expected);
  });

  it('an anchor does not choose where the other place is in a block that the chosen one opens', () => {
    const start = 'if (a) {\n  leave();\n}\n// run\nif (b) {\n  set();\n';
    const patch =
      '*** Begin Patch\n*** Update File: a.ts\n@@ if (a) {\n   leave();\n }\n+check();\n // run\n if (b) {\n*** End Patch\n';
    const copied = `${start}    show();\n  leave();\n}\n// run\nif (b) {\n  go();\n}\n`;
    expect(verdicts(apply(copied, patch))).toEqual(['ambiguous']);
    const other = `${start}}\nif (c) {\n  leave();\n}\n// run\nif (b) {\n  go();\n}\n`;
    expect(apply(other, patch).text).toBe(other.replace('// run', 'check();\n// run'));
  });

  const BODY = '  one();\n  two();\n  three();\n  four();\n  five();\n  six();\n';
  const PATCH = '*** Begin Patch\n*** Update File: a.ts\n@@ list {\n   three();\n-  four();\n+  4();\n*** End Patch\n';

  it('an anchor does not choose between copies that are equal for much more than the hunk', () => {
    expect(verdicts(apply(`list {\n${BODY}}\n${BODY}}\n`, PATCH))).toEqual(['ambiguous']);
  });

  it('an anchor chooses between places that are not', () => {
    const apart = '  un();\n  deux();\n  three();\n  four();\n  cinq();\n';
    const original = `list {\n${BODY}}\nother {\n${apart}}\n`;
    expect(apply(original, PATCH).text).toBe(original.replace('four();', '4();'));
  });

  it('new text does not go beside lines that the model did not see', () => {
    const old = 'alpha(one);\nbeta(two);\ngamma(three);\ndelta(four);\nepsilon(five);\nzeta(six);\n';
    const fresh = old.replace('delta', 'inserted(line);\ndelta');
    const split = old.replace('delta', 'something(else);\nentirely(different);\ndelta');
    const result = apply(split, block(old, fresh));
    expect([result.complete, result.text]).toEqual([false, split]);
  });
});

describe('hunks that are the same but for their depth', () => {
  it('are not told apart where one of them fits several places', () => {
    const inner = '   *\n   * Sums up.\n';
    const original = `a\n *\n * Sums up.\nb\n${inner}c\n${inner}d\n`;
    const diff = '--- a/x.ts\n+++ b/x.ts\n@@\n    *\n+   * New.\n    * Sums up.\n@@\n *\n+* Fresh.\n * Sums up.\n';
    const result = apply(original, diff);
    expect([verdicts(result), result.text]).toEqual([['ambiguous', 'ambiguous'], original]);
  });
});

describe('a name that changed since', () => {
  it('in the only telling line of a hunk leaves no place that fits but for its depth', () => {
    const original = 'a() {\n    prompt = build(text)\n}\nb() {\n  prompt_new = build(text)\n}\n';
    const edit = block('  prompt = build(text)\n', '  check()\n  prompt = build(text)\n');
    expect(verdicts(apply(original, edit))).toEqual(['ambiguous']);
    const alone = original.replace('prompt_new = build', 'other.call');
    expect(apply(alone, edit).text).toBe(alone.replace('    prompt', '    check()\n    prompt'));
  });

  it('in the line beside new lines leaves that line where it is, though it stands close by as well', () => {
    const original = 'a(one);\nb(two);\nc(three);\nuse(valueNew);\nd(four);\ne(five);\nuse(value);\n';
    const old = 'a(one);\nb(two);\nc(three);\nuse(value);\nd(four);\ne(five);\n';
    const edit = block(old, old.replace('c(three);\n', 'c(three);\nfresh();\n'));
    expect(apply(original, edit).text).toBe(original.replace('use(valueNew)', 'fresh();\nuse(valueNew)'));
    const another = original.replace('use(valueNew)', 'use(what, else)');
    expect(apply(another, edit).complete).toBe(false);
  });

  it('in the line that an anchor names leaves it open which of two equal places is meant', () => {
    const call = (name: string) => `run(\n  ${name}(\n    params,\n    old,\n    more,\n  )\n)\n`;
    const patch =
      '*** Begin Patch\n*** Update File: a.py\n@@ get_callback(\n     params,\n-    old,\n     more,\n*** End Patch\n';
    expect(verdicts(apply(call('get_callback') + call('get_callback2'), patch))).toEqual(['ambiguous']);
    const apart = call('get_callback') + call('make_parser');
    expect(apply(apart, patch).text).toBe(apart.replace('    old,\n', ''));
  });

  it('outside the block that an anchor names, nothing is placed at another depth', () => {
    const original =
      'f(\n  hrefValue: string\n  origin: Kind\n)\n\ntype T = {\n    href: string\n    origin: Kind\n}\n';
    const patch =
      '*** Begin Patch\n*** Update File: a.ts\n@@ f(\n   href: string\n+  low: true\n   origin: Kind\n*** End Patch\n';
    expect(apply(original, patch).complete).toBe(false);
  });
});

describe('lines that come again', () => {
  it('are in the words of the document, not in those of the answer', () => {
    const original = "a('x');\nb('y');\nc('z');\nd('w');\n";
    const edit = block(
      "a(\u2018x\u2019);\nb('y');\nc('z');\nd('w');\n",
      "b('y');\na(\u2018x\u2019);\nc('z');\nd('w');\n",
    );
    expect(apply(original, edit).text).toBe("b('y');\na('x');\nc('z');\nd('w');\n");
  });

  it('amid lines that the model did not see are not replaced', () => {
    const original = 'one();\ntwo();\n\nthree();\nfour();\n\nthree();\nfour();\n\nfive();\nsix();\n';
    const old = 'one();\ntwo();\n\nthree();\nfour();\n\nfive();\nsix();\n';
    const fresh = 'one();\n2();\n\n3();\n4();\n\nfive();\nsix();\n';
    const result = apply(original, block(old, fresh));
    expect([result.complete, result.text]).toEqual([false, original]);
  });
});

describe('blank lines around a change', () => {
  it('above the first line of a hunk are found from behind', () => {
    const patch = '*** Update File: a.py\n@@\n \n+x = 1\n+\n class A:\n     pass\n';
    const result = apply('import a\n\nclass  A:\n    pass\n', patch, 'patch');
    expect(result.text).toBe('import a\n\nx = 1\n\nclass  A:\n    pass\n');
  });

  it.each([
    ['one of two is shown', 'one  = 1\n\ntwo = 2\n', 'one  = 1\n\nx = 1\n\n\ntwo = 2\n', []],
    ['both are shown', 'one  = 1\n\n\ntwo = 2\n', 'one  = 1\n\nx = 1\n\n\ntwo = 2\n', ['fuzzy']],
    ['one is shown, and no new one', 'one  = 1\n\ntwo = 2\n', 'one  = 1\nx = 1\n\ntwo = 2\n', ['fuzzy']],
  ])('that the document has more of leave open where text goes that brings its own: %s', (_, old, fresh, expected) => {
    const original = 'one = 1\n\n\ntwo = 2\n';
    const result = apply(original, block(old, fresh));
    expect(result.complete).toBe(expected.length > 0);
    if (result.complete) expect(verdicts(result)).toEqual(expected);
    else expect(result.text).toBe(original);
  });

  it('that the document lacks leave open where the new lines among them go', () => {
    const patch = '*** Update File: a.py\n@@\n one  = 1\n \n+x = 1\n \n+y = 1\n two  = 2\n';
    const original = 'one = 1\n\ntwo = 2\n';
    const result = apply(original, patch, 'patch');
    expect([result.complete, result.text]).toEqual([false, original]);
  });
});

describe('depth of new lines in patches whose marks were lost', () => {
  const original = text(`
    class A {
      first: string

      /** Second. */
      second: number
    }
  `);
  const wanted = original.replace('  second', '  /**\n   * Third.\n   */\n  third: boolean\n  second');
  const patchOf = (marks: readonly string[]) =>
    [
      '*** Update File: a.ts',
      '@@',
      `${marks[0]}      /** Second. */`,
      '+      /**',
      '+       * Third.',
      '+       */',
      '+      third: boolean',
      `${marks[1]}      second: number`,
      `${marks[2]}    }`,
      '',
    ].join('\n');

  it.each([
    ['nowhere', [' ', ' ', ' ']],
    ['everywhere', ['', '', '']],
    ['above', ['', ' ', ' ']],
    ['below', [' ', ' ', '']],
    ['in the middle', [' ', '', ' ']],
  ])('%s', (_, marks) => {
    expect(apply(original, patchOf(marks), 'patch').text).toBe(wanted);
  });

  it('is not told by the star that ends a comment', () => {
    const doc =
      '/*\n\tA license\n*/\n\n"use strict";\n\nconst { TYPE } = require("./types");\n\nclass A {\n\ta() {}\n}\n';
    const patch =
      '--- a/a.js\n+++ b/a.js\n@@ -3,6 +3,7 @@\n  */\n\n  "use strict";\n\n  const { TYPE } = require("./types");\n+  const memo = require("./memo");\n\n  class A {\n';
    expect(apply(doc, patch, 'unified').text).toBe(
      doc.replace('types");\n', 'types");\nconst memo = require("./memo");\n'),
    );
  });

  it('is reported where the context says one reading and what comes in another', () => {
    const doc =
      'run(v, {\n  get(target, kind: keyofValue Model) {\n    if (kind) return one;\n    return target[kind];\n  },\n});\n';
    const patch =
      '*** Update File: a.ts\n@@\n    get(target, kind: keyof Model) {\n       if (kind) return one;\n+      if (two) {\n+        run();\n+      }\n       return target[kind];\n     },\n';
    const result = apply(doc, patch, 'patch');
    const wanted = doc.replace('one;\n', 'one;\n    if (two) {\n      run();\n    }\n');
    expect(result.complete ? result.text : wanted).toBe(wanted);
  });

  const python = (depth: number) =>
    ['if color is None:', '    if stream is None:', '        stream = stdin', '    return stream', 'return color']
      .map((line) => ' '.repeat(depth) + line)
      .join('\n');

  it('is reported where one line lost its mark for certain, and what comes in contradicts that all did', () => {
    // The lines without a mark have other names in the document, so that only the ones whose mark is in doubt are there.
    const doc = `def strip(\n    color,\n):\n${python(4).replace('color is None', 'color is NoneValue').replace('stream is None', 'stream is None_new')}\n`;
    const patch =
      '*** Update File: a.py\n@@\nif color is None:\n    if stream is None:\n         stream = stdin\n' +
      '+    elif stream:\n+        return False\n     return stream\n return color\n';
    const result = apply(doc, patch, 'patch');
    expect([verdicts(result), result.text]).toEqual([['indentation'], doc]);
  });

  it('is right or reported, whichever marks were lost and names changed', () => {
    const old = python(4).split('\n');
    const fresh = ['elif stream:', '    # why', '    return False'];
    const names = ['color is None', 'stream is None', 'stdin', 'return stream', 'return color'];
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        fc.subarray(names, { maxLength: 2 }),
        fc.constantFrom(-4, 0, 2, 4, 8),
        fc.integer({ min: 1, max: 4 }),
        (lost, renamed, shift, at) => {
          const shifted = (line: string) => (shift < 0 ? line.slice(-shift) : ' '.repeat(shift) + line);
          const rename = (line: string) => renamed.reduce((text, name) => text.replace(name, `${name}_new`), line);
          const context = old.map((line, i) => (lost[i] ? '' : ' ') + shifted(line));
          const depth = ' '.repeat(8);
          const added = fresh.map((line) => `+${shifted(depth + line)}`);
          const patch = ['*** Update File: a.py', '@@', ...context.slice(0, at), ...added, ...context.slice(at), ''];
          const lines = old.map(rename);
          const doc = (body: readonly string[]) => `def strip(\n    color,\n):\n${body.join('\n')}\n`;
          const wanted = doc([...lines.slice(0, at), ...fresh.map((line) => depth + line), ...lines.slice(at)]);
          const result = apply(doc(lines), patch.join('\n'), 'patch');
          expect(result.text).toBe(result.complete ? wanted : doc(lines));
        },
      ),
      { seed: 17, numRuns: 600 },
    );
  });

  it('follow the stars of the comment they are in', () => {
    const doc = '/**\n * One of many words.\n *\n * class2 B\n */\n';
    const patch = '*** Update File: a.js\n@@\n * One of many words.\n+* Two.\n *\n * class2 B\n';
    expect(apply(doc, patch, 'patch').text).toBe(doc.replace('words.\n', 'words.\n * Two.\n'));
  });
});

describe('string replacement', () => {
  const call = (old: string, fresh: string) => JSON.stringify({ old_str: old, new_str: fresh });

  it.each([
    ['that ends amid an identifier', 'if (a)\n  b = true_new\n', 'if (a)\n  b = true', 'if (a)\n  b = false'],
    ['that begins with a blank line that is not there', 'x\nrun(it)\n', '\nrun(it)\ngone()', '\nrun(it)\nhalt()'],
  ])('of lines %s is reported', (_, original, old, fresh) => {
    const result = apply(original, call(old, fresh));
    expect([result.complete, result.text]).toEqual([false, original]);
  });

  it('of a part of one line is made', () => {
    expect(apply('getUserName()\n', call('User', 'Person')).text).toBe('getPersonName()\n');
  });

  it('takes the depth of the document where the call has none', () => {
    const result = apply('def f():\n    "Doc."\n\n    run()\n', call('"Doc."\n', '"Doc."\nimport a\n'));
    expect(result.text).toBe('def f():\n    "Doc."\n    import a\n\n    run()\n');
  });
});

describe('labels and fences in the text itself', () => {
  it.each([
    ['a closing fence', 'FENCE one\n```ts\nexample();\n```\nlast();', 'first();'],
    ['an opening fence alone', 'one();\n```ts no-transpile\nlast();', 'first();'],
  ])('%s in fenced FIND and REPLACE', (_, old, fresh) => {
    const edit = `**Find:**\n\`\`\`\n${old}\n\`\`\`\n\n**Replace with:**\n\`\`\`\n${fresh}\n\`\`\`\n`;
    expect(apply(`top();\n${old}\nend();\n`, edit, 'find-replace').text).toBe(`top();\n${fresh}\nend();\n`);
  });

  it.each([
    ['an indented `with:`', '        it can be opened\n        with:\n'],
    ['`end` of a block', '  if a then\n    b()\n  end\nend\n'],
  ])('%s between labels', (_, old) => {
    const edit = `FIND:\n${old}REPLACE WITH:\nfresh()\nEND\n`;
    expect(apply(`top()\n${old}bottom()\n`, edit, 'find-replace').text).toContain('fresh()');
  });

  it('context that lost its mark behind a hunk that its counts say is over', () => {
    const diff = '--- a/a.go\n+++ b/a.go\n@@ -2,1 +2,2 @@\n\t"strconv"\n+\t"strings" \n\t"sync"  \n';
    const original = 'import (\n\t"strconv"\n\t"sync"\n)\n';
    expect(apply(original, diff, 'unified').text).toBe('import (\n\t"strconv"\n\t"strings"\n\t"sync"\n)\n');
  });
});
