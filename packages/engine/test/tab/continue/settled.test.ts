import { describe, expect, test } from 'vitest';
import { isSettled } from '../../../src/tab/continue/settled.ts';
import { sceneOf } from '../check.ts';

describe('the newest edit leaves nothing to go on with', () => {
  test.each<[name: string, fixture: string]>([
    ['TypeScript: something was taken away at the end of a line', `=== a.ts\nif (a[- is not None-]) {\n}`],
    ['Python: the end of a line was taken away', `=== a.py\nvalue = make()[-  # type: ignore-]\nnext()`],
    ['JavaScript: a word within a line was replaced', `=== a.js\nx = [-load-]{+fetch+}(one, two);`],
    ['Go: something was put in within a line', `=== a.go\nx := {+ctx.+}Load(one)`],
    ['Python: the last word of a line was replaced', `=== a.py\nfrom functools import [-lru_cache-]{+cache+}\n`],
    ['Rust: a whole line was put in above an empty one', `=== a.rs\nuse a::B;\n{+use c::D;\n+}\nfn main() {}`],
    ['Go: whole lines were put in above others', `=== a.go\n\tone()\n{+\ttwo()\n\tthree()\n+}\tfour()`],
    ['C: a call is whole, only its closers follow', `=== a.c\nrun(f(a{+, g(b)+}));`],
  ])('%s', (_name, fixture) => {
    expect(isSettled(sceneOf(fixture))).toBe(true);
  });
});

describe('there is something to go on with', () => {
  test.each<[name: string, fixture: string]>([
    ['TypeScript: a new line is begun', `=== a.ts\none();\n{+const x+}\n`],
    ['Python: a line is begun in the place of another', `=== a.py\ndef f():\n    [-return a + b-]{+return a +}\n`],
    ['JavaScript: a new line is open', `=== a.js\none();{+\n+}`],
    ['Go: an argument is begun before what the editor closed', `=== a.go\nrun({+na+})`],
    ['Rust: a line is begun right before the text of one that was there', `=== a.rs\n{+let a+}let b = 2;`],
    ['Java: something is put in at the end of a line', `=== A.java\nint x = 1;{+ int+}\n`],
    ['the cursor is elsewhere', `=== a.ts\nx = [-load-]{+fetch+}(1);\nconst y =<|>\n`],
    ['nothing was edited', `=== a.ts\nconst y =<|>\n`],
  ])('%s', (_name, fixture) => {
    expect(isSettled(sceneOf(fixture))).toBe(false);
  });
});
