import { describe, expect, test } from 'vitest';
import { createRepair } from '../../../src/tab/sources/repair.ts';
import { candidatesOf, renderCandidates, type SceneOptions, sceneOf } from '../check.ts';

/** The lines that all candidates touch, without scores, sorted by place; a jump is `path -> the line with <|>`. */
async function stops(fixture: string, options: SceneOptions = {}): Promise<string[]> {
  const context = sceneOf(fixture, options);
  const candidates = await candidatesOf(createRepair(), context, options.files);
  return candidates.map((candidate) => {
    if (candidate.edits.length > 0)
      return renderCandidates(context, [candidate], options.files)
        .replace(/^[\d.]+ (?:\d+\/\d+ )?/, '')
        .replace(/(:\d+:)\s+/, '$1 ');
    const text = context.snapshot.documents.get(candidate.path)!.content;
    const at = candidate.target!;
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at) + '<|>' + text.slice(at).split('\n')[0];
    return `${candidate.path} -> ${line.trim()}`;
  });
}

describe('a parameter that takes what is left is no reason to change a call', () => {
  test.each([
    ['Go', `=== a.go\nfunc New(size int{+, opts ...Option+}) {}\n\nfunc Default(opts []Option) {\n\tNew(1)\n}\n`],
    ['Java', `=== A.java\nvoid draw(int size{+, String... names+}) {}\n\nvoid page(String[] names) {\n  draw(1);\n}\n`],
    [
      'C#',
      `=== a.cs\nvoid Draw(int size{+, params string[] names+}) {}\n\nvoid Page(string[] names) {\n  Draw(1);\n}\n`,
    ],
    [
      'TypeScript',
      `function draw(size: number{+, ...names: string[]+}) {}\n\nfunction page(names: string[]) {\n  draw(1);\n}\n`,
    ],
  ])('%s', async (_name, fixture) => {
    const likeliest = (await candidatesOf(createRepair(), sceneOf(fixture))).map(({ score }) => score);
    expect(Math.max(0, ...likeliest)).toBeLessThan(0.25);
  });
});

describe('a parameter that came or went, in the calls', () => {
  test.each([
    [
      'TypeScript: a variable of its name is in scope',
      `
      function draw(width: number{+, height: number+}) {}

      function page(height: number) {
        draw(1);
      }
      `,
      ['a.ts:4: draw(1{+, height+});'],
    ],
    [
      'TypeScript: nothing of its name is in scope: a jump',
      `
      function draw(width: number{+, height: number+}) {}
      function other(height: number) {
        return height;
      }

      function page() {
        draw(1);
      }
      `,
      ['a.ts -> draw(1<|>);'],
    ],
    [
      'TypeScript: it may be left out, and is',
      `
      function draw(width: number{+, height?: number+}) {}
      draw(1);
      `,
      [],
    ],
    [
      'TypeScript: a method, by calls with a receiver',
      `
      class A {
        draw(width: number{+, height: number+}) {
          return width;
        }
        all(height: number) {
          this.draw(1);
          draw(2);
        }
      }
      `,
      ['a.ts:6: this.draw(1{+, height+});'],
    ],
    [
      'JavaScript: removed, in every call',
      `
      === a.js
      const draw = (width[-, height-]) => width;

      draw(1, 2);
      draw(f(1, 2), [3, 4]);
      draw(1);
      `,
      ['a.js:3: draw(1[-, 2-]);', 'a.js:4: draw(f(1, 2)[-, [3, 4]-]);'],
    ],
    [
      'JavaScript: the first one removed',
      `
      === a.js
      function draw([-context, -]width) {}

      draw(context, 2);
      `,
      ['a.js:3: draw([-context, -]2);'],
    ],
    [
      'Python: added, self is not passed',
      `
      === a.py
      class A:
          def draw(self, width{+, height+}):
              pass

          def all(self, height):
              self.draw(1)
      `,
      ['a.py:6: self.draw(1{+, height+})'],
    ],
    [
      'Python: a default',
      `
      === a.py
      def draw(width{+, height=2+}):
          pass

      draw(1)
      `,
      [],
    ],
    [
      'Go: in the other order',
      `
      === a.go
      package a

      func draw([-width int, height int-]{+height int, width int+}) {}

      func all() {
      	draw(1, f(2, 3))
      }
      `,
      ['a.go:6: draw([-1-]{+f(2, 3)+}, [-f(2, 3)-]{+1+})'],
    ],
    [
      'Rust: first, with a local of its name',
      `
      === a.rs
      fn draw({+height: u32, +}width: u32) {}

      fn all() {
          let height = 2;
          draw(1);
      }
      `,
      ['a.rs:5: draw({+height, +}1);'],
    ],
    [
      'Java: removed',
      `
      === A.java
      class A {
        void draw(int width[-, int height-]) {
        }
        void all() {
          draw(1, 2);
        }
      }
      `,
      ['A.java:5: draw(1[-, 2-]);'],
    ],
    [
      'PHP: added',
      `
      === a.php
      <?php
      function draw(int $width{+, int $height+}) {
      }
      function all($height) {
          draw(1);
      }
      `,
      ['a.php:5: draw(1{+, $height+});'],
    ],
    [
      'C: the prototype in the header, with its own names of what stays',
      `
      === src/a.c
      #include "a.h"

      int draw(int width{+, int height+})
      {
        return width;
      }
      === src/a.h
      int draw(int width);
      `,
      ['src/a.h:1: int draw([-int width-]{+int width, int height+});'],
    ],
    [
      'C++: the implementation beside, without the default',
      `
      === src/a.hpp
      class A {
       public:
        void draw(int width{+, int height = 2+});
      };
      === src/a.cpp
      #include "a.hpp"

      void A::draw(int width)
      {
      }
      `,
      ['src/a.cpp:3: void A::draw([-int width-]{+int width, int height+})'],
    ],
  ])('%s', async (_what, fixture, expected) => {
    expect(await stops(fixture)).toEqual(expected);
  });

  test('silence for a new name, a new type, and calls in step already', async () => {
    expect(await stops('function draw([-width-]{+size+}: number) {}\ndraw(1);\n')).toEqual([]);
    expect(await stops('function draw(width: [-number-]{+string+}) {}\ndraw(1);\n')).toEqual([]);
    expect(await stops('function draw(width: number{+, height: number+}) {}\ndraw(1, 2);\n')).toEqual([]);
  });

  test('a header that is not open is read', async () => {
    const fixture = '=== a.c\nint draw(int width{+, int height+})\n{\n}\n';
    expect(await stops(fixture, { files: { 'a.h': 'int draw(int width);\nint other(int width);\n' } })).toEqual([
      'a.h:1: int draw([-int width-]{+int width, int height+});',
    ]);
  });
});
