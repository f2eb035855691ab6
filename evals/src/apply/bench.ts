import { parseArgs } from 'node:util';
import { applyEdit, createApplyStream, createEditParser, type EditFormat } from '@tabstop/apply';
import { createPatch } from 'diff';
import { decimal, tableOf } from '../tab/table.ts';

const HELP = `Usage: npm run bench:apply [-- --rounds N]

Speed of placing one edit in every format in a file of 600 and of 20,000 lines, of a hunk that is nowhere, and of reading and placing a long
stream, in milliseconds of processor time. The median of N (9) rounds counts; one before them warms up.

Bars: 600 lines <= 10 ms, 20,000 lines <= 200 ms, a block in a stream four times as long costs at most twice as much. Exit code 3 where one is missed.
`;

/** Milliseconds for the median round; the share is of cost per block, long stream over short one. */
const BARS = { 600: 10, 20000: 200, streamShare: 2 } as const;
const STREAM_BLOCKS = [2000, 8000] as const;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, help: { type: 'boolean', default: false } },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = bench(Math.max(1, Number(values.rounds)));

function bench(rounds: number): number {
  const missed: string[] = [];
  const rows: string[][] = [];
  for (const count of [600, 20_000] as const) {
    const lines = documentOf(count);
    for (const [name, format, edit, wanted] of editsOf(lines)) {
      const original = `${lines.join('\n')}\n`;
      const result = applyEdit(original, edit, { format, path: 'src/a.ts' });
      if (result.complete !== wanted) throw new Error(`${name}, ${count} lines: ${JSON.stringify(result.hunks)}`);
      const ms = median(rounds, () => applyEdit(original, edit, { format, path: 'src/a.ts' }));
      if (ms > BARS[count]) missed.push(`${name}, ${count} lines: ${decimal(ms)} ms`);
      rows.push([name, String(count), decimal(ms), String(BARS[count])]);
    }
  }
  process.stdout.write(`${tableOf(['edit', 'lines', 'ms, median', 'bar, ms'], rows)}\n`);
  const streams: string[][] = [];
  for (const [name, run] of [
    ['parsed', parseStream],
    ['parsed and placed', placeStream],
  ] as const) {
    const [short, long] = STREAM_BLOCKS.map((blocks) => median(rounds, run(blocks)) / blocks) as [number, number];
    if (long / short > BARS.streamShare)
      missed.push(`stream ${name}: ${decimal(long / short)} times as much per block`);
    streams.push([name, decimal(short * 1000), decimal(long * 1000), decimal(long / short), String(BARS.streamShare)]);
  }
  const [few, many] = STREAM_BLOCKS;
  process.stdout.write(`${tableOf(['stream', `µs a block of ${few}`, `of ${many}`, 'share', 'bar'], streams)}\n`);
  for (const miss of missed) process.stderr.write(`bar missed: ${miss}\n`);
  return missed.length > 0 ? 3 : 0;
}

function median(rounds: number, run: () => unknown): number {
  const times: number[] = [];
  for (let i = 0; i <= rounds; i++) {
    // Processor time of this process, its compiler and collector threads too: other work on the machine is not measured.
    const started = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(started);
    times.push((user + system) / 1000);
  }
  const measured = times.slice(1).sort((a, b) => a - b);
  return measured[measured.length >> 1]!;
}

/** Functions of ten lines whose bodies resemble each other as those of real files do. */
function documentOf(count: number): string[] {
  const lines: string[] = [];
  for (let i = 0; lines.length < count; i++) {
    lines.push(
      `export function handle${i}(request: Request${i % 7}): Response {`,
      `  const name = request.header('x-name-${i}');`,
      '  if (name === undefined) {',
      `    throw new RequestError('no name', ${i});`,
      '  }',
      `  const items = store.list(name, { limit: ${i % 50} });`,
      '  for (const item of items) {',
      `    item.touch${i % 11}();`,
      '  }',
      '}',
    );
  }
  return lines.slice(0, count);
}

function editsOf(lines: readonly string[]): [name: string, format: EditFormat, edit: string, placed: boolean][] {
  const at = Math.floor(lines.length / 20) * 10;
  const old = lines.slice(at, at + 10);
  const changed = old.flatMap((line) => (line.includes('store.list') ? [line, '  audit(name, items);'] : [line]));
  const after = [...lines.slice(0, at), ...changed, ...lines.slice(at + 10)];
  const block = (from: readonly string[], to: readonly string[]) =>
    ['<<<<<<< SEARCH', ...from, '=======', ...to, '>>>>>>> REPLACE', ''].join('\n');
  const deeper = (of: readonly string[]) => of.map((line) => `    ${line}`);
  const patch = createPatch('src/a.ts', `${lines.join('\n')}\n`, `${after.join('\n')}\n`);
  return [
    ['search-replace', 'search-replace', block(old, changed), true],
    ['search-replace, other depth', 'search-replace', block(deeper(old), deeper(changed)), true],
    [
      'search-replace, nowhere',
      'search-replace',
      block(
        old.map((line) => `${line} // was`),
        changed,
      ),
      false,
    ],
    ['unified', 'unified', patch, true],
    ['string replace', 'str-replace', JSON.stringify({ old_str: old.join('\n'), new_str: changed.join('\n') }), true],
    ['lazy', 'lazy', ['// ... existing code ...', ...changed, '// ... existing code ...', ''].join('\n'), true],
    ['whole', 'whole', `${after.join('\n')}\n`, true],
  ];
}

/** A stream of blocks in pieces of 16 characters, each about another line of a document that has them all. */
function streamOf(blocks: number): { original: string; pieces: string[] } {
  const lines = documentOf(blocks * 10);
  const text = Array.from({ length: blocks }, (_, i) => {
    const line = lines[i * 10 + 1]!;
    return `<<<<<<< SEARCH\n${line}\n=======\n${line} // checked\n>>>>>>> REPLACE\n`;
  }).join('');
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += 16) pieces.push(text.slice(at, at + 16));
  return { original: `${lines.join('\n')}\n`, pieces };
}

function parseStream(blocks: number): () => void {
  const { pieces } = streamOf(blocks);
  return () => {
    const parser = createEditParser('auto');
    for (const piece of pieces) parser.push(piece);
    if (parser.end().files[0]?.hunks.length !== blocks) throw new Error('not every block was read');
  };
}

function placeStream(blocks: number): () => void {
  const { original, pieces } = streamOf(blocks);
  return () => {
    const stream = createApplyStream(new Map([['src/a.ts', original]]));
    for (const piece of pieces) stream.push(piece);
    const [file] = stream.progress();
    if (file?.changes.length !== blocks) throw new Error('not every block was placed');
  };
}
