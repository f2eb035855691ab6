import { beforeAll, describe, expect, test } from 'vitest';
import { Document } from '../../src/workspace/document.ts';
import { bindingsOf } from '../../src/workspace/scopes.ts';
import { createTreeSitterSyntax } from '../../src/workspace/tree-sitter.ts';
import { wasmReader } from '../../src/workspace/tree-sitter-wasm.ts';

const syntax = createTreeSitterSyntax({
  readWasm: wasmReader(import.meta.url),
  now: () => 0,
  defer: (task) => void setImmediate(task),
});

/**
 * Each occurrence of `foo` in the fixture carries the numbers of the bindings it belongs to, counted by their first reference: `foo·1`; `?` where that is
 * not certain without types, `~` for a mention in a comment or string, nothing where it is no use of a name at all.
 */
function check(languageId: string, fixture: string, kinds: string): void {
  const body = fixture.replace(/^\n/, '');
  const indent = /^ */.exec(body)![0];
  const marked = body
    .split('\n')
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
    .join('\n');
  const text = marked.replace(/·(?:~|\d+\??(?:,\d+\??)*)/g, '');
  const tree = syntax.tree(Document.open({ path: 'a', languageId, version: 1, text }))!;
  expect(tree.rootNode.hasError, 'the fixture has no syntax error').toBe(false);
  const found = bindingsOf(tree, languageId, text, 'foo');
  const bindings = [...found.bindings].sort((a, b) => a.references[0]!.start - b.references[0]!.start);
  const marks = new Map<number, string[]>();
  const mark = (at: number, id: string) => marks.set(at, [...(marks.get(at) ?? []), id]);
  bindings.forEach((binding, index) => {
    for (const { end, certainty } of binding.references) mark(end, `${index + 1}${certainty < 0.8 ? '?' : ''}`);
  });
  for (const { end } of found.mentions) mark(end, '~');
  let rendered = '';
  let last = 0;
  for (const [at, ids] of [...marks].sort((a, b) => a[0] - b[0])) {
    rendered += `${text.slice(last, at)}·${ids.join(',')}`;
    last = at;
  }
  expect(rendered + text.slice(last)).toBe(marked);
  expect(
    bindings
      .map(
        ({ kind, owner, parameterOf }) =>
          kind + (owner ? ` of ${owner}` : '') + (parameterOf ? ` of ${parameterOf}()` : ''),
      )
      .join(', '),
  ).toBe(kinds);
}

const LANGUAGES = [
  'typescript',
  'typescriptreact',
  'javascript',
  'python',
  'go',
  'rust',
  'java',
  'c',
  'cpp',
  'csharp',
  'ruby',
  'php',
];
beforeAll(() => Promise.all(LANGUAGES.map((language) => syntax.warm(language))));

describe('TypeScript', () => {
  test('shadowing by parameter, block and catch', () =>
    check(
      'typescript',
      `
      const foo·1 = 1;
      function a(foo·2: number) { return foo·2 + 1; }
      function b() { { let foo·3 = foo·3; foo·3++; } return foo·1; }
      try {} catch (foo·4) { log(foo·4, "foo·~"); } // foo·~
      export { foo·1 };
      `,
      'top, local of a(), local, local',
    ));
  test('var and functions hoist, let does not', () =>
    check(
      'typescript',
      `
      function f() { if (x) { var foo·1 = 1; } return foo·1; }
      function g() { if (x) { let foo·2 = 1; } return foo·3?; }
      `,
      'local, local, free',
    ));
  test('patterns, defaults and shorthand', () =>
    check(
      'typescript',
      `
      const { foo·1, a: [b = foo·1] } = c;
      const o = { foo·1, x: foo·1, foo: foo·1 };
      const { foo·2?: bar } = o;
      `.replace('foo: foo·1 }', 'foo·2?: foo·1 }'),
      'top, member',
    ));
  test('members and plain names are apart', () =>
    check(
      'typescript',
      `
      class A { foo·1 = 1; m(foo·2: string) { this.foo·1 = foo·2; return other.foo·1; } }
      const foo·3 = new A().foo·1;
      `,
      'member of A, local of m(), top',
    ));
  test('members of two classes', () =>
    check(
      'typescript',
      `
      class A { foo·1() { return this.foo·1; } }
      class B { foo·2() { return this.foo·2; } static x = A.foo·1; }
      call().foo·1?,2?;
      `.replaceAll(/·1\?,2\?/g, '·1?,2?'),
      'member of A, member of B',
    ));
  test('private fields are another name', () =>
    check('typescript', 'class A { #foo·1 = 1; foo·2() { return this.#foo·1; } }', 'member of A, member of A'));
  test('imports and aliases', () =>
    check(
      'typescript',
      `
      import { foo·1 } from './a';
      import { foo·2 as bar } from './b';
      foo·1(bar);
      type T = typeof foo·1;
      `,
      'import, import',
    ));
  test('types, generics and enums', () =>
    check(
      'typescript',
      `
      interface foo·1 { a: foo·1[] }
      function g<foo·2>(x: foo·2): foo·2 { return x; }
      enum E { foo·3 }
      const e = E.foo·3;
      `,
      'top, local, member of E',
    ));
  test('JSX', () =>
    check(
      'typescriptreact',
      `
      const A = ({ foo·1 }: P) => <B foo·2?={foo·1}>foo·~</B>;
      `,
      'local, member',
    ));
  test('arrow parameters, loops, labels', () =>
    check(
      'javascript',
      `
      list.map(foo·1 => foo·1 + 1);
      for (const foo·2 of list) use(foo·2);
      foo: for (;;) break foo;
      `,
      'local, local',
    ));
});

describe('Python', () => {
  test('function, global and nonlocal scopes', () =>
    check(
      'python',
      `
      foo·1 = 1
      def a():
          return foo·1
      def b():
          foo·2 = 2
          def c():
              nonlocal foo·2
              foo·2 = 3
          return foo·2
      def d():
          global foo·1
          foo·1 = 4
      `,
      'top, local',
    ));
  test('parameters and keyword arguments', () =>
    check(
      'python',
      `
      def a(x, foo·1=1):
          return foo·1
      a(1, foo·1=2)
      b(foo=3)
      `,
      'local of a()',
    ));
  test('constructor parameters are named by the class', () =>
    check(
      'python',
      `
      class A:
          def __init__(self, foo·1):
              self.foo·2 = foo·1
          def get(self):
              return self.foo·2
      A(foo·1=1).foo·2
      `.replace('A(foo·1=1)', 'A(foo·1,2=1)'),
      'local of A(), member of A',
    ));
  test('comprehensions, lambdas, with, except', () =>
    check(
      'python',
      `
      a = [foo·1 for foo·1 in b if foo·1]
      c = lambda foo·2: foo·2
      with open(d) as foo·3: e(foo·3)
      f"{foo·3} foo·~"
      `,
      'local, local, top',
    ));
  test('imports', () =>
    check(
      'python',
      `
      from a.b import foo·1, c
      from d import foo·2 as e
      foo·1()
      `,
      'import, import',
    ));
});

describe('Go', () => {
  test('short declarations shadow from their statement on', () =>
    check(
      'go',
      `
      package a
      var foo·1 = 1
      func f() int {
      	foo·2 := foo·1
      	if foo·3, err := g(foo·2); err != nil { return foo·3 }
      	foo·2, c := 1, 2
      	return foo·2 + c
      }
      func h() int { return foo·1 }
      `,
      'top, local, local',
    ));
  test('fields, keys and methods', () =>
    check(
      'go',
      `
      package a
      type S struct { foo·1 int }
      type T struct { foo·2 int }
      func (s *S) get() int { return s.foo·1?,2? }
      var x = S{foo·1: 1}
      var y = T{foo·2: foo()}
      `.replace('foo()}', 'foo·3?()}'),
      'member of S, member of T, free',
    ));
  test('method with receiver', () =>
    check(
      'go',
      `
      package a
      func (s *S) foo·1(foo·2 int) int { return foo·2 }
      func g(s *S) int { return s.foo·1(1) }
      `,
      'member of S, local of foo()',
    ));
});

describe('Rust', () => {
  test('let shadows let', () =>
    check(
      'rust',
      `
      fn f(foo·1: i32) -> i32 {
          let foo·2 = foo·1 + 1;
          let foo·3 = foo·2 * 2;
          println!("{foo·3} {}", foo·3);
          foo·3
      }
      `,
      'local of f(), local, local',
    ));
  test('fields, shorthand and methods', () =>
    check(
      'rust',
      `
      struct P { foo·1: i32 }
      impl P {
          fn new(foo·2: i32) -> Self { P { foo·1,2 } }
          fn get(&self) -> i32 { self.foo·1 }
      }
      `,
      'member of P, local of new()',
    ));
  test('if let, match arms, closures', () =>
    check(
      'rust',
      `
      fn f() {
          if let Some(foo·1) = a { b(foo·1); }
          match c { Some(foo·2) if foo·2 > 1 => foo·2, _ => 0 };
          d(|foo·3| foo·3 + 1);
      }
      `,
      'local, local, local',
    ));
});

describe('Java', () => {
  test('fields are reached without this, and shadowed', () =>
    check(
      'java',
      `
      class A {
        private int foo·1 = 1;
        A(int foo·2) { this.foo·1 = foo·2; }
        int get() { return foo·1; }
        int local() { int foo·3 = foo·1; return foo·3; }
      }
      `,
      'member of A, local of A(), local',
    ));
  test('methods', () =>
    check(
      'java',
      `
      class A {
        int foo·1(int a) { return foo·1(a - 1) + this.foo·1(2) + other.foo·1(3); }
        int b(int foo·2) { return foo·2 + foo·1(foo·2); }
      }
      `.replace('foo·2 + foo·1(foo·2)', 'foo·2 + 1'),
      'member of A, local of b()',
    ));
});

describe('C and C++', () => {
  test('functions, parameters, fields', () =>
    check(
      'c',
      `
      struct S { int foo·1; };
      int get(struct S *s) { return s->foo·1; }
      int add(int foo·2, int *b) { int c = foo·2; { int foo·3 = c; c = foo·3; } return foo·2; }
      struct S s = { .foo·1 = 1 };
      `.replace('.foo·1 = 1', '.foo·1? = 1'),
      'member of S, local of add(), local',
    ));
  test('a function and its prototype are one', () =>
    check(
      'c',
      `
      int foo·1(int a);
      int foo·1(int a) { return a; }
      int main() { return foo·1(1); }
      `,
      'top',
    ));
  test('class members without this', () =>
    check(
      'cpp',
      `
      class A {
        int foo·1;
        A(int foo·2) : foo·1(foo·2) {}
        int get() const { return foo·1 + this->foo·1; }
      };
      `,
      'member of A, local of A()',
    ));
});

describe('C#', () => {
  test('fields, named arguments, lambdas', () =>
    check(
      'csharp',
      `
      class A {
        int foo·1 = 1;
        void M(int foo·2) { this.foo·1 = foo·2; }
        void N() { M(foo·2: foo·1); var x = list.Select(foo·3 => foo·3 + 1); }
        void O() { var foo·4 = foo·1; Log($"{foo·4} foo"); }
      }
      `.replace('} foo"', '} foo·~"'),
      'member of A, local of M(), local, local',
    ));
});

describe('Ruby', () => {
  test('locals, blocks, instance variables', () =>
    check(
      'ruby',
      `
      class A
        def initialize(foo·1)
          @foo·2 = foo·1
        end
        def get
          list.each { |foo·3| use(foo·3) }
          @foo·2
        end
      end
      `,
      'local of A(), member of A, local',
    ));
  test('methods, with and without a receiver', () =>
    check(
      'ruby',
      `
      class A
        def foo·1; end
        def b
          foo·1
          self.foo·1
          other.foo·1
        end
      end
      `,
      'member of A',
    ));
});

describe('PHP', () => {
  test('variables, properties and closures', () =>
    check(
      'php',
      `
      <?php
      class A {
        private $foo·1 = 1;
        function m($foo·2) {
          $this->foo·1 = $foo·2;
          $c = function () use ($foo·2) { return $foo·2; };
          return fn($x) => $x + $foo·2;
        }
        function n() { $foo·3 = 1; return "$foo·3 foo"; }
      }
      `.replace(' foo"', ' foo·~"'),
      'member of A, local of m(), local',
    ));
  test('functions and variables are apart', () =>
    check(
      'php',
      `
      <?php
      function foo·1() { $foo·2 = 1; return $foo·2; }
      foo·1();
      `,
      'top, local',
    ));
});
