import { parseMarked } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { CUT_FEATURES, type CutFeature, calibrated } from '../../src/tab/continue/calibration.ts';
import { looksSecret } from '../../src/tab/continue/secret.ts';
import { lexiconOfTexts } from '../../src/tab/lexicon/texts.ts';
import type { Candidate } from '../../src/tab/source.ts';
import { continueSource } from '../../src/tab/sources/continue.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { candidatesOf, contextOf, sceneOf } from './check.ts';

/** The texts proposed at the cursor of a fixture, best first. The document is open; `project` is on disk. */
async function proposed(fixture: string, project: Record<string, string> = {}): Promise<Candidate[]> {
  const { documents } = parseMarked(fixture);
  const lexicon = lexiconOfTexts(Object.entries(project).map(([path, text]) => ({ path, text })));
  const context = sceneOf(fixture, { lexicon });
  for (const { path } of documents) lexicon.update(context.snapshot.documents.get(path)!);
  return candidatesOf(continueSource, context);
}

const texts = (candidates: readonly Candidate[]) => candidates.map(({ edits }) => edits[0]![2]);
const best = async (fixture: string, project?: Record<string, string>) => texts(await proposed(fixture, project))[0];

describe('the rest of the line', () => {
  test.each<[language: string, fixture: string, expected: string]>([
    [
      'TypeScript, a statement seen before',
      `=== a.ts
      if (!user) return reply.status(404).send();
      if (!role) return reply.status(404).send();
      if (!group) return reply.status(404).send();
      if (!order) return reply.<|>`,
      'status(404).send();',
    ],
    [
      'TypeScript, identifiers mapped to the ones in scope',
      `=== a.ts
      constructor(first: string, second: string, third: string) {
        this.first = first;
        this.second = second;
        this.third = <|>`,
      'third;',
    ],
    [
      'TSX',
      `=== a.tsx
      <Field name="first" onChange={handleChange} />
      <Field name="second" onChange={handleChange} />
      <Field name="third" onCh<|>`,
      'ange={handleChange} />',
    ],
    [
      'Python',
      `=== a.py
      def __init__(self, name, size):
          self.name = name
          self.size = size
          self.color = color
          self.shape = <|>`,
      'shape',
    ],
    [
      'Go',
      `=== a.go
      data, err := os.ReadFile(path)
      if err != nil {
      	return nil, err
      }
      info, err := os.Stat(path)
      if err != nil {
      	return <|>
      }`,
      'nil, err',
    ],
    [
      'Rust',
      `=== a.rs
      let name = config.get("name").unwrap_or_default();
      let kind = config.get("kind").unwrap_or_default();
      let size = config.get("size").unwrap_or_default();
      let color = config.get("color").<|>`,
      'unwrap_or_default();',
    ],
    [
      'Java',
      `=== A.java
      private final UserService userService;
      private final RoleService roleService;
      private final GroupService groupService;
      private final OrderService <|>`,
      'orderService;',
    ],
    [
      'C',
      `=== a.c
      if (!first) { fprintf(stderr, "out of memory\\n"); goto fail; }
      if (!second) { fprintf(stderr, "out of memory\\n"); goto fail; }
      if (!third) { fprintf(stderr, "out of memory\\n"); goto fail; }
      if (!fourth) { fprintf(<|>`,
      'stderr, "out of memory\\n"); goto fail; }',
    ],
    [
      'Ruby',
      `=== a.rb
      validates :name, presence: true
      validates :email, presence: true
      validates :phone, <|>`,
      'presence: true',
    ],
    [
      'PHP',
      `=== a.php
      $user = $this->repository->find($id) ?? throw new NotFound();
      $role = $this->repository->find($id) ?? throw new NotFound();
      $group = $this->repository->find($id) ?? throw new NotFound();
      $order = $this->repository-><|>`,
      'find($id) ?? throw new NotFound();',
    ],
    [
      'CSS',
      `=== a.css
      .a { display: flex; align-items: center; }
      .b { display: flex; align-items: center; }
      .c { display: <|>`,
      'flex; align-items: center; }',
    ],
  ])('%s', async (_, fixture, expected) => {
    expect(await best(fixture)).toBe(expected);
  });

  test('from other files of the project', async () => {
    const project = {
      'src/a.ts': "import { createLogger } from '../logging/create-logger.ts';\n",
      'src/b.ts': "import { createLogger } from '../logging/create-logger.ts';\nconst x = 1;\n",
    };
    expect(await best('=== src/c.ts\nimport { createLogger } from <|>', project)).toBe(
      "'../logging/create-logger.ts';",
    );
  });

  test('from another open document as it is now, saved or not', async () => {
    const context = sceneOf(`
      === use.ts
      registerRoute(ser<|>
      === open.ts
      registerRoute(server{+, options+});
      registerRoute(server, options);
      registerRoute(server, options);`);
    const lexicon = lexiconOfTexts([{ path: 'open.ts', text: 'registerRoute(server);\n' }]);
    for (const document of context.snapshot.documents.values()) lexicon.update(document);
    const candidates = await candidatesOf(continueSource, { ...context, lexicon });
    expect(texts(candidates)[0]).toBe('ver, options);');
  });
});

describe('lines that are gone', () => {
  const before =
    'export const NAME = "a";\nexport const RELEASE = "1.0.4"; // set by the release script\nexport const SIZE = 3;\n';
  test('tell how the line that is written anew goes on', async () => {
    const fixture = '=== a.ts\nexport const NAME = "a";\nexport const RELEASE = "1.0.5<|>\nexport const SIZE = 3;\n';
    const [first] = (await proposed(fixture, { 'a.ts': before })).toSorted((a, b) => b.score - a.score);
    expect(first?.edits[0]?.[2]).toBe('"; // set by the release script');
    expect(texts(await proposed(fixture))).not.toContain('"; // set by the release script');
    for (const text of texts(await proposed(fixture, { 'a.ts': before }))) expect(text).not.toContain('1.0.4');
  });
  test('are less likely to come back just as they were than to be changed', () => {
    const none = Object.fromEntries(CUT_FEATURES.map((name) => [name, 0])) as Record<CutFeature, number>;
    expect(calibrated({ ...none, restores: 1 }, true)).toBeLessThan(calibrated(none, true) / 2);
  });
});

describe('a word that is new', () => {
  test.each([
    ['a number', 'let a = 10;\nlet b = 20;\nlet c = 30;\nlet d = 47<|>\n', ';'],
    ['a name', 'call(one, first);\ncall(two, first);\ncall(three, first);\ncall(brandNew<|>\n', ', first);'],
  ])('%s is gone on from, as nothing known completes it', async (_, fixture, expected) => {
    expect(await best(`=== a.ts\n${fixture}`)).toBe(expected);
  });
  test('is not glued to another word', async () => {
    for (const text of texts(await proposed('=== a.ts\nreturn one;\nreturn two;\nreturn threeX<|>\n')))
      expect(text).not.toMatch(/^\w/);
  });
});

describe('what stands around the cursor', () => {
  const seen = `=== a.ts
    configure(server, options);
    start(server);
    configure(server, options);
    stop(server);
    `;

  test.each([
    ['an automatic closer is not typed again', 'configure(<|>)', 'server, options'],
    ['nor with a semicolon behind it', 'configure(<|>);', 'server, options'],
    ['text that the prediction joins', 'configure(<|>, options);', 'server'],
    ['a word half typed', 'configure(ser<|>', 'ver, options);'],
    ['a space typed already', 'configure(server, <|>', 'options);'],
    ['no space typed yet', 'configure(server,<|>', ' options);'],
  ])('%s', async (_, line, expected) => {
    expect((await best(seen + line))?.split('\n')[0]).toBe(expected);
  });

  test.each([
    ['text that no prediction joins', `${seen}configure(<|>unrelated, things);`],
    ['a cursor within a word', `${seen}config<|>ure(server`],
    ['an empty document', '=== a.ts\n<|>'],
    ['a line that stands below already', '=== a.ts\nfoo(bar);\nbaz(bar);\nfoo(bar);\nbaz(<|>\nbaz(bar);\n'],
  ])('silence: %s', async (_, fixture) => {
    const found = texts(await proposed(fixture));
    expect(found.filter((text) => fixture.includes('below') || text.includes(';'))).toEqual([]);
  });

  test('silence with a selection, in a read-only document, and after an abort', async () => {
    const context = sceneOf(`${seen}configure(<|>`);
    const lexicon = lexiconOfTexts([{ path: 'b.ts', text: 'configure(server, options);\n'.repeat(3) }]);
    const ask = (change: Partial<typeof context>) => candidatesOf(continueSource, { ...context, lexicon, ...change });
    expect(await ask({})).not.toEqual([]);
    expect(await ask({ cursor: { ...context.cursor, selecting: true } })).toEqual([]);
    expect(await ask({ document: context.document.withReadOnly(true) })).toEqual([]);
    const aborted = continueSource.propose({ ...context, lexicon }, AbortSignal.abort()) as Iterable<Candidate>;
    expect([...aborted]).toEqual([]);
  });

  test('no closer for a bracket that is not open', async () => {
    const fixture = `=== a.ts
      call(first));
      call(second));
      call(third<|>`;
    for (const text of texts(await proposed(fixture))) {
      const depth = [...`call(third${text}`].reduce(
        (sum, char) => sum + Number(char === '(') - Number(char === ')'),
        0,
      );
      expect(depth, text).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('several lines', () => {
  const block = [
    'router.get("/users", async (request, reply) => {',
    '  const session = await requireSession(request);',
    '  reply.send(session.user);',
    '});',
    '',
  ].join('\n');

  test('where the evidence is strong, with the indentation and line ends of the document', async () => {
    const text = `${block.repeat(4)}router.get("/users", async (request, reply) => {`;
    for (const [eol, indent] of [
      ['\n', ''],
      ['\r\n', ''],
    ] as const) {
      const raw = text.replaceAll('\n', eol);
      const snapshot = Snapshot.empty
        .open({ path: 'a.ts', languageId: 'typescript', version: 1, text: raw.slice(0, -8) })
        .moveCursor({ path: 'a.ts', offset: raw.length - 8, selecting: false });
      const lexicon = lexiconOfTexts([{ path: 'b.ts', text: block.repeat(4) }]);
      const found = texts(await candidatesOf(continueSource, contextOf(snapshot, { lexicon })));
      const expected = `ly) => {${eol}${indent}  const session = await requireSession(request);${eol}  reply.send(session.user);${eol}});`;
      expect(found[0]).toBe(expected);
    }
  });
});

describe('never', () => {
  test('white space alone, or a break within a surrogate pair or a line end', async () => {
    const fixtures = ['a\n\na\n\n<|>', 'x = "😀";\nx = "😀";\nx = <|>', 'if (a) {\n  b;\n}\nif (a) {\n  <|>'];
    for (const fixture of fixtures)
      for (const text of texts(await proposed(`=== a.ts\n${fixture}`))) {
        expect(text.trim(), fixture).not.toBe('');
        expect(text.isWellFormed(), fixture).toBe(true);
      }
  });

  test('what looks like a secret, though it stands there', async () => {
    const line = 'connect("sk9f8Aq27Zx61LmP0vT4bN8c");\n';
    const found = texts(await proposed(`=== a.ts\n${line.repeat(4)}connect("<|>`));
    expect(found.filter((text) => text.includes('sk9f'))).toEqual([]);
  });

  test.each([
    ['d41d8cd98f00b204e9800998ecf8427e', true],
    ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', true],
    ['sk9f8Aq27Zx61LmP0vT4bN8c', true],
    ['handleConnectionTimeoutError', false],
    ['utf8EncodeToBase64Url', false],
    ['defaultConfiguration2', false],
  ])('%s looks secret: %s', (token, secret) => {
    expect(looksSecret(token)).toBe(secret);
  });
});

test('says what it saw, and how sure it is', async () => {
  const project = { 'src/a.ts': 'const x = await fetchAll(db);\n'.repeat(5) };
  const [first] = await proposed('=== b.ts\nconst x = await <|>', project);
  expect(first!.edits[0]![2]).toBe('fetchAll(db);');
  expect(first!.evidence[0]).toBe('seen 5 times after `const x = await`, as in src/a.ts');
  expect(first!.evidence[1]).toMatch(/^\d+ % likely/);
  expect(first!.score).toBeGreaterThan(0.25);
  for (const value of Object.values(first!.features)) expect(Math.abs(value)).toBeLessThanOrEqual(1.5);
});

test('other ways on follow, each less likely', async () => {
  const found = await proposed(`=== a.ts
    set(open); set(closed); set(open); set(closed); set(open);
    set(closed); set(open); set(closed); set(open); set(closed);
    set(<|>`);
  const words = texts(found).map((text) => /^\w+/.exec(text)?.[0]);
  expect(words).toEqual(expect.arrayContaining(['open', 'closed']));
  expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
});
