import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, text, verdicts } from './check.ts';

const lazy = (original: string, snippet: string) => apply(original, snippet, 'lazy');
const unchanged = (original: string, snippet: string) => {
  const result = lazy(original, snippet);
  expect([result.complete, result.text]).toEqual([false, original]);
  return verdicts(result);
};

describe('a segment whose first and last lines stand once, together', () => {
  const keys = text(`
    export const curve = make({
      G1: {
        fromHex(hex) {
          return parse(hex);
        },
        short: {
          toHex(point) {
            return bytesToHex(point);
          },
        },
      },
      G2: {
        field: second,
        wrap: true,
        allow: true,
        map: mapToSecond,
        // Points have to be of the subgroup.
        isFree(point) {
          return point.times(order).isZero();
        },
        clear(point) {
          return point.times(two);
        },
        fromBytes: fromBytes2,
        toBytes: toBytes2,
      },
    });
  `);

  it('may end one block and begin another', () => {
    const wanted = keys.replace(
      / {2}G2: \{[\s\S]*clear[\s\S]*?\n {4}\},\n/,
      '  long: {\n    fromHex(hex) {\n      return parse2(hex);\n    },\n',
    );
    expect(wanted).not.toContain('wrap: true');
    const snippet =
      '      toHex(point) {\n        return bytesToHex(point);\n      },\n    },\n  },\n  long: {\n    fromHex(hex) {\n' +
      '      return parse2(hex);\n    },\n    fromBytes: fromBytes2,\n    toBytes: toBytes2,\n';
    expect(lazy(keys, `// ...\n${snippet}  // ...\n`).text).toBe(wanted);
  });

  it('may have lines of the text that goes at another depth', () => {
    const check = text(`
      func check(group Group) error {
        oneSet := false
        err := &groupError{}

        for _, list := range group.Lists {
          for _, flag := range list {
            if flag.IsSet() {
              if oneSet {
                err.Second = flag.Name()
                return err
              }
              err.First = flag.Name()
              oneSet = true
              break
            }
            if oneSet {
              break
            }
          }
        }

        if !oneSet && group.Required {
          return &requiredError{group}
        }
        return nil
      }
    `);
    const body =
      '  err := &groupError{}\n\n  name, i, ok := find(0)\n  if ok {\n    err.First = name\n\n' +
      '    if name2, _, ok := find(i + 1); ok {\n      err.Second = name2\n      return err\n    }\n  }\n\n' +
      '  if !oneSet && group.Required {\n';
    const wanted = check.replace(/ {2}oneSet := false[\s\S]*if !oneSet && group.Required \{\n/, body);
    const snippet = `func check(group Group) error {\n${body}    return &requiredError{group}\n  }\n  return nil\n`;
    expect(lazy(check, `// ...\n${snippet}// ...\n`).text).toBe(wanted);
  });

  it('may end with new lines whose last one stands further up', () => {
    const file = text(`
      import { call } from "./call.js";

      export function first(args) {
        return call("first", {
          args,
          version,
        });
      }

      export function second(args) {
        return { second: args };
      }
    `);
    const fresh = '\nexport function third(args) {\n  return call("third", {\n    version,\n  });\n}\n';
    const snippet = `export function second(args) {\n  return { second: args };\n}\n${fresh}`;
    expect(lazy(file, `// ...\n${snippet}`).text).toBe(file + fresh);
  });

  it('says the text between, whichever lines of the document come again in it', () => {
    const line = (block: number, i: number) =>
      ['  open(list);', '    each(item);', '  close(list);'][i] ?? `  own${block}();`;
    const lines = Array.from({ length: 6 }, (_, block) => [
      `function part${block}(list) {`,
      `  begin(${block});`,
      ...Array.from({ length: 4 }, (_, i) => line(block, i)),
      `  end(${block});`,
      '}',
      '',
    ]).flat();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 0, max: 40 }),
        fc.array(fc.tuple(fc.integer({ min: 2, max: 6 }), fc.constantFrom('', '  ')), { maxLength: 6 }),
        (block, start, length, fresh) => {
          const from = block * 9 + start;
          // Up to the last line of this function, or of one further down.
          const to = Math.min(lines.length - 3, from + length);
          const insert = fresh.map(([i, deeper]) => deeper + lines[block * 9 + i]!);
          const wanted = [...lines.slice(0, from), ...insert, ...lines.slice(to)];
          const shown = [...lines.slice(block * 9, from), ...insert, ...lines.slice(to, to + 4)];
          const original = lines.join('\n');
          const result = lazy(original, ['// ...', ...shown, '// ...', ''].join('\n'));
          expect(result.text).toBe(result.complete ? wanted.join('\n') : original);
        },
      ),
      { seed: 29, numRuns: 400 },
    );
  });
});

describe('one new line between an anchor and a placeholder, amid lines like it', () => {
  const sizes = text(`
    function sizes(element) {
      const top = element.measured.first.offset.vertical;
      const left = element.measured.second.offset.vertical;
      const right = element.measured.third.offset.vertical;
      return { top, left, right };
    }
  `);
  const shown = (line: string) =>
    `function sizes(element) {\n  const top = element.measured.first.offset.vertical;\n  ${line}\n  // ...\n}\n`;

  it('replaces the one that declares its name', () => {
    const line = 'const left = element.measured.third.offset.vertical;';
    expect(lazy(sizes, shown(line)).text).toBe(sizes.replace('second', 'third'));
  });

  it.each([
    ['declares another name', 'const start = element.measured.second.offset.vertical;'],
    ['declares that of the line beyond', 'const right = element.measured.second.offset.vertical;'],
  ])('is reported where it %s: it may be new', (_, line) => {
    expect(unchanged(sizes, shown(line))).toContain('ambiguous');
  });
});

describe('one line apart, with a placeholder behind or before it', () => {
  const consts = text(`
    package main

    const (
      First = "a"
    )

    const (
      Origin = "Origin"
      Server = "Server"
      Cache = "Cache"

      Access = "Access"
      Other = "Other"
    )

    var last = 1
  `);
  const wanted = consts.replace('  Cache = "Cache"\n', '');

  it.each([
    ['at the start', 'const (\n  // ...\n  Server = "Server"\n\n  Access = "Access"\n'],
    ['between two', '// ...\nconst (\n  // ...\n  Server = "Server"\n\n  Access = "Access"\n// ...\n'],
  ])('says nothing of where the rest goes, and changes nothing: %s', (_, snippet) => {
    expect(lazy(consts, snippet).text).toBe(wanted);
  });

  it('is no such line where it is all that there is, or new', () => {
    unchanged(consts, 'const (\n');
    unchanged(consts, 'const {\n  // ...\n  Server = "Server"\n\n  Access = "Access"\n');
  });
});

describe('a snippet that begins with new lines', () => {
  const macro = (name: string, head = '') =>
    `#[cfg(std)]\n#[export]\n/// Creates a ${name}.\n${head}macro ${name} {\n    run(${name});\n}\n\n`;
  const fresh = '/// Creates a map.\n/// Of defaults.\n#[export]\nmacro defaults {\n    run(more);\n}\n\n';

  it('and ends with the ones that the file begins with, may be above all of it', () => {
    const original = macro('map') + macro('set');
    expect(unchanged(original, `${fresh}#[cfg(std)]\n#[export]\n`)).toContain('ambiguous');
    const other = original.replace('#[cfg(std)]', '#[cfg(core)]');
    expect(
      lazy(
        `use a;\n\n${other}`,
        `// ...\n#[cfg(core)]\n#[export]\n/// Creates a map.\nmacro map {\n    run(two);\n}\n// ...\n`,
      ).complete,
    ).toBe(true);
  });
});

describe('lines shown before a change that stand further up as well', () => {
  const handler = text(`
    const {
      NO_TYPE,
      NO_BODY
    } = require("./errors");

    function handle(request, reply) {
      if (request.type) {
        if (request.strict) {
          reply.fail(new NO_TYPE());
          return
        }

        if (isEmpty(request)) {
          reply.fail(new NO_BODY());
          return
        }
      }

      if (request.type === undefined) {
        if (isEmpty(request)) {
          next(reply);
        }
      }
    }
  `);

  it('are in doubt where other changes show fewer, but for the line that opens their block', () => {
    const snippet =
      '// ...\nconst {\n  NO_TYPE\n} = require("./errors");\n      // ...\n      return\n    }\n  }\n\n' +
      '  if (request.type === undefined) {\n    const empty = request.size === 0;\n    if (isEmpty(request)) {\n  // ...\n';
    expect(unchanged(handler, snippet)).toContain('ambiguous');
  });

  it('are not where what went would be the end of one block and the start of another', () => {
    const cast = text(`
      function cast(schema, filter) {
        if (filter.kind) {
          const value = byValue(filter.kind);
          schema = schemas[value] ||
            value.schema ||
            schema;
        } else {
          other(schema);
        }
        if (filter.named) {
          const value = byValue(filter.kind);
          schema = schemas[value] ||
            value.schema ||
            schema.named;
        }

        if (options.upsert) {
          move(schema);
        }
        return schema;
      }
    `);
    const snippet =
      '    schema = schemas[value] ||\n      value.schema ||\n      schema.named;\n  }\n\n' +
      '  if (options.upsert && !options.over) {\n    move(schema);\n  }\n';
    const wanted = cast.replace('options.upsert)', 'options.upsert && !options.over)');
    const result = lazy(cast, `// ...\n    const value = byValue(filter.kind);\n${snippet}  // ...\n`);
    expect(result.text).toBe(wanted);
  });

  it('are not where fewer are shown only because the document has no more', () => {
    const asset = text(`
      export function isAsset(url) {
        if (url.isLocal) {
          return true
        }
        if (url.path.startsWith("/node_modules")) {
          return true
        }

        // Ignore static assets.
        return /[.](?:css|less|js)$/.test(
          url.path,
        )
      }
    `);
    const snippet =
      '// ...\nexport function isAsset(url) {\n  // ...\n    return true\n  }\n\n  // Ignore static assets.\n' +
      '  return /[.](?:css|less|js|ico)$/.test(\n    url.path,\n  )\n}\n';
    expect(lazy(asset, snippet).text).toBe(asset.replace('|js)', '|js|ico)'));
  });
});
