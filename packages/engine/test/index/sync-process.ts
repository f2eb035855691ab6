/**
 * A process that indexes a folder: `node sync-process.ts FOLDER DATA`. Prints a line at each step of its work, then `done` and what it has; ends when its
 * standard input does.
 */
import { openNodeIndex } from '../../src/index/node-index.ts';

const [folder, dataDir] = process.argv.slice(2);
const index = await openNodeIndex(
  { folders: [folder!], dataDir: dataDir! },
  { env: process.env, onProblem: (message) => console.error(message) },
);
const { session } = index.roots[0]!;
// The steps after which something is on disk, told in the middle of the loop: this is where the process is to die.
for (const name of ['commit', 'addVectors'] as const) {
  const before = session[name].bind(session) as (...parameters: unknown[]) => void;
  session[name] = (...parameters: unknown[]) => {
    console.log(`before ${name}`);
    before(...parameters);
    console.log(name);
  };
}
console.log('open');
await index.sync();
const { files, chunks, embedded, follower } = index.status();
console.log(`done ${JSON.stringify({ files, chunks, embedded, follower })}`);
process.stdin.on('end', () => void index.dispose()).resume();
