import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRename } from '../../src/tab/sources/rename.ts';
import { languageOf } from '../../src/workspace/languages.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { accepted, candidatesOf, changed, contextOf } from './check.ts';

/** `§` is the name that is renamed; `name` without it is another thing of that name, or none. `§^` is where a user would start. */
const PROGRAMS: Record<string, Record<string, string>> = {
  'TypeScript, three files': {
    'src/a.ts': `export function §^(id: string) {
  return fetch(id);
}
const local = (name: string) => name + 1;
export const two = [§('1'), §('2')];
`,
    'src/b.ts': `import { § } from './a';
import * as all from './a';
export const b = () => § (all.§('3'));
function own(name: string) { return name; }
`,
    'src/c.ts': `import { name } from './elsewhere';
name();
`,
  },
  'TypeScript members': {
    'a.ts': `class Cart {
  §^ = 1;
  add(name: number) { this.§ += name; return this.§ + name; }
  static from(c: Cart) { return c.§; }
}
`,
  },
  'Python, two modules': {
    'pkg/a.py': `def §^(x):
    return x

def other(name):
    return name

print(§(1), §(2))
`,
    'pkg/b.py': `from .a import §
print(§(3))
`,
  },
  'Python parameter': {
    'a.py': `def draw(x, §^=None, *rest):
    if §:
        paint(§)
    return [§ for _ in rest]

draw(1, §=2)
paint(name=3)
`,
  },
  'Go package': {
    'shop/a.go': `package shop

type Line struct {
	§^ int
}

func New() Line { return Line{§: 1} }
func (l Line) Total(name int) int { return l.§ * name }
`,
  },
  'Rust let': {
    'a.rs': `fn f(other: i32) -> i32 {
    let §^ = other;
    let g = |name: i32| name + 1;
    if § > 1 { return §; }
    g(§)
}
`,
  },
  'Java field': {
    'A.java': `class A {
  private int §^;
  A(int name) { this.§ = name; }
  int next() { return § + 1; }
  int with(int name) { return name; }
}
`,
  },
  'C++ local': {
    'a.cpp': `int f(int a) {
  int §^ = a;
  { int name = 2; a += name; }
  return § + §;
}
`,
  },
  'C# parameter': {
    'A.cs': `class A {
  int name = 1;
  int M(int §^) { return § + this.name; }
  int N() { return M(§: name); }
}
`,
  },
  'Ruby variable': {
    'a.rb': `def f(x)
  §^ = x + 1
  [1].each { |y| puts § + y }
  §
end

def name
end
`,
  },
  'PHP variable': {
    'a.php': `<?php
function f($§^) {
  $g = function ($x) use ($§) { return $x + $§; };
  return $§ + name($g);
}
`,
  },
};

const OLD = 'name';

function texts(program: Readonly<Record<string, string>>, spelled: string): Record<string, string> {
  return Object.fromEntries(Object.entries(program).map(([path, text]) => [path, text.replaceAll(/§\^?/g, spelled)]));
}

/** The places of the name in every file, in the texts before. */
function placesOf(program: Readonly<Record<string, string>>): { path: string; offset: number; start: boolean }[] {
  return Object.entries(program).flatMap(([path, text]) => {
    let shift = 0;
    return [...text.matchAll(/§\^?/g)].map((match) => {
      const offset = match.index + shift;
      shift += OLD.length - match[0].length;
      return { path, offset, start: match[0] === '§^' };
    });
  });
}

describe.each(Object.entries(PROGRAMS))('%s', (_name, program) => {
  test('walking to the end is the whole rename, in whatever order, with a count that holds', async () => {
    const before = texts(program, OLD);
    const start = placesOf(program).find((place) => place.start)!;
    const newNames = fc.constantFrom('renamedThing', 'xname', 'nameOf', 'na');
    await fc.assert(
      fc.asyncProperty(
        newNames,
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (newName, keys, choices) => {
          const source = createRename();
          let snapshot = Snapshot.empty;
          for (const [path, text] of Object.entries(before))
            snapshot = snapshot.open({ path, languageId: languageOf(path), version: 1, text });
          const { path, offset } = start;
          if (keys) {
            for (let at = OLD.length; at > 0; at--)
              snapshot = changed(snapshot, path, [[offset + at - 1, offset + at, '']], 'typed', 100);
            for (let at = 0; at < newName.length; at++)
              snapshot = changed(snapshot, path, [[offset + at, offset + at, newName[at]!]], 'typed', 200);
          } else snapshot = changed(snapshot, path, [[offset, offset + OLD.length, newName]], 'typed', 100);
          // The cursor leaves the word.
          snapshot = snapshot.moveCursor({ path, offset: 0, selecting: false });
          let total: number | undefined;
          for (let step = 0; step < 30; step++) {
            const candidates = (await candidatesOf(source, contextOf(snapshot))).filter(
              ({ walk, features }) => walk && !features.mention,
            );
            if (candidates.length === 0) break;
            const chosen = candidates[(choices[step] ?? 0) % candidates.length]!;
            total ??= chosen.walk!.total;
            expect(chosen.walk!.total, 'the total holds').toBe(total);
            expect(candidates.at(-1)!.walk!.index, 'the last candidate is the last place').toBe(total);
            snapshot = accepted(snapshot, chosen, 20_000 * (step + 1));
          }
          const now = Object.fromEntries([...snapshot.documents].map(([key, document]) => [key, document.content]));
          expect(now).toEqual(texts(program, newName));
        },
      ),
      { seed: 11, numRuns: 16 },
    );
  });
});
