import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MODEL_FILE, readShippedModel, readShippedModelHeader } from '../../../src/index/embed/model-file.ts';
import { embedFunction } from '../../../src/index/embed/static-embedder.ts';

const model = await readShippedModel();
const embed = embedFunction(model);

/** Questions and the code that answers them, in other words. */
const ANSWERS: readonly (readonly [question: string, code: string])[] = [
  [
    'delete a folder',
    'def rmtree(path):\n    for name in os.listdir(path):\n        os.unlink(os.path.join(path, name))\n    os.rmdir(path)',
  ],
  [
    'download a web page',
    'def get(url):\n    response = requests.get(url)\n    response.raise_for_status()\n    return response.text',
  ],
  [
    'where do we wait and try again',
    'async function withRetry(task) {\n  for (let attempt = 0; ; attempt++) {\n    try { return await task(); }\n    catch { await sleep(2 ** attempt * 100); }\n  }\n}',
  ],
  [
    'compute the average',
    'func mean(values []float64) float64 {\n\tsum := 0.0\n\tfor _, v := range values { sum += v }\n\treturn sum / float64(len(values))\n}',
  ],
  [
    'parse command line options',
    'def main():\n    parser = argparse.ArgumentParser()\n    parser.add_argument("--verbose", action="store_true")\n    args = parser.parse_args()',
  ],
  [
    'hash a password',
    'def digest(secret, salt):\n    return hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, 100000)',
  ],
  [
    'convert text to lower case',
    'fn lowercase(s: &str) -> String {\n    s.chars().map(|c| c.to_ascii_lowercase()).collect()\n}',
  ],
  [
    'draw a chart',
    'def show(xs, ys):\n    fig, ax = plt.subplots()\n    ax.plot(xs, ys)\n    ax.set_xlabel("x")\n    fig.savefig("out.png")',
  ],
];

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

describe('the model that ships', () => {
  test('is small, of the length that the index expects, and known by its content', () => {
    expect(statSync(new URL(`../../../src/index/embed/${MODEL_FILE}`, import.meta.url)).size).toBeLessThan(20_000_000);
    expect(model.dimensions).toBe(256);
    expect(model.id).toMatch(/^static-1\.2-[0-9a-f]{8}$/);
  });

  test('finds what a question means: the answer is the nearest of all for at least seven of eight', () => {
    const passages = ANSWERS.map(([, code]) => embed(code, 'passage'));
    const found = ANSWERS.map(([question], index) => {
      const scores = passages.map((passage) => dot(embed(question, 'query'), passage));
      return scores.indexOf(Math.max(...scores)) === index ? undefined : question;
    });
    expect(
      found.filter((question) => question !== undefined).length,
      `missed: ${found.join(' | ')}`,
    ).toBeLessThanOrEqual(1);
  });

  test('words around a question as people ask change little', () => {
    const plain = embed('retry an upload', 'query');
    for (const asked of ['how to retry an upload', 'where do we retry an upload', 'python retry an upload'])
      expect(dot(plain, embed(asked, 'query'))).toBeGreaterThan(0.75);
  });
});

test('its header says what it is without the rest being read', async () => {
  expect(await readShippedModelHeader()).toEqual({ id: model.id, dimensions: model.dimensions });
});
