/** Writes `count` vectors of a model named after the process into a cache, a few at a time, and reads back the other's as they come; for the test of several processes. */
import { rmSync } from 'node:fs';
import { openVectorCache } from '../../../src/index/embed/vector-cache.ts';

const [file, name, count] = process.argv.slice(2) as [string, string, string];
const cache = openVectorCache({
  file,
  now: Date.now,
  remove: (path) => rmSync(path, { force: true }),
  onProblem: (problem) => process.stdout.write(`${problem}\n`),
});
for (let at = 0; at < Number(count); at += 10) {
  const some = Array.from({ length: 10 }, (_, index) => at + index);
  cache.put(
    'shared',
    some.map((number) => [`${name}-${number}`, Float32Array.of(number, 1)] as const),
  );
  cache.put(
    'shared',
    some.map((number) => [`both-${number}`, Float32Array.of(number, 2)] as const),
  );
  cache.get(
    'shared',
    some.map((number) => `both-${number}`),
  );
}
cache.close();
