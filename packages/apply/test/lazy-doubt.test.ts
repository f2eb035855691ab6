import { describe, expect, it } from 'vitest';
import { bracketBalance } from '../src/lazy/balance.ts';
import { apply, text, verdicts } from './check.ts';

const TWINS = text(`
  function a() {
    const start = begin();
    for (const x of xs) {
      visit(x);
    }
    return start;
  }

  function b() {
    const start = begin();
    for (const x of xs) {
      handle(x);
    }
    return start;
  }
`);

const LONG = Array.from({ length: 40 }, (_, i) => `  statement_of_some_length(${i});\n`).join('');

describe('snippets that could mean two things are reported', () => {
  it.each([
    [
      'a new last line that the document has further down: all between may be meant to go',
      `return value, source\n\n${LONG}@mark\nfunction kept() {}\n`,
      '// ...\nreturn value, source\n\n@mark\n// ...\n',
      undefined,
    ],
    [
      'a new last line that the document has further up',
      'shared();\none();\ntwo();\nthree();\n',
      '// ...\nthree();\nshared();\n// ...\n',
      'ambiguous',
    ],
    ['lines that are all there', 'one();\ntwo();\nthree();\n', '// ...\ntwo();\nthree();\n', 'already-applied'],
    [
      'the joint of halves of two blocks',
      TWINS,
      '// ...\nfunction a() {\n  const start = begin();\n  for (const x of xs) {\n    handle(x);\n// ...\n',
      'ambiguous',
    ],
    [
      'the start of a small file without a placeholder behind it',
      'export function a() {\n  return old();\n}\n\nexport function b() {\n  return 2;\n}\n',
      'export function a() {\n  return fresh();\n}\n',
      'deletion',
    ],
    [
      'new lines at the end of a snippet, without a placeholder, and few lines behind it',
      'one();\ntwo();\nthree();\nfour();\n',
      '// ...\ntwo();\nfresh();\n',
      'deletion',
    ],
    [
      'brackets left open, without a grammar to ask',
      'call(\n  one,\n  two,\n);\nnext();\n',
      '// ...\n  one,\n  fresh(\n  two,\n// ...\n',
      'syntax',
    ],
  ])('%s', (_, original, snippet, reason) => {
    const result = apply(original, snippet, 'lazy');
    expect([result.complete, result.text]).toEqual([false, original]);
    if (reason !== undefined) expect(verdicts(result)).toContain(reason);
  });

  it('one segment without a place takes the others with it', () => {
    const original = 'one();\ntwo();\nthree();\nfour();\nfive();\n';
    const result = apply(
      original,
      '// ...\none();\nfresh();\ntwo();\n// ...\nnowhere();\nunknown();\n// ...\n',
      'lazy',
    );
    expect(result.text).toBe(original);
    expect(result.hunks.every((hunk) => hunk.status === 'failed')).toBe(true);
    expect(result.needsModel).toBe(true);
  });
});

describe('the end of a block that a later one ends with as well', () => {
  const loop = (name: string) => `test ${name} {\n  for (x) {\n    ${name}(x);\n    check(x);\n  }\n}\n`;
  const fresh = 'test third {\n  const y = make();\n  see(y);\n}\n';
  const suite = (...tests: string[]) => `suite {\n${tests.join('\n#[test]\n').replace(/^(?=.)/gm, '  ')}}\n`;
  const snippet = `suite {\n  // ...\n      check(x);\n    }\n  }\n\n  #[test]\n${fresh.replace(/^(?=.)/gm, '  ')}}\n`;

  it('is reported: what follows may be new behind the later one', () => {
    const original = suite(loop('first'), loop('second'));
    const result = apply(original, snippet, 'lazy');
    expect([result.complete, result.text]).toEqual([false, original]);
  });

  it('is certain where no later block ends so', () => {
    const other = 'test second {\n  const x = make();\n  look(x);\n}\n';
    expect(apply(suite(loop('first'), other), snippet, 'lazy').text).toBe(suite(loop('first'), fresh));
  });
});

describe('what is outside a snippet', () => {
  const original = text(`
    import { a } from 'a';

    class One {
      run() {
        return a(1);
      }
    }

    class Two {
      run() {
        return a(2);
      }
    }

    class Three {
    }
  `);
  const changed = original.replace('a(2)', 'a(22)');
  const two = 'class Two {\n  run() {\n    return a(22);\n  }\n}\n';
  it.each([
    ['stays where both ends are marked', `// ...\n${two}// ...\n`, changed],
    ['stays where neither is', two, changed],
    [
      'stays where the end is inside a block',
      '// ...\nclass Two {\n  size = 1;\n\n  run() {\n    return a(2);\n',
      original.replace('class Two {\n', 'class Two {\n  size = 1;\n\n'),
    ],
    [
      'stays where the file begins with names that it uses',
      'class Two {\n  // ...\n    return a(2);\n  }\n\n  more() {}\n}\n// ...\n',
      original.replace('a(2);\n  }\n', 'a(2);\n  }\n\n  more() {}\n'),
    ],
    ['is in doubt where only the start is', `// ...\n${two}`, original],
    ['is in doubt where only the end is', `${two}// ...\n`, original],
  ])('%s', (_, snippet, expected) => {
    expect(apply(original, snippet, 'lazy').text).toBe(expected);
  });
});

describe('lines that are at another depth', () => {
  it('are not taken for ones that are as deep as they', () => {
    const original = text(`
      for (;;) {
        if (dir) {
          echo(value);
        } else {
          echo(value);
        }
      }
      echo(last);
    `);
    const snippet = '// ...\n  if (dir) {\n      echo(value);\n    echo(value);\n  } else {\n// ...\n';
    const result = apply(original, snippet, 'lazy');
    expect(result.complete ? result.text : original).toBe(original);
  });
});

describe('`...` as the body of a function', () => {
  const original = 'class A:\n    def one(self):\n        raise Missing\n\n    def two(self):\n        return 2\n';
  it('that hides next to nothing may be a stub', () => {
    const edit = original.replace('raise Missing', '...').replace('return 2', 'return 3');
    expect(apply(original, edit, 'lazy').complete).toBe(false);
  });
});

describe('snippets that mean one thing are placed', () => {
  it('a method between two whose bodies are under placeholders', () => {
    const original = 'class A {\n  one() {\n    return 1;\n  }\n\n  two() {\n    return 2;\n  }\n}\n';
    const method = '  has(name) {\n    return this.known.has(name);\n  }\n\n';
    const snippet = `class A {\n  one() {\n    // ...\n  }\n\n${method}  two() {\n    // ...\n  }\n}\n`;
    expect(apply(original, snippet, 'lazy').text).toBe(original.replace('  two', `${method}  two`));
  });

  it('the line that opens a block, changed, above a placeholder', () => {
    const original = `top()\n\n${'x = 1\n'.repeat(3)}\ndef load(path):\n    queue = make(path)\n    return queue\n`;
    const snippet = '# ...\ndef load(path, strict=False):\n    # ...\n    check(queue)\n    return queue\n';
    expect(apply(original, snippet, 'lazy').text).toBe(
      original.replace('load(path)', 'load(path, strict=False)').replace('    return', '    check(queue)\n    return'),
    );
    const exported = 'export class Load {\n  run() {\n    return 1;\n  }\n}\n\nexport class Other {\n}\n';
    const less = apply(exported, '// ...\nclass Load {\n  // ...\n}\n\nexport class Other {\n  x = 1;\n}\n', 'lazy');
    expect(less.complete).toBe(false);
  });

  it('a long deletion where both sides of the joint are shown', () => {
    const [above, below] = [
      'first_call(of, several);\nthe_line_before(it);\n',
      'the_line_after(it);\nlast_call(of, them);\n',
    ];
    const original = `${above}\nfunction old() {\n${LONG}}\n\n${below}more();\n`;
    expect(apply(original, `// ...\n${above}\n${below}// ...\n`, 'lazy').text).toBe(`${above}\n${below}more();\n`);
  });

  it('a closing bracket whose opener is under a placeholder, below another block of its depth', () => {
    const original = text(`
      def help(names):
          def show(ctx):
              run()

          return option(
              eager=True,
              required=False,
          )
    `);
    const snippet = text(`
      # ...
          def show(ctx):
              # ...
              required=False,
              kind=flag(),
          )
    `);
    const wanted = original.replace('required=False,\n', 'required=False,\n        kind=flag(),\n');
    expect(apply(original, snippet, 'lazy').text).toBe(wanted);
  });

  it.each(['whole', 'lazy', 'auto'] as const)('`...` as the body of a new stub behind a docstring, %s', (format) => {
    const original = text(`
      class A:
          """Doc."""

          def name(self):
              """Name."""
              return self._name

          def mode(self):
              return self._mode
    `);
    const stub = '    def close(self):\n        """Close."""\n        ...\n\n';
    const added = original.replace('    def mode', `${stub}    def mode`);
    expect(apply(original, added, format).text).toBe(added);
  });
});

describe('bracketBalance', () => {
  it.each([
    [
      ['f(a[0])', '{}'],
      [0, 0, 0],
    ],
    [
      ['f(', '['],
      [1, 1, 0],
    ],
    [['})'], [-1, 0, -1]],
  ])('%j is %j', (lines, expected) => {
    expect(bracketBalance(lines)).toEqual(expected);
  });
});
