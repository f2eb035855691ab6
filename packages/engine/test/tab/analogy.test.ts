import { describe, expect, test } from 'vitest';
import { emptyLexicon, type Lexicon } from '../../src/tab/lexicon/lexicon.ts';
import { analogy } from '../../src/tab/sources/analogy.ts';
import { candidatesOf, sceneOf } from './check.ts';
import { placesOf } from './places.ts';

describe('what was added beside a sibling is added where the sibling is mentioned', () => {
  test.each([
    [
      'a field: constructor, copy, serialiser',
      `
      class User {
        name: string;
        {+email: string;
        +}constructor(input: Input) {
          this.id = input.id;
          this.name = input.name;
        }
        toJSON() {
          return {
            id: this.id,
            name: this.name,
          };
        }
      }
      `,
      ['this.email = input.email;', 'email: this.email,'],
    ],
    [
      'an enum member: switch cases on one line, labels',
      `
      === a.ts
      enum Kind {
        Circle,
        {+Square,
      +}}
      const labels = {
        [Kind.Point]: 'point',
        [Kind.Circle]: 'circle',
      };
      `,
      ["[Kind.Square]: 'square',"],
    ],
    [
      'a Go struct field',
      `
      === a.go
      type User struct {
      	Name string
      {+	Email string
      +}}
      func Copy(u User) User {
      	return User{
      		ID: u.ID,
      		Name: u.Name,
      	}
      }
      `,
      ['Email: u.Email,'],
    ],
    [
      'a Python attribute',
      `
      === a.py
      class User:
          def __init__(self, name, email):
              self.id = id
              self.name = name
              {+self.email = email
      +}
          def to_dict(self):
              return {
                  "id": self.id,
                  "name": self.name,
              }
      `,
      ['"email": self.email,'],
    ],
    [
      'a parameter, in the call',
      `
      === a.rs
      fn draw(width: u32{+, height: u32+}) {}
      fn main() {
          draw(width, depth);
      }
      `,
      ['draw(width{+, height+}, depth);'],
    ],
    [
      'an option in another spelling',
      `
      === a.java
      int maxRetries;
      {+int maxDelay;
      +}
      void load() {
        set("max_retries");
        set("max_items");
      }
      `,
      ['set("max_delay");'],
    ],
  ])('%s', async (_name, fixture, expected) => {
    const places = await placesOf(analogy, fixture);
    for (const line of expected) expect(places.join('\n')).toContain(line);
  });
});

describe('how likely it is', () => {
  /** P of the best candidate; the usual bar is 0.25. */
  const likeliest = async (fixture: string, lexicon?: Lexicon) => {
    const context = sceneOf(fixture, lexicon ? { lexicon } : {});
    const [first] = await candidatesOf(analogy, context);
    return first?.score ?? 0;
  };

  test.each([
    [
      'TypeScript: constructor and serialiser mirror the fields',
      `=== a.ts
class Person {
  name: string;
  mail: string;
  {+phone: string;
+}  constructor(data: PersonData) {
    this.name = data.name;
    this.mail = data.mail;
  }
}
`,
    ],
    [
      'Go: one field, one copy',
      `=== a.go
type User struct {
	Name string
{+	Email string
+}}
func Copy(u User) User {
	return User{
		Name: u.Name,
	}
}
`,
    ],
    [
      'Python: a parameter',
      `=== a.py
class User:
    def __init__(self, id, name{+, email+}):
        self.id = id
        self.name = name
`,
    ],
    [
      'Rust: a field of a literal',
      `=== a.rs
struct Size {
    width: u32,
    height: u32,
    {+depth: u32,
+}}
fn unit() -> Size {
    Size {
        width: 1,
        height: 1,
    }
}
`,
    ],
    [
      'Java: an enum member in a switch',
      `=== A.java
enum Kind {
    POINT,
    CIRCLE,
    {+SQUARE,
+}}
int corners(Kind kind) {
    switch (kind) {
        case POINT: return 1;
        case CIRCLE: return 0;
    }
}
`,
    ],
    [
      'PHP: a property',
      `=== a.php
class User {
    public $id;
    public $name;
    {+public $email;
+}    function fill($data) {
        $this->id = $data->id;
        $this->name = $data->name;
    }
}
`,
    ],
  ])('a clean one is shown: %s', async (_name, fixture) => {
    expect(await likeliest(fixture)).toBeGreaterThan(0.25);
  });

  test('an import of a name that stands nowhere is not', async () => {
    const fixture = `=== a.py
from deps import (
    get_computed_scope,
    get_cache_key,
)


def solve(depends):
    return call(
        scope=depends.scope,
        {+limit=depends.limit,
+}    )
`;
    const imported = async (known: readonly string[]) => {
      const lexicon = { ...emptyLexicon, count: (word: string) => (known.includes(word) ? 1 : 0) };
      const context = sceneOf(fixture, { lexicon });
      const found = await candidatesOf(analogy, context);
      return found.find(({ edits }) => edits[0]![2].includes('get_computed_limit'))?.score ?? 0;
    };
    const madeUp = await imported([]);
    expect(madeUp).toBeLessThan(0.25);
    expect(madeUp).toBeLessThan(await imported(['get_computed_limit']));
  });

  test('an import beside another import says little about where the other is mentioned', async () => {
    const used = (line: string) => `=== a.ts\n${line}\nconst table = {\n  id: readId,\n  name: readName,\n};\n`;
    const imported = await likeliest(
      used(
        "import { readId } from './id';\nimport { readName } from './name';\n{+import { readMail } from './mail';\n+}",
      ),
    );
    const declared = await likeliest(
      used('function readId() {}\nfunction readName() {}\n{+function readMail() {}\n+}'),
    );
    expect(imported).toBeLessThan(0.25);
    expect(imported).toBeLessThan(declared);
  });
});

describe('silence', () => {
  test.each([
    [
      'where the new one is mentioned already',
      `type A = {\n  name: string;\n  {+email: string;\n+}};\nuse(a.name);\nuse(a.email);\n`,
    ],
    ['where there is no sibling', `const a = 1;\n{+run(2, 3);\n+}const b = a;\nuse(a);\n`],
    ['for a line that only repeats its sibling', `push(1);\n{+push(1);\n+}\n\npush(2);\n`],
    ['for a replacement', `const [-name-]{+email+} = 1;\nuse(name);`],
  ])('%s', async (_name, fixture) => {
    expect(await placesOf(analogy, fixture)).toEqual([]);
  });
});
