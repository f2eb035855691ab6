import {
  type Block,
  type Chunk,
  type ChunkSteps,
  type Leaf,
  pathOf,
  stablePart,
  type TextLeaf,
  type TextRun,
} from './layout.ts';
import { compareLevels, type Level, newLevel, type RankedLevel, REQUIRED } from './level.ts';
import { isBorderCut, type TextCount, type TextCounts } from './text-count.ts';

/** Leaves of a chunk at most. Measured on 15,000 lines: 32 to 128 are about the same. */
const MOST = 128;

export function chunksOf(block: Block, counts: TextCounts): readonly Chunk[] {
  if (block.chunks !== null) return block.chunks;
  const { leaves } = block;
  const chunks: Chunk[] = [];
  for (let start = 0; start < leaves.length; ) {
    let end = start + 1;
    while (end < leaves.length && end - start < MOST && leaves[end]!.message === leaves[start]!.message) end += 1;
    chunks.push(newChunk(leaves.slice(start, end), counts));
    start = end;
  }
  block.chunks = chunks;
  return chunks;
}

/** The content of a chunk as one piece of text; null where it is more than text, the leaves when it is first asked for. */
export function runOf(chunk: Chunk): TextRun | null {
  if (chunk.run !== undefined) return chunk.run;
  if (!chunk.written) {
    chunk.written = true;
    return null;
  }
  chunk.run = textRun(chunk.content);
  return chunk.run;
}

/** What `chunk` costs at least at a level, whatever stands beside it. Falls as the level rises. */
export function leastAt(chunk: Chunk, level: Level): number {
  if (compareLevels(level, chunk.floor) <= 0) return chunk.least;
  if (compareLevels(level, chunk.ceiling) > 0) return 0;
  const { uptos, leastFrom } = stepsOf(chunk);
  return leastFrom[firstNotBelow(uptos, level)]!;
}

/** Index of the first of ascending `levels` that is not below `level`; their number if all are. */
export function firstNotBelow(levels: readonly Level[], level: Level): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareLevels(levels[middle]!, level) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a leaf costs at least beside whatever neighbours: a text what is between its cuts. */
function leastOf(leaf: Leaf): number {
  if (leaf.kind === 'text') return leaf.count.middleTokens;
  return leaf.kind === 'break' ? 0 : leaf.cost;
}

function newChunk(leaves: readonly Leaf[], counts: TextCounts): Chunk {
  let floor: Level = leaves[0]!.upto;
  let ceiling: Level = floor;
  let fallbacks = false;
  for (const { upto, above } of leaves) {
    if (compareLevels(upto, floor) < 0) floor = upto;
    if (compareLevels(upto, ceiling) > 0) ceiling = upto;
    if (above === null) continue;
    fallbacks = true;
    if (compareLevels(above, floor) < 0) floor = above;
  }
  const content = fallbacks ? leaves.filter((leaf) => leaf.above === null) : leaves;
  const joined = join(content, counts);
  const least = joined.reduce((sum, leaf) => sum + leastOf(leaf), 0);
  return { leaves, floor, ceiling, content, joined, least, steps: null, run: undefined, written: false };
}

/** What changes in a chunk between its floor and its ceiling. Most chunks are never looked at there. */
export function stepsOf(chunk: Chunk): ChunkSteps {
  if (chunk.steps !== null) return chunk.steps;
  const levels: Level[] = [];
  for (const { upto, above } of chunk.leaves) {
    levels.push(upto);
    if (above !== null) levels.push(above);
  }
  levels.sort(compareLevels);
  const sorted = [...chunk.content].sort((a, b) => compareLevels(a.upto, b.upto));
  const leastFrom = new Float64Array(sorted.length + 1);
  for (let i = sorted.length - 1; i >= 0; i--) leastFrom[i] = leastFrom[i + 1]! + leastOf(sorted[i]!);
  chunk.steps = { levels, uptos: sorted.map((leaf) => leaf.upto), leastFrom };
  return chunk.steps;
}

/**
 * Puts all from the first text that has a cut to the last one into one leaf: the head of the first and the tail of the
 * last are what neighbours may join, all between is counted.
 */
function join(content: readonly Leaf[], counts: TextCounts): readonly Leaf[] {
  const first = content.findIndex(hasCut);
  const last = content.findLastIndex(hasCut);
  if (first === last || content.some((leaf) => leaf.kind === 'block')) return content;
  const left = content[first] as TextLeaf;
  const right = content[last] as TextLeaf;
  let tokens = left.count.middleTokens + right.count.middleTokens;
  let run = left.count.tail;
  let known = left.count.tailTokens;
  let before: TextLeaf | null = left;
  const flush = (): void => {
    if (run !== '') tokens += known >= 0 ? known : counts.join(run);
    run = '';
  };
  const append = (text: string, alone: number): void => {
    known = run === '' ? alone : -1;
    run = run === '' ? text : run + text;
  };
  for (let at = first + 1; at <= last; at++) {
    const leaf = content[at]!;
    if (leaf.kind !== 'text') {
      tokens += leastOf(leaf);
      // What stands in no place between texts keeps them not apart.
      if (leaf.kind === 'empty' || leaf.kind === 'tool') continue;
      flush();
      before = null;
      continue;
    }
    const { count } = leaf;
    if (before !== null && isBorderCut(before.count, count)) flush();
    append(count.head, count.headTokens);
    if (at === last) break;
    if (!count.solid) {
      tokens += count.middleTokens;
      flush();
      append(count.tail, count.tailTokens);
    }
    before = leaf;
  }
  flush();
  const { message, part } = left;
  const count = joinedCount(left.count, right.count, tokens);
  const whole: TextLeaf = {
    kind: 'text',
    count,
    source: undefined,
    upto: alwaysThere(),
    above: null,
    message,
    part,
    role: 'content',
  };
  return [...content.slice(0, first), whole, ...content.slice(last + 1)];
}

function textRun(content: readonly Leaf[]): TextRun | null {
  const [first] = content;
  if (first === undefined || !content.every((leaf) => leaf.kind === 'text' && stablePart(leaf.part) === null))
    return null;
  const leaves = content as readonly TextLeaf[];
  let text = '';
  const ends = leaves.map((leaf) => {
    text += leaf.count.text;
    return text.length;
  });
  return {
    kind: 'run',
    part: first.part,
    message: first.message,
    text,
    ends,
    paths: leaves.map((leaf) => pathOf(leaf.part)),
    sources: leaves.map((leaf) => leaf.source),
  };
}

function joinedCount(left: TextCount, right: TextCount, middleTokens: number): TextCount {
  const { head, headTokens, begins, opens } = left;
  const { tail, tailTokens, ends } = right;
  const total = headTokens + middleTokens + tailTokens;
  return { text: '', solid: false, head, headTokens, middleTokens, tail, tailTokens, total, begins, ends, opens };
}

function hasCut(leaf: Leaf): boolean {
  return leaf.kind === 'text' && !leaf.count.solid;
}

/** A level object of its own: leaves of one chunk are ranked in many searches. */
function alwaysThere(): RankedLevel {
  return newLevel(REQUIRED.priority, REQUIRED.step);
}
