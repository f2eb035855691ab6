import {
  Conversation,
  createRenderer,
  FileWindow,
  type PromptNode,
  type Renderer,
  Scope,
  Snippets,
  System,
  type TokenCounter,
  ToolOutput,
  User,
} from '@tabstop/prompt';
import type { CorpusFile } from './corpus.ts';

export interface SpeedCase {
  readonly name: string;
  /** A prompt of the corpus; `change` stands for one keystroke. */
  readonly build: (change: number) => PromptNode;
}

export interface SpeedResult {
  readonly name: string;
  readonly tokens: number;
  readonly leaves: number;
  /** Milliseconds. */
  readonly cold: number;
  readonly coldTokenising: number;
  readonly rerenderLeast: number;
  readonly rerenderMedian: number;
  readonly rerenderWorst: number;
  /** Mean milliseconds of processor time of the rendering thread: what a busy machine does not change. */
  readonly rerenderCpu: number;
  /** The same of the worst render: what of `rerenderWorst` was not waiting for a processor. */
  readonly rerenderCpuWorst: number;
}

/**
 * Prompts of about 100,000 tokens in the shapes that are used: all fits, half is dropped, one leaf a line. The tree is built
 * anew for every render, as components do.
 */
export function speedCases(files: readonly CorpusFile[]): SpeedCase[] {
  const focus = files.find((file) => file.text.split('\n').length > 600) ?? files[0]!;
  const edited = (change: number): string => insert(focus.text, focus.text.length >> 1, 'x'.repeat(change));
  const snippets = files.flatMap((file) => chunk(file, 40));
  const question = (change: number): PromptNode => User({ children: `Where is the error? ${'!'.repeat(change)}` });
  return [
    {
      name: 'chat: system, snippets, conversation, file around the cursor',
      build: (change) => [
        System({ children: 'You complete code.\n' }),
        Scope({ priority: 50, children: User({ children: Snippets({ snippets }) }) }),
        Scope({
          priority: 60,
          children: Conversation({
            messages: files.slice(0, 40).map((file, index) => ({
              role: index % 2 === 0 ? 'user' : 'assistant',
              content: file.text.slice(0, 800),
            })),
          }),
        }),
        User({
          children: FileWindow({
            path: focus.path,
            text: edited(change),
            focus: focus.text.length >> 1,
            growPriority: 90,
          }),
        }),
        question(change),
      ],
    },
    {
      name: 'whole files, one leaf each',
      build: (change) => [
        ...files.map((file, index) =>
          Scope({ priority: 1_000 - index, children: User({ children: file === focus ? edited(change) : file.text }) }),
        ),
        question(change),
      ],
    },
    {
      name: 'one leaf a line: long tool outputs',
      build: (change) => [
        ...files.map((file, index) =>
          Scope({ priority: 1_000 - index, children: User({ children: ToolOutput({ text: file.text }) }) }),
        ),
        question(change),
      ],
    },
    {
      name: 'the same, a keystroke in one of the outputs too',
      build: (change) => [
        ...files.map((file, index) =>
          Scope({
            priority: 1_000 - index,
            children: User({ children: ToolOutput({ text: file === focus ? edited(change) : file.text }) }),
          }),
        ),
        question(change),
      ],
    },
  ];
}

export function measureSpeed(one: SpeedCase, counter: TokenCounter, budget: number): SpeedResult {
  let spent = 0;
  const timed: TokenCounter = {
    ...counter,
    count(text) {
      const start = performance.now();
      const tokens = counter.count(text);
      spent += performance.now() - start;
      return tokens;
    },
  };
  // Warm code, cold counts: the first render of a process would time the compiler.
  for (let run = 0; run < 4; run++) createRenderer({ counter }).render(one.build(run), { budget });
  let cold = Number.POSITIVE_INFINITY;
  let coldTokenising = 0;
  let renderer: Renderer = createRenderer({ counter });
  for (let run = 0; run < 5; run++) {
    renderer = createRenderer({ counter: timed });
    spent = 0;
    const start = performance.now();
    renderer.render(one.build(0), { budget });
    const took = performance.now() - start;
    if (took - spent < cold - coldTokenising) [cold, coldTokenising] = [took, spent];
  }
  const times: number[] = [];
  let tokens = 0;
  const cpu: number[] = [];
  for (let change = 1; change <= 60; change++) {
    const before = process.threadCpuUsage();
    const start = performance.now();
    tokens = renderer.render(one.build(change), { budget }).tokens;
    times.push(performance.now() - start);
    const { user, system } = process.threadCpuUsage(before);
    cpu.push((user + system) / 1_000);
  }
  const { leaves } = renderer.trace(one.build(60), { budget });
  times.sort((a, b) => a - b);
  return {
    name: one.name,
    tokens,
    leaves: leaves.length,
    cold,
    coldTokenising,
    rerenderLeast: times[0]!,
    rerenderMedian: times[times.length >> 1]!,
    rerenderWorst: times.at(-1)!,
    rerenderCpu: cpu.reduce((sum, ms) => sum + ms, 0) / cpu.length,
    rerenderCpuWorst: Math.max(...cpu),
  };
}

function chunk(file: CorpusFile, lines: number) {
  const all = file.text.split('\n');
  const chunks = [];
  for (let at = 0; at < all.length; at += lines)
    chunks.push({
      path: file.path,
      startLine: at + 1,
      endLine: Math.min(at + lines, all.length),
      text: `${all.slice(at, at + lines).join('\n')}\n`,
    });
  return chunks;
}

function insert(text: string, at: number, added: string): string {
  return text.slice(0, at) + added + text.slice(at);
}
