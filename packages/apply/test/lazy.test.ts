import { describe, expect, it } from 'vitest';
import { isPlaceholder, type Syntax } from '../src/index.ts';
import { apply, text, verdicts } from './check.ts';

const ORIGINAL = text(`
  import { a } from './a';
  import { b } from './b';

  export class Store {
    constructor(file) {
      this.file = file;
    }

    load() {
      const raw = a.read(this.file);
      return JSON.parse(raw);
    }

    save(value) {
      b.write(this.file, value);
    }
  }

  export function open(file) {
    return new Store(file);
  }
`);

describe('placeholders', () => {
  it.each([
    '// ... existing code ...',
    '# ... rest of function unchanged',
    '/* ... */',
    '<!-- ... existing markup ... -->',
    '...',
    '{/* ... rest of the component ... */}',
    '-- ... unchanged ...',
    '// rest of the code remains the same',
    '# existing code',
    '// (other methods unchanged)',
    '[... unchanged ...]',
    '… ',
    '// ... keep existing imports ...',
    '# ... (rest of file)',
    '; ...',
    '// rest of the file...',
    '// other methods ...',
    '# imports \u2026',
  ])('%s', (line) => expect(isPlaceholder(line)).toBe(true));

  it.each([
    '// keep the connection open',
    '...args,',
    'return [...items];',
    '# the rest is cached',
    '// existing users keep their role',
    'const rest = others;',
    '// TODO: more',
    '/** Loads the file. */',
    'print("...")',
    '# Python',
    'f(...)  # call',
    '// `\\.css` for `/file.css`, `\\.wasm` for `/file.wasm`, \u2026',
    '// handle the other cases of this file lazily ...',
  ])('not %s', (line) => expect(isPlaceholder(line)).toBe(false));
});

describe('lazy snippets', () => {
  it.each([
    [
      'a changed line between anchors',
      `
      // ... existing code ...
        load() {
          const raw = a.readSync(this.file);
          return JSON.parse(raw);
        }
      // ... existing code ...`,
      (s: string) => s.replace('a.read(', 'a.readSync('),
    ],
    [
      'an inserted line',
      `
      // ... existing code ...
          const raw = a.read(this.file);
          if (raw === '') return undefined;
          return JSON.parse(raw);
      // ... existing code ...`,
      (s: string) => s.replace('    return JSON', "    if (raw === '') return undefined;\n    return JSON"),
    ],
    [
      'a line left out between two that join',
      `
      import { a } from './a';

      export class Store {
        // ... existing code ...
      }
      // ... existing code ...`,
      (s: string) => s.replace("import { b } from './b';\n", ''),
    ],
    [
      'a method at the end of a class',
      `
      export class Store {
        // ... existing code ...

        clear() {
          b.write(this.file, '');
        }
      }

      // ... rest of file ...`,
      (s: string) => s.replace('value);\n  }\n', "value);\n  }\n\n  clear() {\n    b.write(this.file, '');\n  }\n"),
    ],
    [
      'an import below another',
      `
      import { a } from './a';
      import { b } from './b';
      import { encode } from './text';
      // ... existing code ...`,
      (s: string) => s.replace("'./b';\n", "'./b';\nimport { encode } from './text';\n"),
    ],
    [
      'a function behind the last',
      `
      // ... existing code ...

      export function close(store) {
        store.save(undefined);
      }`,
      (s: string) => `${s}\nexport function close(store) {\n  store.save(undefined);\n}\n`,
    ],
    [
      'a function shown alone, without placeholders',
      `
      export function open(file) {
        const store = new Store(file);
        store.load();
        return store;
      }`,
      (s: string) =>
        s.replace('  return new Store(file);', '  const store = new Store(file);\n  store.load();\n  return store;'),
    ],
    [
      'several places at once',
      `
      // ...
        constructor(file) {
          this.file = file;
          this.cache = undefined;
        }
        // ...
        save(value) {
          this.cache = value;
          b.write(this.file, value);
        }
        // ...`,
      (s: string) =>
        s
          .replace('= file;\n', '= file;\n    this.cache = undefined;\n')
          .replace('    b.write', '    this.cache = value;\n    b.write'),
    ],
  ])('%s', (_, snippet, expected) => {
    const result = apply(ORIGINAL, text(snippet), 'lazy');
    expect(result.text).toBe(expected(ORIGINAL));
    expect(result.complete).toBe(true);
  });

  it("written at another depth take the document's", () => {
    const result = apply(ORIGINAL, 'save(value) {\n  check(value);\n  b.write(this.file, value);\n}\n', 'lazy');
    expect(result.text).toBe(ORIGINAL.replace('    b.write', '    check(value);\n    b.write'));
  });

  it('keep CRLF', () => {
    const result = apply(
      ORIGINAL.replaceAll('\n', '\r\n'),
      '// ...\n  load() {\n    const raw = a.readSync(this.file);\n    return JSON.parse(raw);\n// ...\n',
      'lazy',
    );
    expect(result.text).toBe(ORIGINAL.replace('a.read(', 'a.readSync(').replaceAll('\n', '\r\n'));
  });

  it('in Python end a class by depth', () => {
    const original = text(`
      class A:
          def one(self):
              return 1


      class B:
          pass
    `);
    const result = apply(
      original,
      'class A:\n    # ... existing code ...\n\n    def two(self):\n        return 2\n# ...\n',
      'lazy',
    );
    expect(result.text).toBe(original.replace('return 1\n', 'return 1\n\n    def two(self):\n        return 2\n'));
  });

  it('with headings of tildes in a docstring are no fenced blocks', () => {
    const original = '"""\nrequests.api\n~~~~~~~~~~~~\n\nText.\n"""\n\nrun(1)\nlast()\n';
    const changed = original.replace('run(1)', 'run(2)');
    for (const format of ['whole', 'auto'] as const) expect(apply(original, changed, format).text).toBe(changed);
  });

  it('that are the whole file replace it', () => {
    const changed = ORIGINAL.replace('a.read(', 'a.readSync(').replace("import { b } from './b';\n", '');
    expect(apply(ORIGINAL, `\`\`\`js\n${changed}\`\`\`\n`, 'auto').text).toBe(changed);
  });
});

describe('lazy snippets with two readings are reported', () => {
  it.each([
    ['code about something else', 'export function unrelated() {\n  return 42;\n}\n// ...\n', 'missing'],
    [
      'new text between two placeholders',
      'export class Store {\n  // ...\n  helper() {\n    return 1;\n  }\n  // ...\n}\n',
      'ambiguous',
    ],
    [
      'half of a class gone without a word',
      'export class Store {\n  constructor(file) {\n    this.file = file;\n  }\n}\n\nexport function open(file) {\n  return new Store(file);\n}\n',
      'deletion',
    ],
  ])('%s', (_, snippet, reason) => {
    const result = apply(ORIGINAL, snippet, 'lazy');
    expect(verdicts(result)).toContain(reason);
    expect(result.text).toBe(ORIGINAL);
    expect(result.needsModel).toBe(true);
  });

  it('an answer that was cut off', () => {
    const result = apply(
      ORIGINAL,
      '```js\n// ... existing code ...\n  load() {\n    const raw = a.readSync(this.file);\n',
      'lazy',
    );
    expect(verdicts(result)).toContain('truncated');
    expect(result.complete).toBe(false);
  });

  it('a result that would not parse', () => {
    const syntax: Syntax = { symbols: () => undefined, errors: (source) => (source.includes('readSync') ? 1 : 0) };
    const result = apply(
      ORIGINAL,
      '// ...\n    const raw = a.readSync(this.file);\n    return JSON.parse(raw);\n// ...\n',
      'lazy',
      { syntax, path: 'a.ts' },
    );
    expect(result.text).toBe(ORIGINAL);
  });
});

describe('whole files', () => {
  it.each([
    ['bare', 'one\ntwo\n'],
    ['fenced', '```txt\none\ntwo\n```\n'],
    ['fenced, with a path and prose', 'The file:\n\nnotes.txt\n```\none\ntwo\n```\nDone.\n'],
  ])('%s', (_, edit) => {
    expect(apply('one\n', edit, 'whole')).toMatchObject({ text: 'one\ntwo\n', complete: true });
  });

  it('keep a nested fence', () => {
    const inner = '# Title\n\n```js\nx\n```\n';
    expect(apply('# Old\n', `\`\`\`markdown\n${inner}\`\`\`\n`, 'whole').text).toBe(inner);
  });

  it('keep what the document is like', () => {
    expect(apply('\uFEFFa\r\nb', 'a\nc\n', 'whole').text).toBe('\uFEFFa\r\nc');
  });

  it('never empty a file', () => {
    expect(verdicts(apply('a\n', '```\n\n```\n', 'whole'))).not.toContain('exact');
  });

  it('cut off are reported', () => {
    expect(verdicts(apply('a\nb\nc\n', '```\na\nB\n', 'whole'))).toEqual(['truncated']);
  });
});

describe('a whole file in a fence', () => {
  const original = 'one();\ntwo();\nthree();\nfour();\n';
  it.each(['auto', 'lazy', 'whole'] as const)('ends with the blank lines that it has, read as %s', (format) => {
    const fresh = 'one();\n2();\nthree();\nfour();\n\n';
    const edit = format === 'auto' ? `Here it is:\n\na.js\n\`\`\`js\n${fresh}\`\`\`\n` : fresh;
    expect(apply(original, edit, format, { path: 'a.js' }).text).toBe(fresh);
  });
});
