import { describe, expect, test } from 'vitest';
import type { TabContext } from '../../../src/tab/source.ts';
import { createRepair } from '../../../src/tab/sources/repair.ts';
import type { CodeAction, Diagnostic, LanguageFacts } from '../../../src/workspace/language-facts.ts';
import { noLanguageFacts } from '../../../src/workspace/language-facts.ts';
import { candidatesOf, changed, contextOf, renderCandidates, sceneOf } from '../check.ts';

interface Told {
  readonly message: string;
  /** The text it is about. */
  readonly at: string;
  readonly fixes: readonly Partial<CodeAction>[];
  readonly severity?: Diagnostic['severity'];
}

/** A server that reports `told` wherever its text stands. An action without edits inserts its title in front of the place. */
function server(context: () => TabContext, told: readonly Told[]): LanguageFacts {
  const placed = () => {
    const { document } = context();
    return told.flatMap(({ message, at, severity = 'error', fixes }) => {
      const start = document.content.indexOf(at);
      const path = document.path;
      return start < 0 ? [] : [{ message, severity, path, start, end: start + at.length, source: 'ts', fixes }];
    });
  };
  return {
    ...noLanguageFacts,
    diagnostics: async () => placed().map(({ fixes: _, ...diagnostic }) => diagnostic),
    codeActions: async (path, start) =>
      placed()
        .filter((diagnostic) => diagnostic.start === start)
        .flatMap(({ fixes }) => fixes)
        .map(({ title = '', kind = 'quickfix', preferred = false, edits }) => ({
          title,
          kind,
          preferred,
          edits: edits ?? [{ path, edits: [[start, start, `<${title}>`]] }],
        })),
  };
}

async function fixes(fixture: string, told: readonly Told[]): Promise<string> {
  let context: TabContext | undefined;
  const facts = server(() => context!, told);
  context = sceneOf(fixture, { facts });
  return renderCandidates(context, await candidatesOf(createRepair(), context))
    .split('\n')
    .map((line) => line.replace(/^[\d.]+ /, ''))
    .join('\n');
}

const EDIT = 'const a = 1;\n{+use(b);\n+}other();\n';
const unknown = (fixes: readonly Partial<CodeAction>[]): Told => ({ message: "Cannot find name 'b'.", at: 'b', fixes });

describe('the fix of a language server', () => {
  test.each<[string, readonly Told[], string]>([
    ['the only one there is', [unknown([{ title: 'Import b' }])], 'a.ts:2: use({+<Import b>+}b);'],
    [
      'the preferred one',
      [unknown([{ title: 'Declare b' }, { title: 'Import b', preferred: true }])],
      'a.ts:2: use({+<Import b>+}b);',
    ],
    [
      'one import beside other ways',
      [unknown([{ title: 'Add import from "./b"' }, { title: 'Add missing function declaration' }])],
      'a.ts:2: use({+<Add import from "./b">+}b);',
    ],
    ['not where two imports would do', [unknown([{ title: 'Import from "./b"' }, { title: 'Import from "./c"' }])], ''],
    ['not what only quiets it', [unknown([{ title: 'Disable no-undef for this line' }])], ''],
    ['not a refactoring', [unknown([{ title: 'Extract constant', kind: 'refactor.extract' }])], ''],
    [
      'not what changes several files',
      [
        unknown([
          {
            title: 'Export b',
            edits: [
              { path: 'a.ts', edits: [[0, 0, 'x']] },
              { path: 'b.ts', edits: [[0, 0, 'x']] },
            ],
          },
        ]),
      ],
      '',
    ],
    [
      'in another file',
      [unknown([{ title: 'Add parameter', edits: [{ path: 'a.ts', edits: [[0, 0, 'x']] }] }])],
      'a.ts:1: {+x+}const a = 1;',
    ],
    [
      'nothing that is elsewhere and about something else',
      [{ message: 'Unused', at: 'other', fixes: [{ title: 'Remove' }] }],
      '',
    ],
    [
      'elsewhere, about a name that came',
      [{ message: "'b' is not assignable", at: 'other', fixes: [{ title: 'Add await' }] }],
      'a.ts:3: {+<Add await>+}other();',
    ],
    [
      'no unused import after an edit that only adds',
      [{ message: "'b' is declared but never used", at: 'b', fixes: [{ title: "Remove unused import 'b'" }] }],
      '',
    ],
    [
      'errors before warnings',
      [
        { ...unknown([{ title: 'one' }]), severity: 'warning' },
        { message: 'x', at: 'use', fixes: [{ title: 'two' }] },
      ],
      'a.ts:2: {+<two>+}use(b);\na.ts:2: use({+<one>+}b);',
    ],
  ])('%s', async (_what, told, expected) => {
    // One-letter names are too short to be followed into messages, so the words here are longer.
    const long = JSON.parse(JSON.stringify(told).replaceAll("'b'", "'beta'").replaceAll('"at":"b"', '"at":"beta"'));
    expect(await fixes(EDIT.replace('use(b)', 'use(beta)'), long)).toBe(
      expected.replace('}b);', '}beta);').replace('use(b);', 'use(beta);'),
    );
  });

  test('not what was wrong before the edit', async () => {
    const source = createRepair();
    let context: TabContext | undefined;
    const facts = server(
      () => context!,
      [
        { message: "Cannot find name 'beta'.", at: 'beta(1)', fixes: [{ title: 'Import beta' }] },
        { message: 'New.', at: 'gamma', fixes: [{ title: 'Import gamma' }] },
      ],
    );
    context = sceneOf('=== a.ts\nbeta(1);\nrun();\n', { facts });
    expect(await candidatesOf(source, context)).toEqual([]);
    const edited = changed(context.snapshot, 'a.ts', [[16, 16, 'use(beta, gamma);\n']], 'typed', 1_000);
    context = contextOf(edited, { facts });
    const found = await candidatesOf(source, context);
    expect(found.map(({ evidence }) => evidence[1])).toEqual(['its fix: Import gamma']);
  });

  test('stops when nobody waits any more', async () => {
    const controller = new AbortController();
    const facts: LanguageFacts = {
      ...noLanguageFacts,
      diagnostics: async () => {
        controller.abort();
        return [{ path: 'a.ts', start: 0, end: 1, message: 'x', severity: 'error' }];
      },
      codeActions: async () => {
        throw new Error('asked after the end');
      },
    };
    const found = [];
    for await (const candidate of createRepair().propose(sceneOf(EDIT, { facts }), controller.signal))
      found.push(candidate);
    expect(found).toEqual([]);
  });
});
