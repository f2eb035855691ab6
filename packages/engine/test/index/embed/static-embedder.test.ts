import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createStaticEmbedder, embedFunction, loadedLater } from '../../../src/index/embed/static-embedder.ts';
import {
  decodeStaticModel,
  encodeStaticModel,
  ModelFileError,
  PLACES,
  placeOf,
  type StaticModel,
  staticModelHeader,
  untrainedModel,
} from '../../../src/index/embed/static-model.ts';
import { createTokenizer } from '../../../src/index/embed/tokenizer.ts';

// Many runs, on machines that may be ten times as slow.
vi.setConfig({ testTimeout: 300_000 });

/** Two dimensions, so that directions can be read off: `read` and `load` point one way, `write` the other; `the` weighs nothing in a query. */
function tinyModel(): Omit<StaticModel, 'id'> {
  const tokens = ['read', 'load', 'write', 'the', 'fi', 'le'];
  const directions = [
    [100, 0],
    [90, 10],
    [0, 100],
    [60, 60],
    [50, -50],
    [-50, 50],
  ];
  const rows = tokens.length + 2;
  return {
    dimensions: 2,
    tokens: new Map(tokens.map((token, row) => [token, row])),
    hashedRows: 2,
    vectors: Int8Array.from([...directions.flat(), 10, 20, 30, 40]),
    queryScales: Float32Array.from({ length: rows }, (_, row) => (row === 3 ? 0 : 0.01)),
    passageScales: new Float32Array(rows).fill(0.01),
    queryPlaces: new Float32Array(PLACES).fill(1),
    passagePlaces: Float32Array.from({ length: PLACES }, (_, place) => (place === 0 ? 4 : 1)),
  };
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

describe('a text to its vector', () => {
  const embed = embedFunction({ id: 'tiny', ...tinyModel() });

  test('words of like meaning are near, others are not', () => {
    expect(dot(embed('read', 'query'), embed('load', 'passage'))).toBeGreaterThan(0.99);
    expect(dot(embed('read', 'query'), embed('write', 'passage'))).toBeLessThan(0.01);
  });

  test('each side has weights of its own', () => {
    expect(embed('the read', 'query')).toEqual(embed('read', 'query'));
    expect(embed('the read', 'passage')).not.toEqual(embed('read', 'passage'));
  });

  test('what a passage begins with says more', () => {
    const early = embed('read, aa, aa, aa, aa, write', 'passage');
    const late = embed('write, aa, aa, aa, aa, read', 'passage');
    expect(early[0]).toBeGreaterThan(late[0]!);
  });

  test('a word that is in no vocabulary is put together from pieces, else it takes a hashed row; always the same', () => {
    expect([...createTokenizer(tinyModel().tokens, 2).count('File').rows.slice(0, 2)]).toEqual([4, 5]);
    expect(createTokenizer(tinyModel().tokens, 2).count('zzz').rows[0]).toBeGreaterThanOrEqual(6);
    expect(embed('zzz', 'query')).toEqual(embed('zzz', 'query'));
  });

  test('a text without words is the zero vector', () => {
    expect([...embed(' ,;. ', 'query')]).toEqual([0, 0]);
  });

  test('any text gives a unit vector or zero, and no text changes the next one', () => {
    const before = embed('read the file', 'passage');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 3_000 }),
        fc.constantFrom('query', 'passage'),
        (text, kind) => {
          const vector = embed(text, kind);
          const length = Math.sqrt(dot(vector, vector));
          expect(length === 0 || Math.abs(length - 1) < 1e-4).toBe(true);
          expect(embed('read the file', 'passage')).toEqual(before);
        },
      ),
      { seed: 20_268, numRuns: 200 },
    );
  });

  test('a text of a million words counts its beginning alone', () => {
    const text = 'read '.repeat(5_000);
    expect(embed(text + 'write '.repeat(1_000_000), 'passage')).toEqual(embed(text, 'passage'));
  });
});

test('places double in length', () => {
  expect([0, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 4_095].map(placeOf)).toEqual([
    0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7,
  ]);
});

describe('the embedder', () => {
  test('answers in order, and pauses between slices of a long batch', async () => {
    let pauses = 0;
    const embedder = createStaticEmbedder(
      { id: 'tiny', ...tinyModel() },
      {
        pause: async () => {
          pauses++;
        },
      },
    );
    const texts = Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? 'read' : 'write'));
    const vectors = await embedder.embed(texts, 'passage');
    expect(vectors.map(([x]) => Math.round(x!))).toEqual(texts.map((text) => (text === 'read' ? 1 : 0)));
    expect(pauses).toBe(9);
  });

  test('stops between slices when it is told to', async () => {
    const stop = new AbortController();
    const embedder = createStaticEmbedder(untrainedModel(8, 16), {
      pause: async () => stop.abort(new Error('enough')),
    });
    await expect(embedder.embed(Array(1_000).fill('a'), 'passage', stop.signal)).rejects.toThrow('enough');
    await expect(embedder.embed(['a'], 'passage', stop.signal)).rejects.toThrow('enough');
  });

  test('without training it is a bag of words: more shared words are nearer', async () => {
    const embedder = createStaticEmbedder(untrainedModel());
    const [query] = await embedder.embed(['retry the upload'], 'query');
    const [near, far] = await embedder.embed(['function retryUpload(file)', 'function parseDate(text)'], 'passage');
    expect(dot(query!, near!)).toBeGreaterThan(dot(query!, far!) + 0.2);
  });
});

describe('a model that is read when it is needed', () => {
  const whole: StaticModel = { id: 'tiny', ...tinyModel() };

  test('is read once, with the first text, and answers as the model does', async () => {
    const load = vi.fn(async () => whole);
    const later = loadedLater(whole, load);
    const now = createStaticEmbedder(whole);
    expect({ id: later.id, dimensions: later.dimensions, limits: later.limits }).toEqual({
      id: now.id,
      dimensions: now.dimensions,
      limits: now.limits,
    });
    expect(load).not.toHaveBeenCalled();
    const both = await Promise.all([later.embed(['read', 'write'], 'query'), later.embed(['load'], 'passage')]);
    expect(both).toEqual([await now.embed(['read', 'write'], 'query'), await now.embed(['load'], 'passage')]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('is read again after it could not be', async () => {
    const load = vi.fn(async () => whole).mockRejectedValueOnce(new ModelFileError('damaged'));
    const later = loadedLater(whole, load);
    await expect(later.embed(['read'], 'query')).rejects.toThrow(ModelFileError);
    await expect(later.embed(['read'], 'query')).resolves.toHaveLength(1);
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe('the file of a model', () => {
  const bytes = encodeStaticModel(tinyModel());

  test('gives back what was written', () => {
    const { id, ...model } = decodeStaticModel(bytes);
    expect(model).toEqual(tinyModel());
    expect(id).toMatch(/^static-1\.2-[0-9a-f]{8}$/);
    expect(staticModelHeader(bytes.subarray(0, 32))).toEqual({ id, dimensions: 2 });
  });

  test('has another id when anything in it is another', () => {
    const other = tinyModel();
    other.queryScales[0] = 0.5;
    expect(decodeStaticModel(encodeStaticModel(other)).id).not.toBe(decodeStaticModel(bytes).id);
  });

  test('may lie anywhere in a buffer', () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeStaticModel(shifted.subarray(3)).vectors).toEqual(tinyModel().vectors);
  });

  test('of another format is refused with both numbers', () => {
    const newer = Uint8Array.from(bytes);
    newer[4] = 9;
    expect(() => decodeStaticModel(newer)).toThrow('format 9, this version reads format 1');
    expect(() => staticModelHeader(newer)).toThrow('format 9, this version reads format 1');
    expect(() => staticModelHeader(bytes.subarray(0, 20))).toThrow(ModelFileError);
  });

  test('with any byte changed, or cut off anywhere, is refused', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, by, cut) => {
        const broken = cut ? bytes.slice(0, at) : Uint8Array.from(bytes);
        if (!cut) broken[at] = (broken[at]! + by) % 256;
        // Bytes 28 to 31 of the header are not used.
        if (!cut && at >= 28 && at < 32) return;
        expect(() => decodeStaticModel(broken)).toThrow(ModelFileError);
      }),
      { seed: 20_269, numRuns: 400 },
    );
  });
});
