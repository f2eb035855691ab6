import { parseMarked } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { propagate } from '../../../src/tab/sources/propagate.ts';
import { applyEdits } from '../../../src/workspace/text-edit.ts';
import { candidatesOf } from '../places.ts';

/** What the only document would be after each candidate, best first. */
async function outcomes(fixture: string): Promise<string[]> {
  const { documents, edits } = parseMarked(fixture);
  let text = documents[0]!.text;
  for (const { start, end, text: inserted } of edits) text = applyEdits(text, [[start, end, inserted]]);
  return (await candidatesOf(propagate, fixture)).map((candidate) => applyEdits(text, candidate.edits));
}

/** The outcome that changes `before` into `after` and leaves the rest as the user has made it. */
function made(fixture: string, before: string, after: string): string {
  const { documents, edits } = parseMarked(fixture);
  let text = documents[0]!.text;
  for (const { start, end, text: inserted } of edits) text = applyEdits(text, [[start, end, inserted]]);
  const at = text.lastIndexOf(before);
  expect(at).toBeGreaterThanOrEqual(0);
  return text.slice(0, at) + after + text.slice(at + before.length);
}

describe('what was changed on neighbouring lines is changed together again', () => {
  test.each([
    [
      'typescript: two rewrites',
      `=== a.ts\nopen(a[-, true-]);\nlog([-a-]{+a.id+});\n\nrun();\n\nopen(b, true);\nlog(a);\n`,
      'open(b, true);\nlog(a);',
      'open(b);\nlog(a.id);',
    ],
    [
      'javascript: a comma and a new line',
      `=== a.js\nconst a = {\n  url: '/a'{+,+}\n{+  retry: true\n+}};\n\nconst b = {\n  url: '/a'\n};\n`,
      `  url: '/a'\n`,
      `  url: '/a',\n  retry: true\n`,
    ],
    [
      'python: a statement goes into a block',
      `=== a.py\ndef a(x):\n    [-value = load(x)-]{+with lock:+}\n{+        value = load(x)\n+}    return value\n\n\ndef b(x):\n    value = load(x)\n    return value\n`,
      '    value = load(x)\n',
      '    with lock:\n        value = load(x)\n',
    ],
    [
      'go: calls on two lines',
      `=== a.go\nfunc a() {\n\tx := [-json-]{+codec+}.Marshal(a)\n\tassert.[-Equal-]{+JSONEq+}(t, x, y)\n}\n\nfunc b() {\n\tx := json.Marshal(a)\n\tassert.Equal(t, x, y)\n}\n`,
      '\tx := json.Marshal(a)\n\tassert.Equal(t, x, y)\n',
      '\tx := codec.Marshal(a)\n\tassert.JSONEq(t, x, y)\n',
    ],
    [
      'rust: other names between',
      `=== a.rs\nfn a() {\n    [-out.extend(&one)-]{+for x in &one {+}\n{+        out.push(x)\n    }\n+}}\n\nfn b() {\n    all.extend(&two)\n}\n`,
      '    all.extend(&two)\n',
      '    for x in &two {\n        all.push(x)\n    }\n',
    ],
    [
      'java: lines of unequal length between',
      `=== A.java\nclass A {\n  [-int-]{+long+} a() {\n    return [-read-]{+readLong+}(x);\n  }\n\n  int b(String name) {\n    return read(x);\n  }\n}\n`,
      'int b(String name) {\n    return read(x);',
      'long b(String name) {\n    return readLong(x);',
    ],
  ])('%s', async (_name, fixture, before, after) => {
    expect(await outcomes(fixture)).toContain(made(fixture, before, after));
  });

  test('the line break that moved is part of it', async () => {
    const fixture = `=== a.ts\ninterface A<{+\n  +}T extends B[->\n  -]{+,\n> +}extends C<T> {}\n\ninterface D<T extends B>\n  extends C<T> {}\n`;
    expect(await outcomes(fixture)).toContain(
      made(fixture, 'interface D<T extends B>\n  extends', 'interface D<\n  T extends B,\n> extends'),
    );
  });
});

describe('a run of neighbouring places', () => {
  test('comes as one stop, and line by line', async () => {
    const fixture = `=== a.ts\n[-foo-]{+bar+}(1);\n\n\nfoo(2);\nfoo(3);\n`;
    const found = await outcomes(fixture);
    expect(found).toContain(made(fixture, 'foo(2);\nfoo(3);', 'bar(2);\nbar(3);'));
    expect(found).toContain(made(fixture, 'foo(2);', 'bar(2);'));
    expect(found).toContain(made(fixture, 'foo(3);', 'bar(3);'));
  });
});

describe('names around a place', () => {
  test('are those of the whole file where they begin with a capital', async () => {
    const fixture = `=== a.ts\nget(One.a{+, One.b+});\n\n\n\n\n\nget(Two.a);\n`;
    expect(await outcomes(fixture)).toContain(made(fixture, 'get(Two.a);', 'get(Two.a, One.b);'));
  });

  test('a local name that nothing near the place mentions is not kept', async () => {
    const fixture = `=== a.ts\nstep(a, one){+.with(one)+};\n\n\n\n\n\nstep(a, two);\n`;
    expect(await outcomes(fixture)).not.toContain(made(fixture, 'step(a, two);', 'step(a, two).with(one);'));
  });

  test('a keyword is no name', async () => {
    const fixture = `=== a.ts\nparser.at = [-loc-]{+parser.loc+};\nrun();\nif (at = loc) run();\n`;
    for (const outcome of await outcomes(fixture)) expect(outcome).not.toContain('if.loc');
  });
});

describe('an insertion that one side holds', () => {
  test.each([
    [
      'javascript',
      `=== a.js\nconst a = require('{+node:+}fs');\nrun();\nconst b = require('path');\n`,
      `'path'`,
      `'node:path'`,
    ],
    ['python', `=== a.py\nx = load(self, {+cache.+}one)\nrun()\ny = load(self, two)\n`, 'two', 'cache.two'],
    ['go', `=== a.go\nx := get(ctx, {+opt.+}A)\nrun()\ny := get(ctx, B)\n`, 'B)', 'opt.B)'],
    ['rust', `=== a.rs\nuse std::{+a::+}One;\nrun();\nuse std::Two;\n`, 'Two', 'a::Two'],
    ['java', `=== A.java\nthis.put({+Key.+}ONE);\nrun();\nthis.put(TWO);\n`, 'TWO', 'Key.TWO'],
    ['css', `=== a.css\na { color: var(--{+ui-+}red); }\np { }\nb { color: var(--blue); }\n`, 'blue', 'ui-blue'],
  ])('%s', async (_language, fixture, before, after) => {
    expect(await outcomes(fixture)).toContain(made(fixture, before, after));
  });

  test('made twice at the same kind of line, it needs no word beside it', async () => {
    const fixture = `=== a.py\ndef a(x){+ -> None+}:\n    pass\n\ndef b(y, z){+ -> None+}:\n    return\n\ndef c(w=1):\n    pass\n\nclass D(E):\n    pass\n`;
    const found = await outcomes(fixture);
    expect(found).toContain(made(fixture, 'def c(w=1):', 'def c(w=1) -> None:'));
    expect(found).not.toContain(made(fixture, 'class D(E):', 'class D(E) -> None:'));
  });
});

describe('a form that is made of nothing but names', () => {
  test.each([
    [
      'go',
      `=== a.go\n[-mode = debug-]{+atomic.Store(&mode, debug)+}\nrun()\nmode = release\nrun()\n`,
      'mode = release',
      'atomic.Store(&mode, release)',
    ],
    [
      'python',
      `=== a.py\nfor [-(k, v)-]{+k, v+} in a:\n    pass\nfor (name, value) in b:\n    pass\n`,
      '(name, value)',
      'name, value',
    ],
  ])('is held by one of them, or by the word beside it (%s)', async (_language, fixture, before, after) => {
    expect(await outcomes(fixture)).toContain(made(fixture, before, after));
  });
});
