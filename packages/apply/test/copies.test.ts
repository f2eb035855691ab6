import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, text, verdicts } from './check.ts';

const block = (old: string, fresh: string) => `<<<<<<< SEARCH\n${old}=======\n${fresh}>>>>>>> REPLACE\n`;

describe('a sibling that is left as the hunk has it, where the place meant got other names', () => {
  const write = (type: string, writer: string) =>
    text(`
      /// Writes a number to the specified ${writer}.
      #[inline]
      fn write_${type}<W>(&mut self, ${writer}: &mut W, value: ${type}) -> Result<()>
      where
          W: Write,
      {
          ${writer}.put(value)
      }
    `);
  const old = write('f32', 'writer').split('\n').slice(0, 3).join('\n') + '\n';
  const edit = block(old, old.replace('#[inline]', '/// Not for infinity.\n#[inline]'));

  it('is not taken for it', () => {
    const original = `${write('f32', 'writer2')}\n${write('f64', 'writer')}`;
    const result = apply(original, edit);
    expect([verdicts(result), result.text]).toEqual([['ambiguous'], original]);
    expect(result.hunks[0]!.candidates!.length).toBeGreaterThan(0);
  });

  it('is no reason to report the place where that has its names', () => {
    const original = `${write('f32', 'writer')}\n${write('f64', 'writer')}`;
    const wanted = original.replace('#[inline]', '/// Not for infinity.\n#[inline]');
    expect(apply(original, edit).text).toBe(wanted);
  });

  const list = (choice: string) =>
    `    Option(\n        parser,\n        kind,\n        show=show,\n        ${choice},\n        help,\n    )\n`;
  const shifted = '  parser,\n  kind,\n  show=show,\n  choices=choices,\n  help,\n';
  it('whose other names are all of a line', () => {
    const original = `one(\n${list('choices_new=choices_new')})\ntwo(\n${list('choices=choices')})\n`;
    expect(verdicts(apply(original, block(shifted, shifted.replace('  kind,\n', ''))))).toEqual(['ambiguous']);
    const far = original.replace('choices_new=choices_new', 'another(thing)');
    expect(apply(far, block(shifted, shifted.replace('  kind,\n', ''))).complete).toBe(true);
  });
});

describe('an anchor, where the document has the hunk twice', () => {
  const patch = (anchor: string, rows: string) =>
    `*** Begin Patch\n*** Update File: a.js\n@@ ${anchor}\n${rows}*** End Patch\n`;

  it('does not choose a copy put in between it and the text that it stood above', () => {
    const end = '  show(error) {\n    return raw(error);\n  }\n}\n\nmodule.exports = Shown;\n';
    const rows = '   show(error) {\n-    return raw(error);\n+    return code(error);\n   }\n';
    const original = `class Shown extends Base {\n  list = [\n    one,\n${end}    two,\n  ];\n\n${end}`;
    expect(verdicts(apply(original, patch('class Shown extends Base {', rows)))).toEqual(['ambiguous']);
  });

  it('nor one whose end is as well the line that opens the other', () => {
    const end = '  idsOf\n} = require("./ids");\n\n/** Old. */\n\nclass Plugin {\n';
    const rows = '   idsOf\n } = require("./ids");\n \n-/** Old. */\n+/** New. */\n \n';
    const original = `const {\n  assign,\n${end}${end}  run() {}\n}\n`;
    expect(verdicts(apply(original, patch('const {', rows)))).toEqual(['ambiguous']);
  });

  it('nor what only stands behind its line, where that got another name elsewhere', () => {
    const check = (path: string, answer: string) => `  if (get("${path}") != "${answer}") {\n    fail(x);\n  }\n`;
    const part = (root: string) => check('/', root) + check('/admin', 'admin') + check('/admin/', 'admin');
    const original = `a() {\n${part('rootValue')}}\nb() {\n${part('root')}}\n`;
    const rows = '     fail(x);\n   }\n   if (get("/admin") != "admin") {\n-    fail(x);\n+    stop(x);\n   }\n';
    expect(verdicts(apply(original, patch('if (get("/") != "root") {', rows)))).toEqual(['ambiguous']);
  });

  it('sees over comments that are less deep than the block they are in', () => {
    const pager = (name: string, comment: string) =>
      `def ${name}(\n    text,\n) -> bool:\n    show(text)\n${comment}\n    return True\n\n\n`;
    const original =
      pager('first', '# less deep') + pager('second', '    wait()').replace('True\n\n\n', 'True\n\nlast()\n');
    const rows = ' \n-    return True\n+    return done\n \n';
    expect(apply(original, patch('def first(', rows)).complete).toBe(false);
    const apart = pager('first', '# less deep\n') + pager('second', '\n');
    expect(apply(apart, patch('def first(', rows)).complete).toBe(false);
  });
});

describe('line numbers', () => {
  const header = 'one();\ntwo();\nthree();\n';
  const body = 'alpha();\nbeta();\ngamma();\n';
  const foot = 'last();\nend();\n';
  const diff = (...hunks: string[]) => `--- a/a.js\n+++ b/a.js\n${hunks.join('')}`;
  const first = '@@ -1,3 +1,3 @@\n one();\n-two();\n+2();\n three();\n';
  const middle = '@@ -4,3 +4,3 @@\n alpha();\n-beta();\n+b();\n gamma();\n';
  const after = (line: number) => `@@ -${line},2 +${line},2 @@\n-last();\n+final();\n end();\n`;

  it('that only a hunk further up confirms choose nothing: a copy may have come in between', () => {
    const result = apply(header + body + body + foot, diff(first, middle), 'unified');
    expect(verdicts(result)).toEqual(['exact', 'ambiguous']);
  });

  it('that one further down confirms choose', () => {
    const original = header + body + body + foot;
    const result = apply(original, diff(first, middle, after(10)), 'unified');
    expect([verdicts(result), result.text]).toEqual([
      ['exact', 'exact', 'exact'],
      original.replace('two', '2').replace('beta', 'b').replace('last', 'final'),
    ]);
  });

  it('that one further down contradicts choose nothing', () => {
    const result = apply(header + body + body + foot, diff(first, middle, after(7)), 'unified');
    expect(verdicts(result)).toEqual(['exact', 'ambiguous', 'exact']);
  });
});

describe('a hunk with its middle left out', () => {
  const old = '\nkind: string;\nstate: State;\n\nbuild({\n  ...\n  done = never,\n}: {\n  name: string;\n';
  const fresh = old.replace('state: State;\n', 'state: State;\nplace: Place;\n');
  const original =
    'class A {\n\n  kind: string;\n  state: State;\n\n  build({\n    one,\n    two,\n    done = never,\n  }: {\n    name: string;\n';

  it('is reported where its first part stands a second time but for blank lines', () => {
    const copy = original.replace(
      '  build',
      '  kind: string;\n  state: State;\n\n  build({\n    one,\n  }: {\n  kind: string;\n  state: State;\n\n  build',
    );
    expect(verdicts(apply(copy, block(old, fresh)))).toEqual(['ambiguous']);
  });

  it('or where the lines around its change do', () => {
    const copy = original.replace('  build', '  kind: string;\n  state: State;\n  other();\n  build');
    expect(apply(copy, block(old, fresh)).complete).toBe(false);
  });

  it('is placed where neither does', () => {
    expect(apply(original, block(old, fresh)).text).toContain('  state: State;\n  place: Place;\n');
  });
});

describe('a copy put in amid the place, all that was parted from it being brackets', () => {
  const lines = [
    'class Visitor {',
    '\tcall(name) {',
    '\t\tif (this.has(name)) {',
    '\t\t\tthis.run(name);',
    '\t\t}',
    '\t}',
    '}',
    '',
    'export { Visitor };',
    '',
  ];
  const deeper = (part: readonly string[]) => part.map((line) => `\t${line}\n`).join('');

  it('is not taken for it where the hunk was written at another depth', () => {
    const original = [...lines.slice(0, 4), ...lines.slice(4, 9), ...lines.slice(4)].join('\n');
    const hunk = lines.slice(2, 7);
    const edit = block(deeper(hunk), deeper([...hunk.slice(0, 3), '\t\tthis.end(name);', ...hunk.slice(3)]));
    const result = apply(original, edit);
    expect([verdicts(result), result.text]).toEqual([['ambiguous'], original]);
    expect(apply(lines.join('\n'), edit).complete).toBe(true);
  });

  it('nor where the brackets come first', () => {
    const below = ['export function last(name) {', '\treturn name;', '}', ''];
    const all = [...lines.slice(0, 7), ...below];
    const hunk = all.slice(5, 9);
    const edit = block(deeper(hunk), deeper([hunk[0]!, '// New.', ...hunk.slice(1)]));
    expect(apply(all.join('\n'), edit).complete).toBe(true);
    // The copy of the two brackets, with what stands above them, is what the rest of the hunk stands below.
    const original = [...all.slice(0, 7), ...all.slice(3, 7), ...all.slice(7)].join('\n');
    const result = apply(original, edit);
    expect([verdicts(result), result.text]).toEqual([['ambiguous'], original]);
  });

  it('is reported wherever the copy begins and ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 5, max: 9 }),
        fc.integer({ min: 0, max: 3 }),
        (above, to, at) => {
          const before = [...lines.slice(0, 4), ...lines.slice(4, to), ...lines.slice(4)];
          const hunk = lines.slice(4 - above, 5 + Math.min(2, at));
          const fresh = [...hunk.slice(0, above + 1), '\t\tthis.end(name);', ...hunk.slice(above + 1)];
          const original = before.join('\n');
          const end = before.length - (lines.length - 5);
          const wanted = [...before.slice(0, end), '\t\tthis.end(name);', ...before.slice(end)].join('\n');
          const result = apply(original, block(deeper(hunk), deeper(fresh)));
          expect(result.text).toBe(result.complete ? wanted : original);
        },
      ),
      { seed: 23, numRuns: 60 },
    );
  });
});

describe('a blank line that goes', () => {
  const old =
    'set(request)\n\nif ready:\n    yield request\nelse:\n\n    answer = send(\n        request,\n        stream,\n        timeout,\n';
  const edit = block(old, old.replace('else:\n\n', 'else:\n'));

  it('beside a line that is not there any more is found from the other side', () => {
    const original = old.replace('else:', 'otherwise:');
    expect(apply(original, edit).text).toBe(original.replace('otherwise:\n\n', 'otherwise:\n'));
  });

  it('and is not there either is nothing to do', () => {
    const loose = edit.replace('set(request)', 'set( request)');
    expect(apply(old.replace('set(request)', 'set( request )'), loose).complete).toBe(false);
    expect(apply(old, edit).text).toBe(old.replace('else:\n\n', 'else:\n'));
  });
});

describe('a fence in the text of a fenced diff', () => {
  const original = 'top\n```js\nimport { old } from "a";\n```\nend\n';
  const diff = (end: string) =>
    `\`\`\`diff\n@@ -1,5 +1,5 @@\n top\n \`\`\`js\n-import { old } from "a";\n+import { fresh } from "a";\n${end}\`\`\`\n`;

  it('is context where it has its mark, and does not end the diff', () => {
    expect(apply(original, diff(' ```\n end\n')).text).toBe(original.replace('old', 'fresh'));
    const copied = original.replace('```js', '```js\nimport { old } from "a";\n```\n```js');
    expect(verdicts(apply(copied, diff(' ```\n end\n')))).not.toEqual(['exact']);
  });

  it('ends it where it has none', () => {
    const result = apply(original, `${diff('')}\n Some words about it.\n`);
    expect(result.text).toBe(original.replace('old', 'fresh'));
  });
});

describe('what an answer does not tell from its layout', () => {
  const license = '// Copyright\n// license\n\n//go:build engine\n// +build engine\n\n';
  const patch =
    '*** Begin Patch\n*** Update File: a.go\n@@\n// license\n\n//go:build engine\n-// +build engine\n\npackage gin\n\n*** End Patch\n';

  it('a blank line behind a hunk, which is not there, makes a copy of it doubtful', () => {
    expect(verdicts(apply(`${license}${license}package gin\npackage gin\n\nend\n`, patch))).toEqual(['ambiguous']);
    expect(apply(`${license}package gin\n\nend\n`, patch).complete).toBe(true);
    expect(apply(`${license}package gin\nend\n`, patch).complete).toBe(true);
  });

  it('stars of a comment that lost their space, or the mark before it', () => {
    const doc = (depth: string) =>
      `${depth}/**\n${depth} * Maps.\n${depth} *\n${depth} * Passes.\n${depth} */\n${depth}map()\n`;
    const diff = '--- a/a.ts\n+++ b/a.ts\n@@ -8,3 +8,4 @@\n * Maps.\n *\n+* No mapper.\n * Passes.\n';
    const both = `${doc('')}class A {\n${doc('  ')}}\n`;
    expect(verdicts(apply(both, diff, 'unified'))).toEqual(['ambiguous']);
    expect(apply(`class A {\n${doc('  ')}}\n`, diff, 'unified').text).toContain(
      '   *\n   * No mapper.\n   * Passes.\n',
    );
  });

  it('which of two equal lines new text at another depth stands beside', () => {
    const original = 'test(t) {\n  run(t)\n  check(t)\n}\n}\n';
    const diff = '--- a/a.js\n+++ b/a.js\n@@\n     check(t)\n   }\n+\n+  fresh() {}\n';
    expect(verdicts(apply(original, diff, 'unified'))).toEqual(['ambiguous']);
    const once = original.replace('}\n}\n', '}\n');
    expect(apply(once, diff, 'unified').text).toBe(`${once}\nfresh() {}\n`);
  });
});

/** A list of calls with names from few words, so that lines come twice. */
const calls = fc.array(fc.constantFrom('open', 'walk', 'close', 'lock', 'turn', 'push'), {
  minLength: 6,
  maxLength: 18,
});

describe('a renamed copy of the place', () => {
  it('is never changed instead of the place, nor the place without a report', () => {
    fc.assert(
      fc.property(calls, fc.nat(5), fc.constantFrom('2', 'Value', '_new'), fc.boolean(), (names, at, tail, first) => {
        const lines = names.map((name, i) => `  ${name}(door, ${i % 4});`);
        const other = lines.map((line) => line.replaceAll('door', `door${tail}`));
        const from = Math.min(at, lines.length - 4);
        const old = lines.slice(from, from + 4);
        const fresh = [old[0]!, old[1]!, '  fresh(it);', old[2]!, old[3]!];
        const both = first ? [...lines, 'gap();', ...other] : [...other, 'gap();', ...lines];
        // The one that the model saw may be either: only the other one still has its names.
        const deeper = (rows: readonly string[]) => rows.map((row) => `  ${row}\n`).join('');
        const result = apply(`${both.join('\n')}\n`, block(deeper(old), deeper(fresh)));
        expect(result.text.includes('fresh(it)') && !result.complete).toBe(false);
        if (result.complete) expect(result.text).toContain(`${fresh.join('\n')}\n`);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
