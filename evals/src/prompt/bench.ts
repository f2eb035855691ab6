/** `node evals/src/prompt/bench.ts [--json]`: what rendering costs. The bars: 5 ms again, 150 ms cold beyond tokenising. */
import { gptCounter } from '@tabstop/prompt';
import { readCorpus } from './corpus.ts';
import { measureSpeed, speedCases } from './speed.ts';

const BUDGET = 100_000;
const files = readCorpus(new URL('../../..', import.meta.url).pathname, 700_000);
const counter = await gptCounter('o200k');
const results = speedCases(files).map((one) => measureSpeed(one, counter, BUDGET));
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2));
else {
  console.log(
    `| prompt (budget ${BUDGET} tokens, o200k) | tokens | leaves | cold beyond tokenising | tokenising | again, least | median | worst of 60 | processor time, mean | worst |`,
  );
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
  for (const {
    name,
    tokens,
    leaves,
    cold,
    coldTokenising,
    rerenderLeast,
    rerenderMedian,
    rerenderWorst,
    ...cpu
  } of results) {
    const ms = (value: number): string => `${value.toFixed(1)} ms`;
    console.log(
      `| ${name} | ${tokens} | ${leaves} | ${ms(cold - coldTokenising)} | ${ms(coldTokenising)} | ${ms(rerenderLeast)} | ${ms(rerenderMedian)} | ${ms(rerenderWorst)} | ${ms(cpu.rerenderCpu)} | ${ms(cpu.rerenderCpuWorst)} |`,
    );
  }
}
