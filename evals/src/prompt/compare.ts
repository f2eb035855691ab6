/** `node evals/src/prompt/compare.ts [--json]`: our renderer and `@vscode/prompt-tsx` on the same trees, in one run. */
import { CHAT_OVERHEAD, createRenderer, gptCounter, type TokenCounter, textOf } from '@tabstop/prompt';
import { readCorpus } from './corpus.ts';
import { ourTree, type PeerCase, renderPeer } from './peer.ts';
import { peerCases } from './peer-cases.ts';

const OVERHEAD = { ...CHAT_OVERHEAD, prompt: 0 };

export interface Side {
  /** Tokens of the output, counted anew, as a share of the budget. */
  readonly used: number;
  /** Tokens kept, each times its priority, as a share of all. */
  readonly weighted: number;
  readonly overBudget: boolean;
  /** Milliseconds, medians: with nothing counted before, and again with all counts known. */
  readonly cold: number;
  readonly warm: number;
}

export interface Comparison {
  readonly name: string;
  readonly budget: number;
  readonly ours: Side;
  readonly peer: Side;
}

export async function compare(one: PeerCase, budget: number, counter: TokenCounter, runs: number): Promise<Comparison> {
  const cold = { ours: [] as number[], peer: [] as number[] };
  const warm = { ours: [] as number[], peer: [] as number[] };
  let ours: string[] = [];
  let peer: readonly string[] = [];
  const known = memoised(counter);
  const kept = createRenderer({ counter, overhead: OVERHEAD });
  for (let run = 0; run <= runs; run++) {
    const fresh = createRenderer({ counter, overhead: OVERHEAD });
    const first = await timed(() => fresh.render(ourTree(one), { budget }));
    const again = await timed(() => kept.render(ourTree(one), { budget }));
    const peerFirst = await timed(() => renderPeer(one, budget, memoised(counter)));
    const peerAgain = await timed(() => renderPeer(one, budget, known));
    ours = first.value.messages.map(textOf);
    peer = peerFirst.value.texts;
    // The first run fills the caches of the warm ones and warms the compiler.
    if (run === 0) continue;
    cold.ours.push(first.ms);
    warm.ours.push(again.ms);
    cold.peer.push(peerFirst.ms);
    warm.peer.push(peerAgain.ms);
  }
  // A render again takes a fraction of what a busy machine adds to some of them: the median needs more of them.
  for (let run = 0; run < 2 * runs; run++) {
    warm.ours.push((await timed(() => kept.render(ourTree(one), { budget }))).ms);
    warm.peer.push((await timed(() => renderPeer(one, budget, known))).ms);
  }
  const side = (texts: readonly string[], coldTimes: number[], warmTimes: number[]): Side => {
    const tokens = texts.reduce((sum, text) => sum + OVERHEAD.message + counter.count(text), 0);
    return {
      used: tokens / budget,
      weighted: weightKept(one, texts.join('\n'), counter),
      overBudget: tokens > budget,
      cold: median(coldTimes),
      warm: median(warmTimes),
    };
  };
  return { name: one.name, budget, ours: side(ours, cold.ours, warm.ours), peer: side(peer, cold.peer, warm.peer) };
}

/** Chunks are unique texts, so a chunk was kept when its text is in the output. A filling text counts by its kept lines. */
function weightKept(one: PeerCase, output: string, counter: TokenCounter): number {
  let all = 0;
  let kept = 0;
  for (const { chunks, fill } of one.messages) {
    for (const { priority, text } of chunks) {
      const weight = priority * counter.count(text);
      all += weight;
      if (output.includes(text.trim())) kept += weight;
    }
    if (!fill) continue;
    let start = 0;
    let common = 0;
    for (let end = fill.text.indexOf('\n') + 1; end > 0; end = fill.text.indexOf('\n', end) + 1) {
      if (!output.includes(fill.text.slice(0, end).trim())) break;
      common = end;
      start = end;
    }
    all += fill.priority * counter.count(fill.text);
    kept += start === 0 ? 0 : fill.priority * counter.count(fill.text.slice(0, common));
  }
  return kept / all;
}

function memoised(counter: TokenCounter): Pick<TokenCounter, 'count'> {
  const known = new Map<string, number>();
  return {
    count(text) {
      let tokens = known.get(text);
      if (tokens === undefined) {
        tokens = counter.count(text);
        known.set(text, tokens);
      }
      return tokens;
    },
  };
}

async function timed<T>(run: () => T | Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  const value = await run();
  return { value, ms: performance.now() - start };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

if (import.meta.main) {
  const files = readCorpus(new URL('../../..', import.meta.url).pathname, 600_000);
  const counter = await gptCounter('o200k');
  const results: Comparison[] = [];
  for (const one of peerCases(files)) {
    for (const budget of [2_000, 8_000, 32_000]) results.push(await compare(one, budget, counter, 5));
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2));
  else {
    console.log(
      '| tree | budget | used: ours | prompt-tsx | weighted: ours | prompt-tsx | cold: ours | prompt-tsx | again: ours | prompt-tsx |',
    );
    console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
    for (const { name, budget, ours, peer } of results) {
      const used = (side: Side): string => `${(side.used * 100).toFixed(1)} %${side.overBudget ? ' (over)' : ''}`;
      const weighted = (side: Side): string => `${(side.weighted * 100).toFixed(1)} %`;
      const ms = (value: number): string => `${value.toFixed(1)} ms`;
      console.log(
        `| ${name} | ${budget} | ${used(ours)} | ${used(peer)} | ${weighted(ours)} | ${weighted(peer)} | ${ms(ours.cold)} | ${ms(peer.cold)} | ${ms(ours.warm)} | ${ms(peer.warm)} |`,
      );
    }
  }
}
