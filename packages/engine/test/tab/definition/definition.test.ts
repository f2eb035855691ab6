import { describe, expect, test } from 'vitest';
import { definitionsOf, typeDeclaration, typeLacking } from '../../../src/tab/definition/out-of-step.ts';
import { definition } from '../../../src/tab/sources/definition.ts';
import { type Diagnostic, type LanguageFacts, noLanguageFacts } from '../../../src/workspace/language-facts.ts';
import { candidatesOf, type SceneOptions, sceneOf } from '../check.ts';

/** What there is to look at: `path: the line` and why; '' where there is nothing. */
async function look(fixture: string, options: SceneOptions = {}): Promise<string> {
  const context = sceneOf(fixture, options);
  const candidates = await candidatesOf(definition, context, options.files);
  return candidates
    .map(({ path, target, peek, edits, evidence }) => {
      const text = context.snapshot.documents.get(path)?.content ?? options.files![path]!;
      expect({ peek, edits }).toEqual({ peek: true, edits: [] });
      return `${path}: ${text.slice(target).split('\n')[0]} | ${evidence[0]}`;
    })
    .join('\n');
}

const FAR = '\n'.repeat(40);

describe('a call that no longer fits its definition', () => {
  test.each<[string, string, Record<string, string>, string]>([
    [
      'TypeScript',
      '\nsave(a{+, b+}<|>);',
      { 'b.ts': 'export function save(a: A): void {\n}' },
      'b.ts: save(a: A): void { | save takes 1 argument, this call has 2 now',
    ],
    [
      'an arrow function',
      '\nsave(a[-, b-]<|>);',
      { 'b.ts': 'export const save = (a: A, b: B) => {\n};' },
      'b.ts: save = (a: A, b: B) => { | save takes 2 arguments, this call has 1 now',
    ],
    [
      'optional ones',
      '\nsave(a{+, b, c+}<|>);',
      { 'b.ts': 'function save(a: A, b?: B) {\n}' },
      'b.ts: save(a: A, b?: B) { | save takes 1 to 2 arguments, this call has 3 now',
    ],
    [
      'the rest',
      '\nsave([-a-]<|>);',
      { 'b.ts': 'function save(a: A, ...rest: B[]) {\n}' },
      'b.ts: save(a: A, ...rest: B[]) { | save takes 1 or more arguments, this call has 0 now',
    ],
    [
      'Python',
      '\n=== a.py\nsave(a{+, b+}<|>)',
      { 'b.py': 'def save(a):\n    pass' },
      'b.py: save(a): | save takes 1 argument, this call has 2 now',
    ],
    [
      'Go',
      '\n=== a.go\nfunc run() {\n\tsave(a{+, b+}<|>)\n}',
      { 'b.go': 'func save(a int) {\n}' },
      'b.go: save(a int) { | save takes 1 argument, this call has 2 now',
    ],
    [
      'Rust',
      '\n=== a.rs\nfn run() {\n    save(a{+, b+}<|>);\n}',
      { 'b.rs': 'fn save(a: u8) {\n}' },
      'b.rs: save(a: u8) { | save takes 1 argument, this call has 2 now',
    ],
    [
      'far off in the same file',
      `\nsave(a{+, b+}<|>);${FAR}function save(a) {\n}`,
      {},
      'a.ts: save(a) { | save takes 1 argument, this call has 2 now',
    ],
  ])('%s', async (_name, fixture, files, expected) => {
    expect(await look(fixture, { files })).toBe(expected);
  });

  test.each<[string, string, Record<string, string>]>([
    ['it fits', '\nsave(a{+, b+}<|>);', { 'b.ts': 'function save(a, b) {\n}' }],
    ['it is in view', '\nsave(a{+, b+}<|>);\nfunction save(a) {\n}', {}],
    ['the call is new', '\n{+save(a, b);+}<|>', { 'b.ts': 'function save(a) {\n}' }],
    ['the number stays', '\nsave([-a-]{+b+}<|>);', { 'b.ts': 'function save(a, b) {\n}' }],
    ['arguments are spread', '\nsave(...a{+, b+}<|>);', { 'b.ts': 'function save(a) {\n}' }],
    [
      'there are two definitions',
      '\nsave(a{+, b+}<|>);',
      { 'b.ts': 'function save(a) {\n}\nfunction save(a, b, c) {\n}' },
    ],
    ['it is a member of an object', '\nx.save(a{+, b+}<|>);', { 'b.ts': 'class X {\n  save(a) {\n  }\n}' }],
    ['it stands in a string', "\nconst x = 'save(a{+, b+}<|>)';", { 'b.ts': 'function save(a) {\n}' }],
    ['the definition itself was changed', '\nfunction save(a{+, b+}<|>) {\n}', { 'b.ts': 'function save(a) {\n}' }],
    ['nobody defines it', '\nsave(a{+, b+}<|>);', { 'b.ts': 'save(1);' }],
    ['the file is of another language', '\nsave(a{+, b+}<|>);', { 'b.py': 'def save(a):\n    pass' }],
  ])('silent where %s', async (_name, fixture, files) => {
    expect(await look(fixture, { files })).toBe('');
  });

  test('what the language server says goes first: it knows members, too', async () => {
    const files = { 'b.ts': 'class X {\n  save(a) {\n  }\n}\nclass Y {\n  save(a, b) {\n  }\n}' };
    const says = (start: number): LanguageFacts => ({
      ...noLanguageFacts,
      definition: async () => [{ path: 'b.ts', start, end: start + 4 }],
    });
    const fixture = '\nx.save(a{+, b+}<|>);';
    const [inX, inY] = [files['b.ts'].indexOf('save'), files['b.ts'].lastIndexOf('save')];
    expect(await look(fixture, { files, facts: says(inX) })).toContain('b.ts: save(a) {');
    expect(await look('\nx.save(a{+, b, c+}<|>);', { files, facts: says(inY) })).toContain('save takes');
  });

  test.each(['undo', 'tool'] as const)('silent after an edit by %s', async (origin) => {
    const files = { 'b.ts': 'function save(a) {\n}' };
    expect(await look('\nsave(a{+, b+}<|>);', { files, origin })).toBe('');
  });
});

describe('a member that its type does not have', () => {
  const lacks = (message: string, start: number, end: number): LanguageFacts => ({
    ...noLanguageFacts,
    diagnostics: async (path): Promise<readonly Diagnostic[]> => [{ path, start, end, message, severity: 'error' }],
  });
  const MESSAGE = "Property 'totl' does not exist on type 'Cart'.";
  const files = { 'b.ts': 'export interface Cart {\n  total: number;\n}' };

  test('leads to the declaration of the type', async () => {
    expect(await look('\nshow(cart{+.totl+});<|>', { files, facts: lacks(MESSAGE, 10, 14) })).toBe(
      'b.ts: Cart { | Cart has no totl',
    );
  });

  test.each<[string, string, LanguageFacts]>([
    ['its name is being typed', '\nshow(cart{+.totl+}<|>);', lacks(MESSAGE, 10, 14)],
    ['it was there before the edit', '\nshow(cart.totl);\nx{+.y+};<|>', lacks(MESSAGE, 10, 14)],
    ['no language server says so', '\nshow(cart{+.totl+});<|>', noLanguageFacts],
    ['the message is another', '\nshow(cart{+.totl+});<|>', lacks("';' expected.", 10, 14)],
    ['the type is not of the project', '\nshow(cart{+.totl+});<|>', lacks(MESSAGE.replace('Cart', 'Basket'), 10, 14)],
  ])('silent where %s', async (_name, fixture, facts) => {
    expect(await look(fixture, { files, facts })).toBe('');
  });
});

describe('parts', () => {
  test.each([
    ["Property 'a' does not exist on type 'Cart<number>'.", 'a', 'Cart'],
    ["Property 'a' does not exist on type 'typeof Cart'.", 'a', 'Cart'],
    ['Cannot access attribute "a" for class "Cart"', 'a', 'Cart'],
    ['x.a undefined (type *shop.Cart has no field or method a)', 'a', 'Cart'],
    ['no field `a` on type `&mut Cart`', 'a', 'Cart'],
    ['no method named `a` found for struct `Cart` in the current scope', 'a', 'Cart'],
  ])('the type in "%s"', (message, member, type) => {
    expect(typeLacking(message)).toEqual({ member, type });
  });

  test.each([["Property 'a' does not exist on type '{ b: number; }'."], ["Cannot find name 'a'."], ['']])(
    'none in "%s"',
    (message) => {
      expect(typeLacking(message)).toBe(undefined);
    },
  );

  test.each([
    ['python', 'class A:\n    def save(self, a, b=1, *rest):\n        pass', [1, Number.POSITIVE_INFINITY]],
    ['rust', 'impl A {\n    fn save(&mut self, a: u8) {\n    }\n}', [1, 1]],
    ['typescript', 'class A {\n  save(a: A, b = 1): void {\n  }\n}', [1, 2]],
    ['typescript', '// save(a)\nsave(1);', undefined],
  ])('what a function takes: %s', (languageId, text, expected) => {
    const [one] = definitionsOf(text, languageId, 'save');
    expect(one && [one.least, one.most]).toEqual(expected);
  });

  test.each([
    ['typescript', 'type Cart = {};', 5],
    ['go', 'type Cart struct {}', 5],
    ['rust', '// struct Cart\nstruct Cart;', 22],
    ['python', 'class Carts:', undefined],
  ])('where a type is declared: %s', (languageId, text, expected) => {
    expect(typeDeclaration(text, languageId, 'Cart')).toBe(expected);
  });
});
