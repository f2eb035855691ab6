import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  Conversation,
  comparePrefix,
  createRenderer,
  EditHistory,
  FileWindow,
  gptCounter,
  Isolate,
  type PrefixReport,
  type PromptNode,
  type Rendered,
  Scope,
  Stable,
  System,
  type TokenCounter,
  User,
} from '../src/index.ts';

/** Sessions in the format of `npm run eval:tab -- --session`: documents, then edits in the order they were typed. */
interface Session {
  readonly documents: readonly { readonly path: string; readonly text: string }[];
  readonly events: readonly { readonly path: string; readonly edits: readonly (readonly [number, number, string])[] }[];
}

let counter: TokenCounter;
beforeAll(async () => {
  counter = await gptCounter('o200k');
});

interface State {
  readonly path: string;
  readonly text: string;
  readonly cursor: number;
  readonly others: ReadonlyMap<string, string>;
  readonly history: readonly { readonly path: string; readonly diff: string }[];
}

function* replay(session: Session): Generator<State> {
  const texts = new Map(session.documents.map((document) => [document.path, document.text]));
  const others = new Map(texts);
  const history: { path: string; diff: string }[] = [];
  for (const { path, edits } of session.events) {
    let cursor = 0;
    for (const [start, end, inserted] of edits) {
      const text = texts.get(path)!;
      texts.set(path, text.slice(0, start) + inserted + text.slice(end));
      cursor = start + inserted.length;
      if (inserted.startsWith('\n'))
        history.push({ path, diff: `+${text.slice(text.lastIndexOf('\n', start - 1) + 1, start)}` });
    }
    yield { path, text: texts.get(path)!, cursor, others, history: [...history] };
  }
}

/** The same content twice: in the order one would write it first, and with what may be cached declared as such. */
function plain({ path, text, cursor, others, history }: State): PromptNode {
  return [
    System({ children: 'Continue the edit at the cursor.\n' }),
    User({
      children: [
        Scope({ priority: 50, children: EditHistory({ edits: history, max: 300 }) }),
        Scope({ priority: 60, children: FileWindow({ path, text, focus: cursor, max: 1_000 }) }),
        Isolate({
          limit: 500,
          children: [...others].map(([other, body]) => FileWindow({ path: other, text: body, focus: 0 })),
        }),
      ],
    }),
  ];
}

function cacheAware({ path, text, cursor, others, history }: State): PromptNode {
  return [
    System({ children: 'Continue the edit at the cursor.\n' }),
    User({
      children: [
        Stable({
          name: 'project',
          limit: 500,
          children: [...others].map(([other, body]) => FileWindow({ path: other, text: body, focus: 0 })),
        }),
        Scope({ priority: 60, children: FileWindow({ path, text, focus: cursor, align: 32, max: 1_000 }) }),
        Scope({ priority: 50, children: EditHistory({ edits: history, block: 8, max: 300 }) }),
      ],
    }),
  ];
}

function prefixShares(session: Session, build: (state: State) => PromptNode, budget: number): PrefixReport[] {
  const renderer = createRenderer({ counter });
  const reports: PrefixReport[] = [];
  let before: Rendered | null = null;
  for (const state of replay(session)) {
    const rendered = renderer.render(build(state), { budget });
    if (before) reports.push(comparePrefix(before, rendered, counter));
    before = rendered;
  }
  return reports;
}

const mean = (reports: readonly PrefixReport[]): number =>
  reports.reduce((sum, report) => sum + report.share, 0) / reports.length;

describe.each([
  ['add-an-element.json', 0.6],
  ['change-a-value-type.json', 0.65],
])('the editing session %s', (file, least) => {
  const session = JSON.parse(readFileSync(new URL(`fixtures/sessions/${file}`, import.meta.url), 'utf8')) as Session;

  test('stable parts keep most of the prompt cached while the cursor moves, where the plain prompt keeps little', () => {
    const aware = prefixShares(session, cacheAware, 1_800);
    const naive = prefixShares(session, plain, 1_800);
    // Not one render in which less than 30 % was served, where the plain prompt has dozens.
    expect(Math.min(...aware.map((report) => report.share))).toBeGreaterThan(0.3);
    expect(naive.filter((report) => report.share < 0.3).length).toBeGreaterThan(40);
    expect(mean(aware)).toBeGreaterThan(least);
    expect(mean(aware)).toBeGreaterThan(mean(naive) * 1.4);
  });

  test('the stable part is in the common prefix of every two renders', () => {
    for (const report of prefixShares(session, cacheAware, 1_800)) {
      expect(report.stableKept).toEqual(['project']);
      expect(report.stableLost).toEqual([]);
    }
  });
});

describe('a conversation that outgrows its budget', () => {
  const turns = Array.from({ length: 60 }, (_, index) => ({
    role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content: `Turn ${index}: ${'we looked at the parser and at its tests '.repeat(1 + (index % 3))}`,
  }));
  const grow = (block: number): PrefixReport[] => {
    const renderer = createRenderer({ counter });
    const prompts = turns.flatMap((_, index) =>
      index % 2 === 0
        ? [
            renderer.render(
              [System({ children: 'Be brief.' }), Conversation({ messages: turns.slice(0, index + 1), block })],
              { budget: 500 },
            ),
          ]
        : [],
    );
    return prompts.slice(1).map((after, index) => comparePrefix(prompts[index]!, after, counter));
  };

  test('leaving in blocks keeps the prefix in most turns; leaving one by one breaks it in each', () => {
    const broken = (reports: readonly PrefixReport[]): number =>
      reports.filter((report) => report.divergence !== null).length;
    const oneByOne = grow(1);
    const blocks = grow(4);
    expect(broken(oneByOne)).toBeGreaterThan(12);
    expect(broken(blocks)).toBeLessThan(8);
    expect(mean(blocks)).toBeGreaterThan(mean(oneByOne) * 1.5);
  });

  test('the report names the part at which the prefix breaks', () => {
    const broken = grow(1).find((report) => report.divergence !== null)!;
    expect(broken.divergence).toMatchObject({
      message: 1,
      part: expect.stringMatching(/^conversation \/ exchange \d+$/),
    });
  });
});
