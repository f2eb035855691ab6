import { describe, expect, it } from 'vitest';
import { apply, text, verdicts } from './check.ts';

const lazy = (original: string, snippet: string) => apply(original, snippet, 'lazy');
const unchanged = (original: string, snippet: string) => {
  const result = lazy(original, snippet);
  expect([result.complete, result.text]).toEqual([false, original]);
  return verdicts(result);
};

describe('the outer lines of a segment say where it is', () => {
  const shell = 'func TestShell(t) {\n\tcmd := build()\n\tcmd.shell = none\n';
  const original =
    text(`
    func TestFull(t) {
    	cmd := make(t)
    	cmd.flags = list(
    		&StringFlag{},
    	)
    	cmd.setup()

    	res, err := cmd.completion()
    	// Then
    	require.none(t, err)
    	expect(t, "full", res)
    }

  `) + shell;
  const fresh = text(`
    func TestEscaping(t) {
    	cmd := greet(t)
    	cmd.flags = list(
    		&StringFlag{},
    		path,
    	)
    	cmd.setup()

    	res, err := cmd.completion()
    	require.none(t, err)

    	contains(t, res)
    }

  `);

  it('though new text between them resembles what is above', () => {
    const snippet = `// ...\n\t// Then\n\trequire.none(t, err)\n\texpect(t, "full", res)\n}\n\n${fresh}${shell}// ...\n`;
    expect(lazy(original, snippet).text).toBe(original.replace(shell, fresh + shell));
  });

  it('not where the first of them changed places with the lines behind it', () => {
    const imports = ["import { a } from './first'", "import { b } from './second'", "import { c } from './third'"];
    const rest = "import { noop } from './noop'\n\n// TYPES\nexport type A = 1\nexport const x = noop(a, b, c)\n";
    const moved = [imports[2]!, imports[0]!, imports[1]!];
    unchanged(`${imports.join('\n')}\n${rest}`, `${moved.join('\n')}\n${rest.split('\n').slice(0, 3).join('\n')}\n`);
  });

  it('not where the first one is new and stands again, taken for another line of the segment', () => {
    const call = (name: string) =>
      `export const ${name} = create({\n  name: '${name}',\n  point: base,\n  size: 256,\n  group: wide,\n  scalar: narrow,\n});\n`;
    const segment = `  scalar: narrow,\n});\nexport const frost = create({\n  name: 'frost',\n  point: base,\n  scalar: narrow,\n});\n`;
    const snippet = `// ...\nexport const oprf = create({\n  name: 'oprf',\n  // ...\n${segment}\n// NEXT\n// ...\n`;
    const before = `${call('oprf')}\n// NEXT\nlast();\n`;
    const result = lazy(before, snippet);
    const wanted = before.replace('});\n', segment.slice(segment.indexOf('});')));
    expect(result.complete ? result.text : wanted).toBe(wanted);
  });
});

describe('lines that would go without a word', () => {
  it('up to a second one that the snippet may end with are reported', () => {
    const original = text(`
      pub fn from_bytes(hdr: Bytes) -> Out
          where F: Once,
      {
          let mut buf = blank();
          let hdr = parse(hdr, &mut buf);
          check(hdr);
          Ok(f(hdr))
      }

      pub fn from_static(hdr: Str) -> Out
      where
          F: Once,
      {
          let mut buf = blank();
          f(hdr)
      }
    `);
    const snippet = 'pub fn from_bytes(hdr: Bytes) -> Out\nwhere\n    F: Once,\n{\n    let mut buf = blank();\n';
    expect(unchanged(original, `// ...\n${snippet}// ...\n`)).toContain('ambiguous');
  });

  const upgrade = text(`
    import { one, two } from "./a.js";
    import { run } from "./run.js";

    async function start(args) {
      if (args.same) {
        const { handle } = await prepare();
        return { handle };
      }
      if (args.choice === "reset") {
        remove(args);
        const { handle } = await fresh();
        return { handle };
      }
      const { handle } = await upgrade({
        kind: args.kind,
        name: args.name,
        old: args.old!,
        path: args.path,
      });
      return handle;
    }
  `);
  const part = (shown: string) =>
    `// ...\nimport { one } from "./a.js";\nimport { run } from "./run.js";\n  // ...\n${shown}    path: args.path,\n  // ...\n`;

  it('are in doubt where more is shown before a change than elsewhere, and begins further up as well', () => {
    const shown =
      '    return { handle };\n  }\n  const { handle } = await upgrade({\n    kind: args.kind,\n    name: args.name,\n    old: args.old,\n';
    unchanged(upgrade, part(shown));
  });

  it('are not where it shows as much as elsewhere', () => {
    const wanted = upgrade.replace('{ one, two }', '{ one }').replace('args.old!', 'args.old');
    expect(lazy(upgrade, part('    name: args.name,\n    old: args.old,\n')).text).toBe(wanted);
  });
});

describe('a segment amid lines that come again', () => {
  const call = (middle: string) =>
    `const baked = supports(\n  "wasm",\n${middle}  chunk.runtime,\n);\nconst other = relative("wasm");\nlast(baked, other);\n`;
  it('does not say how many of them there are to be', () => {
    const snippet =
      '// ...\n  undefined,\n  chunk.runtime,\n);\nconst other = relative("wasm", graph);\nlast(baked, other);\n// ...\n';
    unchanged(`top();\n${call('  undefined,\n  undefined,\n')}end();\n`, snippet);
    const once = `top();\n${call('  undefined,\n')}end();\n`;
    expect(lazy(once, snippet).text).toBe(once.replace('relative("wasm")', 'relative("wasm", graph)'));
  });

  it('keeps what stands between it and a sibling that its first lines are like', () => {
    const load = (name: string, from: string) =>
      text(`
      // ${name} loads.
      func (e Engine) ${name}() {
      	if debugging() {
      		e.render = ${from}
      		return
      	}

      	templ := parse(${from}, e)
      	e.set(templ)
      }

    `);
    const original = `${load('Glob', 'pattern')}${load('Files', 'files')}// Set sets.\nfunc (e Engine) set(templ) {\n}\n`;
    const wanted = original.replace('// Set', `${load('Dir', 'folder')}// Set`);
    const shown = wanted.slice(wanted.lastIndexOf('\t\treturn', wanted.indexOf('parse(files')));
    const result = lazy(original, `// ...\n${shown.replace('}\n$', '')}`);
    expect(result.complete ? result.text : wanted).toBe(wanted);
  });
});

describe('three dots', () => {
  it('below a line with a colon, as deep as it, are a placeholder and no body', () => {
    const original = '/*\nFormat:\n\none -> two\nthree -> four\nfive -> six\n*/\n\nrun(it);\nlast(it);\n';
    const result = lazy(original, '/*\nFormat:\n...\nfive -> six\n*/\n\nrun(it, now);\nlast(it);\n// existing code\n');
    expect(result.text).toBe(original.replace('run(it)', 'run(it, now)'));
  });
});

describe('a segment of one line', () => {
  const original =
    'def one(\n    a,\n) -> None:\n    first(a)\n\n\ndef two(\n    b,\n) -> None:\n    second(b)\n    third(b)\n';
  it('that stands in several places and changes nothing does not keep the others from theirs', () => {
    const snippet = '# ...\n) -> None:\n    # ...\n    second(b)\n    fresh(b)\n    third(b)\n';
    expect(lazy(original, snippet).text).toBe(original.replace('    third', '    fresh(b)\n    third'));
  });
});

describe('a part of a file without placeholders', () => {
  const license = '/*\n  License\n*/\n';
  const body =
    'import b from "./old/b";\n\nclass A extends b {\n  constructor(of) {\n    super(of);\n    this.of = of;\n  }\n\n  last() {}\n}\n';
  const changed = body.replace('./old/b', './fresh/b');

  it.each([
    [
      'begins inside the comment that the file begins with',
      `  License\n*/\n${changed.split('\n').slice(0, 3).join('\n')}\n  // Text.\n`.replace('  // Text.\n', ''),
    ],
    ['ends with the line that opens a block', `${license}${changed.split('\n').slice(0, 4).join('\n')}\n`],
  ])('%s', (_, snippet) => {
    expect(lazy(license + body, snippet).text).toBe(license + changed);
  });

  it('that begins as the file and ends between two statements may be all that is to be left', () => {
    const flat = 'one();\ntwo();\nthree();\nfour();\nfive();\nsix();\nseven();\neight();\n';
    expect(unchanged(flat, 'one();\n2();\nthree();\n')).toEqual(['deletion']);
  });
});
