/**
 * The index that `bench-grep.ts` asks, made in a process of its own: a command that is started by a process of 500 MB takes 10 ms longer than by a shell,
 * for copying the tables of its memory. Parameters: the tree and the folder of the index. Sends what it took, then follows the tree when it is told to.
 */
import { performance } from 'node:perf_hooks';
import { followerAddress, serveFollower } from '../../../packages/engine/src/index/grep/follower.ts';
import { nodeGramDisk } from '../../../packages/engine/src/index/grep/gram-disk.ts';
import { openLiveGrams } from '../../../packages/engine/src/index/grep/live-grams.ts';
import { nodeGrepEffects } from '../../../packages/engine/src/index/grep/node-grep.ts';
import { nodeTreeEffects } from '../../../packages/engine/src/index/tree/node-effects.ts';
import { openFolderTree } from '../../../packages/engine/src/index/tree/open-tree.ts';

export interface IndexMade {
  /** Milliseconds. */
  readonly mirrored: number;
  readonly again: number;
  readonly built: number;
  readonly longest: number;
  readonly files: number;
  /** Bytes: of the files, of the index, of this process. */
  readonly bytes: number;
  readonly indexBytes: number;
  readonly memory: number;
}

const [root, state] = process.argv.slice(2) as [string, string];
const { effects } = nodeGrepEffects(root, process.env);
const tree = await openFolderTree({ root, stateDir: state, effects: nodeTreeEffects({ env: process.env }) });
let longest = 0;
let turned = performance.now();
const live = openLiveGrams({
  tree,
  disk: nodeGramDisk(state),
  mayWrite: () => true,
  mayClear: () => true,
  readFile: effects.readFile,
  effects,
  now: effects.now,
  wallClock: effects.wallClock,
  async turn() {
    longest = Math.max(longest, performance.now() - turned);
    await new Promise((resolve) => setImmediate(resolve));
    turned = performance.now();
  },
  after: () => () => {},
  onProblem: (message) => process.stderr.write(`${message}\n`),
});

const mirrored = await took(() => live.tree.reconcile());
const again = await took(() => live.tree.reconcile());
turned = performance.now();
const built = await took(() => live.sync());
const files = [...tree.files()];
process.send!({
  mirrored,
  again,
  built,
  longest,
  files: files.length,
  bytes: files.reduce((sum, { size }) => sum + size, 0),
  indexBytes: live.bytes(),
  memory: process.memoryUsage().rss,
} satisfies IndexMade);

process.once('message', async () => {
  const unwatch = await live.tree.watch(() => {});
  const stop = await serveFollower(followerAddress(state, process.platform)!, () => live.followed());
  process.send!('follows');
  process.once('disconnect', async () => {
    await stop?.();
    await unwatch();
    await live.dispose();
  });
});

async function took(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
