import { describe, test } from 'vitest';
import { rename } from '../../src/tab/sources/rename.ts';
import { check, type SceneOptions } from './check.ts';

const renames = (fixture: string, expected: string, options?: SceneOptions) =>
  check(rename, fixture, expected, options);
const silent = (fixture: string, options?: SceneOptions) => check(rename, fixture, '', options);

describe('TypeScript and JavaScript', () => {
  test('a local, not the one that shadows it, with shorthand and export spelled out', () =>
    renames(
      `
      const [-foo-]{+total+} = 1;
      function f(foo: string) { return foo; }
      export const x = foo + foo;
      log({ foo });
      export { foo };
      `,
      `
      0.9 2/4 a.ts:3: export const x = [-foo-]{+total+} + [-foo-]{+total+};
      0.9 3/4 a.ts:4: log({ [-foo-]{+foo: total+} });
      0.9 4/4 a.ts:5: export { [-foo-]{+total as foo+} };
      `,
    ));
  test('a parameter and its uses, from the cursor on and around', () =>
    renames(
      `
      function area(width: number, [-h-]{+height+}: number) {
        if (h < 0) throw new Error('h');
        return width * h;
      }
      const h = 1;
      `,
      `
      0.9 2/3 a.ts:2: if ([-h-]{+height+} < 0) throw new Error('h');
      0.9 3/3 a.ts:3: return width * [-h-]{+height+};
      `,
    ));
  test('a function across files that import it, also under another name and by namespace', () =>
    renames(
      `
      === src/a.ts
      export function [-load-]{+fetchAll+}() {}
      load();
      === src/b.ts
      import { load } from './a';
      import * as a from './a';
      load(a.load());
      === src/c.ts
      import { load } from './other';
      load();
      === src/d.ts
      import { load as other } from './a';
      other();
      `,
      `
      0.9 2/8 src/a.ts:2: [-load-]{+fetchAll+}();
      0.9 3/8 src/b.ts:1: import { [-load-]{+fetchAll+} } from './a';
      0.9 4/8 src/b.ts:3: [-load-]{+fetchAll+}(a.[-load-]{+fetchAll+}());
      0.9 5/8 src/d.ts:1: import { [-load-]{+fetchAll+} as other } from './a';
      0.9 6/8 src/deep/e.js:1: const { [-load-]{+fetchAll+} } = require('../a');
      0.9 7/8 src/deep/e.js:2: [-load-]{+fetchAll+}();
      0.9 8/8 src/f.ts:1: export { [-load-]{+fetchAll+} } from './a';
      `,
      {
        files: {
          'src/deep/e.js': "const { load } = require('../a');\nload();\n",
          'src/f.ts': "export { load } from './a';\n",
        },
      },
    ));
  test('a member, by this and through objects', () =>
    renames(
      `
      class Cart {
        private [-items-]{+lines+}: Line[] = [];
        add(line: Line) { this.items.push(line); }
        size(items: number) { return items + this.items.length; }
      }
      `,
      `
      0.9 2/3 a.ts:3: add(line: Line) { this.[-items-]{+lines+}.push(line); }
      0.9 3/3 a.ts:4: size(items: number) { return items + this.[-items-]{+lines+}.length; }
      `,
    ));
  test('an interface property, in literals, accesses and patterns', () =>
    renames(
      `
      interface User { [-mail-]{+email+}: string }
      const u: User = { mail: 'a' };
      send(u.mail);
      const { mail } = u;
      `,
      `
      0.6 2/4 a.ts:2: const u: User = { [-mail-]{+email+}: 'a' };
      0.8 3/4 a.ts:3: send(u.[-mail-]{+email+});
      0.4 4/4 a.ts:4: const { [-mail-]{+email: mail+} } = u;
      `,
    ));
  test('the name in an import: the uses follow', () =>
    renames(
      `
      import { [-readAll-]{+readEvery+} } from './io';
      const text = readAll('a');
      `,
      `
      0.8 2/2 a.ts:2: const text = [-readAll-]{+readEvery+}('a');
      `,
    ));
  test('a use that gets a new name: the declaration may follow', () =>
    renames(
      `
      const count = 1;
      log([-count-]{+visits+});
      report(count);
      `,
      `
      0.5 2/3 a.ts:3: report([-count-]{+visits+});
      0.4 3/3 a.ts:1: const [-count-]{+visits+} = 1;
      `,
    ));
  test('two uses changed alike by hand weigh more', () =>
    renames(
      `
      const count = 1;
      log([-count-]{+visits+});
      report([-count-]{+visits+});
      save(count);
      `,
      `
      0.8 3/4 a.ts:4: save([-count-]{+visits+});
      0.8 4/4 a.ts:1: const [-count-]{+visits+} = 1;
      `,
    ));
  test('a use that was pointed at something that exists is no rename', () =>
    silent(`
      const count = 1, visits = 2;
      log([-count-]{+visits+});
      report(count);
    `));
  test('nor where it exists in another file', () =>
    silent(
      `
      import { open } from './io';
      [-open-]{+connect+}();
      open();
      `,
      { files: { 'io.ts': 'export function connect() {}\nexport function open() {}\n' } },
    ));
  test('a copied declaration that gets its own name leaves the uses alone', () =>
    renames(
      `
      const width = read();
      const [-width-]{+height+} = read();
      use(width);
      `,
      `
      0.2 2/3 a.ts:3: use([-width-]{+height+});
      0.2 3/3 a.ts:1: const [-width-]{+height+} = read();
      `,
    ));
  test('nor when two uses were pointed there: each may go its own way', () =>
    renames(
      `
      const count = 1, visits = 2;
      log([-count-]{+visits+});
      report([-count-]{+visits+});
      save(count);
      `,
      `
      0.1 3/4 a.ts:4: save([-count-]{+visits+});
      0.1 4/4 a.ts:1: const [-count-]{+visits+} = 1, visits = 2;
      `,
    ));
  test('a declaration whose line was rewritten is more likely another thing', () =>
    renames(
      `
      const [1-sizes-]{1+lengths+} = {2+rows.map(measure)+}[2-[]-];
      use(sizes);
      `,
      `
      0.4 2/2 a.ts:2: use([-sizes-]{+lengths+});
      `,
    ));
  test('a second import of the name has the new one, too', () =>
    renames(
      `
      === a.py
      from io import [-load-]{+read+}
      if typing:
          from io import load
      load()
      `,
      `
      0.8 2/3 a.py:3: from io import [-load-]{+read+}
      0.8 3/3 a.py:4: [-load-]{+read+}()
      `,
    ));
  test('an underscore names nothing', () => silent('for (const [-a-]{+_+} of list) use(a);\n'));
  test('keywords are not names', () => silent('[-let-]{+const+} a = 1;\nlet b = 2;\n'));
  test('text inside a string or comment is not a name', () =>
    silent('log("[-count-]{+visits+}"); // count\nconst count = 1;\n'));
  test('half a name, key by key, is held back', () =>
    renames(
      'const [-foo-]{+to<|>+} = 1;\nuse(foo);\n',
      `
      0.3 2/2 a.ts:2: use([-foo-]{+to+});
      `,
      { keyByKey: true },
    ));
  test('until the cursor leaves the word', () =>
    renames(
      'const [-foo-]{+to+} = 1;<|>\nuse(foo);\n',
      `
      0.9 2/2 a.ts:2: use([-foo-]{+to+});
      `,
      { keyByKey: true },
    ));
  test('or its last word is one that is known', () =>
    renames(
      'const [-foo-]{+userName<|>+} = 1;\nuse(foo, lastName);\n',
      `
      0.7 2/2 a.ts:2: use([-foo-]{+userName+}, lastName);
      `,
      { keyByKey: true },
    ));
  test('letters put into a name, one by one', () =>
    renames(
      'const user{+Name+} = 1;\n<|>use(user);\n',
      `
      0.9 2/2 a.ts:2: use([-user-]{+userName+});
      `,
      { keyByKey: true },
    ));
  test('a rename in two goes is one', () =>
    renames(
      'const [1-foo-]{1+bar+} = 1;\nuse(foo);\n',
      `
      0.9 2/2 a.ts:2: use([-foo-]{+bar+});
      `,
    ));
  test('comments and strings come when the code is done', () =>
    renames(
      'const [-count-]{+visits+} = 1; // the count\nlog("count");\n',
      `
      0.3 1/2 a.ts:1: const visits = 1; // the [-count-]{+visits+}
      0.3 2/2 a.ts:2: log("[-count-]{+visits+}");
      `,
    ));
  test('JSX', () =>
    renames(
      `
      === a.tsx
      export const [-Badge-]{+Chip+} = ({ text }: P) => <b>{text}</b>;
      export const List = () => <Badge text="Badge"></Badge>;
      === b.tsx
      import { Badge } from './a';
      export const Page = () => <Badge text="a" />;
      `,
      `
      0.9 2/4 a.tsx:2: export const List = () => <[-Badge-]{+Chip+} text="Badge"></[-Badge-]{+Chip+}>;
      0.9 3/4 b.tsx:1: import { [-Badge-]{+Chip+} } from './a';
      0.9 4/4 b.tsx:2: export const Page = () => <[-Badge-]{+Chip+} text="a" />;
      `,
    ));
});

describe('Python', () => {
  test('a parameter, with keyword arguments', () =>
    renames(
      `
      === a.py
      def draw(x, [-col-]{+color+}=None):
          paint(x, col)
      draw(1, col=2)
      fill(col=3)
      === b.py
      from a import draw
      draw(2, col=4)
      `,
      `
      0.9 2/4 a.py:2: paint(x, [-col-]{+color+})
      0.9 3/4 a.py:3: draw(1, [-col-]{+color+}=2)
      0.7 4/4 b.py:2: draw(2, [-col-]{+color+}=4)
      `,
    ));
  test('an attribute made in the constructor', () =>
    renames(
      `
      === a.py
      class Cart:
          def __init__(self, items):
              self.[-items-]{+lines+} = items
          def size(self):
              return len(self.items)
      `,
      `
      0.9 2/2 a.py:5: return len(self.[-items-]{+lines+})
      `,
    ));
  test('a function that other modules import', () =>
    renames(
      `
      === pkg/a.py
      def [-load-]{+read+}(): pass
      === pkg/b.py
      from .a import load
      load()
      === main.py
      import pkg.a
      from pkg import a
      a.load()
      === other.py
      from elsewhere import load
      load()
      `,
      `
      0.9 2/4 pkg/b.py:1: from .a import [-load-]{+read+}
      0.9 3/4 pkg/b.py:2: [-load-]{+read+}()
      0.9 4/4 main.py:3: a.[-load-]{+read+}()
      `,
    ));
});

describe('Go', () => {
  test('a struct field', () =>
    renames(
      `
      === a.go
      package shop
      type Line struct { [-Qty-]{+Quantity+} int }
      func New() Line { return Line{Qty: 1} }
      func (l Line) Total() int { return l.Qty * 2 }
      === b.go
      package shop
      func f(l Line) int { return l.Qty }
      `,
      `
      0.9 2/4 a.go:3: func New() Line { return Line{[-Qty-]{+Quantity+}: 1} }
      0.8 3/4 a.go:4: func (l Line) Total() int { return l.[-Qty-]{+Quantity+} * 2 }
      0.7 4/4 b.go:2: func f(l Line) int { return l.[-Qty-]{+Quantity+} }
      `,
    ));
  test('a function of the package, and of another package', () =>
    renames(
      `
      === shop/a.go
      package shop
      func [-Open-]{+Connect+}() {}
      === shop/b.go
      package shop
      func g() { Open() }
      === main.go
      package main
      import "x/shop"
      func Open() {}
      func main() { shop.Open(); Open() }
      `,
      `
      0.9 2/3 shop/b.go:2: func g() { [-Open-]{+Connect+}() }
      0.8 3/3 main.go:4: func main() { shop.[-Open-]{+Connect+}(); Open() }
      `,
    ));
  test('a short variable', () =>
    renames(
      `
      === a.go
      package a
      func f() error {
      	[-e-]{+err+} := g()
      	if e != nil { return e }
      	return h(e)
      }
      `,
      `
      0.9 2/3 a.go:4: if [-e-]{+err+} != nil { return [-e-]{+err+} }
      0.9 3/3 a.go:5: return h([-e-]{+err+})
      `,
    ));
});

describe('Rust', () => {
  test('a field with shorthand initialisers and patterns', () =>
    renames(
      `
      === a.rs
      struct P { [-x-]{+left+}: i32 }
      impl P {
          fn new(x: i32) -> P { P { x } }
          fn get(&self) -> i32 { self.x }
      }
      fn f(P { x }: P) -> i32 { x }
      `,
      `
      0.9 2/4 a.rs:3: fn new(x: i32) -> P { P { [-x-]{+left: x+} } }
      0.9 3/4 a.rs:4: fn get(&self) -> i32 { self.[-x-]{+left+} }
      0.9 4/4 a.rs:6: fn f(P { [-x-]{+left: x+} }: P) -> i32 { x }
      `,
    ));
  test('a let that is shadowed later', () =>
    renames(
      `
      === a.rs
      fn f() {
          let [-a-]{+first+} = 1;
          let b = a + 1;
          let a = a + b;
          println!("{}", a);
      }
      `,
      `
      0.9 2/3 a.rs:3: let b = [-a-]{+first+} + 1;
      0.9 3/3 a.rs:4: let a = [-a-]{+first+} + b;
      `,
    ));
});

describe('Java, C#, C, C++', () => {
  test('Java: a field without and with this', () =>
    renames(
      `
      === A.java
      class A {
        private int [-n-]{+count+};
        A(int n) { this.n = n; }
        int next() { return n + 1; }
      }
      `,
      `
      0.9 2/3 A.java:3: A(int n) { this.[-n-]{+count+} = n; }
      0.9 3/3 A.java:4: int next() { return [-n-]{+count+} + 1; }
      `,
    ));
  test('Java: a method across classes', () =>
    renames(
      `
      === A.java
      class A { void [-run-]{+execute+}() { } void twice() { run(); this.run(); } }
      === B.java
      class B { void go(A a) { a.run(); } }
      `,
      `
      0.9 1/2 A.java:1: class A { void execute() { } void twice() { [-run-]{+execute+}(); this.[-run-]{+execute+}(); } }
      0.7 2/2 B.java:1: class B { void go(A a) { a.[-run-]{+execute+}(); } }
      `,
    ));
  test('C#: a parameter with named arguments', () =>
    renames(
      `
      === A.cs
      class A {
        void Draw(int [-w-]{+width+}) { Log(w); }
        void All() { Draw(w: 1); Fill(w: 2); }
      }
      `,
      `
      0.9 1/2 A.cs:2: void Draw(int width) { Log([-w-]{+width+}); }
      0.9 2/2 A.cs:3: void All() { Draw([-w-]{+width+}: 1); Fill(w: 2); }
      `,
    ));
  test('C: a function with its prototype in a header', () =>
    renames(
      `
      === a.c
      #include "a.h"
      int [-add-]{+sum+}(int a, int b) { return a + b; }
      int main() { return add(1, 2); }
      === a.h
      int add(int a, int b);
      `,
      `
      0.9 2/3 a.c:3: int main() { return [-add-]{+sum+}(1, 2); }
      0.8 3/3 a.h:1: int [-add-]{+sum+}(int a, int b);
      `,
    ));
  test('C++: a member', () =>
    renames(
      `
      === a.cpp
      class Box {
        int [-w-]{+width+};
        Box(int w) : w(w) {}
        int area() const { return w * this->w; }
      };
      `,
      `
      0.9 2/3 a.cpp:3: Box(int w) : [-w-]{+width+}(w) {}
      0.9 3/3 a.cpp:4: int area() const { return [-w-]{+width+} * this->[-w-]{+width+}; }
      `,
    ));
});

describe('Ruby and PHP', () => {
  test('Ruby: a method', () =>
    renames(
      `
      === a.rb
      class A
        def [-run-]{+execute+}; end
        def twice
          run
          self.run
        end
      end
      === b.rb
      A.new.run
      `,
      `
      0.9 2/4 a.rb:4: [-run-]{+execute+}
      0.9 3/4 a.rb:5: self.[-run-]{+execute+}
      0.7 4/4 b.rb:1: A.new.[-run-]{+execute+}
      `,
    ));
  test('PHP: a variable and a property apart', () =>
    renames(
      `
      === a.php
      <?php
      class A {
        private $[-n-]{+count+};
        function set($n) { $this->n = $n; return "$n"; }
      }
      `,
      `
      0.9 2/2 a.php:4: function set($n) { $this->[-n-]{+count+} = $n; return "$n"; }
      `,
    ));
});

describe('without a grammar', () => {
  test('whole words, with little confidence', () =>
    renames(
      `
      === a.kt
      val [-total-]{+sum+} = 1
      print(total + subtotal)
      `,
      `
      0.2 2/2 a.kt:2: print([-total-]{+sum+} + subtotal)
      `,
    ));
});
