import { describe, expect, test } from 'vitest';
import { analogy } from '../../src/tab/sources/analogy.ts';
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
