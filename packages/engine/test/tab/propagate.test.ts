import { describe, expect, test } from 'vitest';
import { emptyLexicon } from '../../src/tab/lexicon/lexicon.ts';
import type { TabContext } from '../../src/tab/source.ts';
import { propagate } from '../../src/tab/sources/propagate.ts';
import { placesOf } from './places.ts';

const places = (fixture: string, more?: Partial<TabContext>) => placesOf(propagate, fixture, more);

describe('the next place of a repeated edit', () => {
  test.each([
    [
      'a renamed call',
      'typescript',
      `const a = [-load-]{+fetch+}(1);\nconst b = load(2);`,
      ['a.ts:2: const b = [-load-]{+fetch+}(2);'],
    ],
    [
      'await added',
      'typescript',
      `a = get('a');\nb = {+await +}get('b');\nc = get('c');`,
      ["a.ts:3: c = {+await +}get('c');", "a.ts:1: a = {+await +}get('a');"],
    ],
    [
      'an option added to every call',
      'go',
      `=== a.go\nlog(a.x{+, opts+})\nlog(b.y)\nlog(f(c), z)`,
      ['a.go:2: log(b.y{+, opts+})\na.go:3: log(f(c), z{+, opts+})'],
    ],
    [
      'a first argument',
      'go',
      `=== a.go\nx := Load({+ctx, +}id)\ny()\nreturn\nz := Load(name)\n`,
      ['a.go:4: z := Load({+ctx, +}name)'],
    ],
    [
      'a removed argument',
      'python',
      `=== a.py\ncheck(one[-, True-])\n\n\ncheck(two, True)`,
      ['a.py:4: check(two[-, True-])'],
    ],
    [
      'arguments in another order',
      'java',
      `=== A.java\nswap([-a, b-]{+b, a+});\nx();\ny();\nswap(c, d);`,
      ['A.java:4: swap([-c, d-]{+d, c+});'],
    ],
    [
      'a wrapped expression, learned from two',
      'rust',
      `=== a.rs\nlet x = [-a.b-]{+Some(a.b)+};\nlet y = [-c.d-]{+Some(c.d)+};\nlet z = 1;\nlet w = e.f;`,
      [],
    ],
    [
      'a wrapped argument, learned from two',
      'rust',
      `=== a.rs\nput([-a.b-]{+Some(a.b)+});\nput([-c.d-]{+Some(c.d)+});\nrun();\nlet z = 1;\nput(e.f);`,
      ['a.rs:5: put([-e.f-]{+Some(e.f)+});'],
    ],
    [
      'quotes',
      'javascript',
      `=== a.js\nrequire([-"-]{+'+}a[-"-]{+'+});\nx;\nrequire("b");`,
      [`a.js:3: require([-"b"-]{+'b'+});`],
    ],
    [
      'a repeated deletion of a statement',
      'typescript',
      `a();\n[-debug('x');\n-]b();\nc();\ndebug('x');\nd();`,
      ["a.ts:4: [-debug('x');\na.ts:5: -]d();"],
    ],
    [
      'the same line added in a second place, with its indentation and its names',
      'python',
      `=== a.py\ndef f(x):\n    self.check(x)\n{+    self.audit(x)\n+}    return x\n\nclass A:\n    def g(y):\n        self.check(y)\n        return y\n`,
      ['a.py:9:         {+self.audit(y)\na.py:10:         +}return y'],
    ],
    [
      'a type replaced',
      'csharp',
      `=== a.cs\n[-int-]{+long+} count = 0;\nvar x = 1;\nint count = 3;`,
      ['a.cs:3: [-int-]{+long+} count = 3;'],
    ],
    [
      'a word inside other names, each in its own style',
      'ruby',
      `=== a.rb\nget[-_user-]{+_account+}(1)\nx = 1\nset_user(2)\ny = 2\nUSER_ID = 3\n`,
      ['a.rb:3: set_[-user-]{+account+}(2)', 'a.rb:5: [-USER-]{+ACCOUNT+}_ID = 3'],
    ],
    [
      'a CSS value',
      'css',
      `=== a.css\na { color: [-red-]{+var(--accent)+}; }\np { margin: 0 }\nb { color: red; }`,
      ['a.css:3: b { color: [-red-]{+var(--accent)+}; }'],
    ],
    [
      'an i18n key',
      'php',
      `=== a.php\necho t('[-old-]{+new+}.title');\n$x = 1;\necho t('old.text');`,
      ["a.php:3: echo t('[-old-]{+new+}.text');"],
    ],
    [
      'the same insertion made twice: what was the same around it both times is all it takes',
      'javascript',
      `=== a.js
a = require('{+node:+}fs');
b = require('{+node:+}path');
run();
call('net');
c = require('http');`,
      ["a.js:5: c = require('{+node:+}http');"],
    ],
    [
      'punctuation that is put in between needs words around it that agree',
      'typescript',
      `existing?.({+it+});
other();
f(() => done());
if (x) existing?.();`,
      ['a.ts:4: if (x) existing?.({+it+});'],
    ],
    [
      'what is removed from the end of a line leaves the next line its own indentation',
      'python',
      `=== a.py
def f(self) -> str:[-  # type: ignore-]
    return a


if x:
    value = make()  # type: ignore
other = 1`,
      ['a.py:6:     value = make()[-  # type: ignore-]'],
    ],
    [
      'places on one line are one stop, whatever stands before them',
      'go',
      `=== a.go
type A flag.[-ErrorsOld-]{+ErrorsNew+}


c.Flags().ErrorsOld = flag.ErrorsOld(c.A)`,
      ['a.go:4: c.Flags().Errors[-Old-]{+New+} = flag.Errors[-Old-]{+New+}(c.A)'],
    ],
    [
      'places on neighbouring lines are one stop',
      'typescript',
      `[-foo-]{+bar+}(1);\n\n\nfoo(2);\nfoo(3);\n\n\nfoo(4);`,
      ['a.ts:4: [-foo-]{+bar+}(2);\na.ts:5: [-foo-]{+bar+}(3);', 'a.ts:8: [-foo-]{+bar+}(4);'],
    ],
  ])('%s (%s)', async (_name, _language, fixture, expected) => {
    expect(await places(fixture)).toEqual(expected);
  });

  test('a line rewritten in two steps is repeated as a whole', async () => {
    expect(
      await places(`
        const text = {+describe(+}[-\`\${-]request[-.url}\`-]{+)+};
        next();
        other();
        const more = \`\${request.url}\`;
      `),
    ).toEqual(['a.ts:4: const more = [-`${request.url}`-]{+describe(request)+};']);
  });
});

describe('silence', () => {
  test.each([
    ['where it is done already', `a = {+await +}get('a');\nb = await get('b');`],
    ['while brackets are open', `[-foo-]{+bar(+};\nfoo;`],
    ['while a line is begun that may go on', `run(a);\n{+check(a) &&+}\nrun(b);\nrun(c);\nrun(a);\n`],
    ['when the text is part of a longer word', `[-foo-]{+bar+}(1);\nfoobar(2);\nxfoo(3);`],
    ['without an edit that can be repeated', `{+x+}`],
    ['where another meaning holds the same comma', `f(a[-,-]{+;+} b);\n`],
  ])('%s', async (_name, fixture) => {
    expect(await places(fixture)).toEqual([]);
  });
});

describe('other files', () => {
  test('open ones come after this one, those on disk by the index after them', async () => {
    const disk: Record<string, string> = { 'c.ts': 'import { load } from "./a";\nload(3);\n' };
    const fixture = `
      === a.ts
      x = [-load-]{+fetch+}(1);


      y = load(2);
      === b.ts
      z = load(4);
    `;
    const found = await places(fixture, {
      files: { read: async (path) => disk[path] },
      lexicon: { ...emptyLexicon, filesWith: (identifier) => (identifier === 'load' ? ['a.ts', 'c.ts'] : []) },
    });
    expect(found).toEqual([
      'a.ts:4: y = [-load-]{+fetch+}(2);',
      'b.ts:1: z = [-load-]{+fetch+}(4);',
      'c.ts:1: import { [-load-]{+fetch+} } from "./a";\nc.ts:2: [-load-]{+fetch+}(3);',
    ]);
  });

  test('a file that is gone or unreadable is passed over', async () => {
    const lexicon = { ...emptyLexicon, filesWith: () => ['gone.ts'] };
    expect(await places(`x = [-load-]{+fetch+}(1);\nload();`, { lexicon })).toHaveLength(1);
  });
});

test('a long document is searched within the time of a key stroke', async () => {
  const lines = Array.from({ length: 4_000 }, (_, index) => `  const value${index} = compute(item${index}, ${index});`);
  const fixture = `target = [-compute-]{+derive+}(1);\n${lines.join('\n')}`;
  const found = await places(fixture);
  expect(found).not.toHaveLength(0);
});
