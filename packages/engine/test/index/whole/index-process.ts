/**
 * An engine's index as a process of its own, for tests that kill it: opens the folder of its arguments, takes a line of JSON for each question on
 * standard input and answers with one on standard output.
 */
import { createInterface } from 'node:readline';
import { openNodeIndex } from '../../../src/index/node-index.ts';

const { root, dataDir, follow } = JSON.parse(process.argv[2]!) as { root: string; dataDir: string; follow: boolean };
const problems: string[] = [];
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

const index = await openNodeIndex(
  { folders: [root], dataDir, embedding: { kind: 'none' }, follow },
  { env: process.env, onProblem: (message) => problems.push(message) },
);
say({ opened: index.status() });

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, text } = JSON.parse(line) as { ask: string; text: string };
  try {
    if (ask === 'sync') say(await index.sync());
    else if (ask === 'status') say({ ...index.status(), problems });
    else if (ask === 'grep') say((await index.grep({ pattern: text })).matches.map(({ path }) => path));
    else if (ask === 'search') say((await index.search({ text, mode: 'lexical' })).results.map(({ path }) => path));
    else break;
  } catch (error) {
    say({ error: (error as Error).message });
  }
}
await index.dispose();
say({ closed: true, problems });
process.exit(0);
