import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkTerms } from '../../../src/index/lexical/fields.ts';
import { PostingsWriter } from '../../../src/index/lexical/postings.ts';
import { best, PLAIN, scoreTerms } from '../../../src/index/retrieve/bm25.ts';
import { Catalog } from '../../../src/index/retrieve/catalog.ts';

/** A catalog with a file for each text, and its postings. */
function indexOf(texts: readonly string[]) {
  const catalog = new Catalog();
  const writers = new Map<string, PostingsWriter>();
  for (const [id, text] of texts.entries()) {
    const { terms, length, simhash } = chunkTerms({ path: '', language: 'typescript', text });
    const chunk = { startLine: 1, endLine: 1, start: 0, end: text.length, kind: 'lines' as const, length, simhash };
    catalog.add({
      id,
      path: `f${String(id).padStart(3, '0')}`,
      hash: '',
      language: 'typescript',
      modified: 0,
      firstChunk: id,
      chunks: [chunk],
    });
    for (const [term, use] of terms) {
      if (!writers.has(term)) writers.set(term, new PostingsWriter());
      writers.get(term)!.add(id, use);
    }
  }
  return { catalog, postings: (term: string) => (writers.has(term) ? [writers.get(term)!.bytes()] : []) };
}

/** As in the books: Robertson and Zaragoza, with k1 1.2 and b .75. */
function bookScore(texts: readonly string[], query: readonly string[], at: number): number {
  const words = texts.map((text) => text.split(' ').filter(Boolean));
  const mean = words.reduce((sum, list) => sum + list.length, 0) / words.length;
  return query.reduce((score, term) => {
    const count = words[at]!.filter((word) => word === term).length;
    const having = words.filter((list) => list.includes(term)).length;
    const idf = Math.log(1 + (words.length - having + 0.5) / (having + 0.5));
    return score + (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * words[at]!.length) / Math.max(1, mean)));
  }, 0);
}

const word = fc.constantFrom('red', 'sun', 'map', 'key', 'fox');
const texts = fc.array(
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  { minLength: 1, maxLength: 20 },
);

test('scores are those of the books', () => {
  fc.assert(
    fc.property(texts, fc.uniqueArray(word, { minLength: 1, maxLength: 3 }), (all, query) => {
      const { catalog, postings } = indexOf(all);
      const { scores } = scoreTerms(
        query.map((term) => ({ term, weight: 1 })),
        postings,
        catalog,
        PLAIN,
      );
      for (const at of all.keys()) expect(scores[catalog.slotOf(at)]).toBeCloseTo(bookScore(all, query, at), 4);
    }),
    { seed: 71, numRuns: 300 },
  );
});

test('the best are those of a full sort', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 60 }), fc.nat(20), (values, limit) => {
      const { catalog } = indexOf(values.map(() => 'red'));
      const scores = Float32Array.from(values);
      const slots = values.map((_, slot) => slot);
      const sorted = [...slots].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, limit);
      expect(best([...slots].reverse(), scores, limit, catalog)).toEqual(sorted);
    }),
    { seed: 72, numRuns: 500 },
  );
});

test('a catalog is the same whatever came and went before', () => {
  const step = fc.record({ id: fc.nat(8), kind: fc.constantFrom('add', 'remove') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const catalog = new Catalog();
      catalog.useModel(2);
      let next = 0;
      const live = new Map<string, number>();
      for (const { id, kind } of steps) {
        const path = `f${id}`;
        if (kind === 'remove') {
          catalog.remove(live.get(path) ?? -1);
          live.delete(path);
          continue;
        }
        const chunks = Array.from({ length: id % 4 }, (_, at) => ({
          startLine: at,
          endLine: at,
          start: 0,
          end: 1,
          kind: 'lines' as const,
          length: at + 1,
          simhash: [0, 0] as const,
        }));
        live.set(path, next);
        catalog.add({ id: next, path, hash: '', language: '', modified: 0, firstChunk: next * 10, chunks });
        next++;
      }
      const files = [...live].map(([path]) => Number(path.slice(1)) % 4);
      expect(catalog.fileCount).toBe(live.size);
      expect(catalog.chunkCount).toBe(files.reduce((sum, count) => sum + count, 0));
      for (const [path, id] of live) {
        const file = catalog.file(path)!;
        expect(file.id).toBe(id);
        for (const [index, slot] of file.slots.entries()) {
          expect(catalog.slotOf(id * 10 + index)).toBe(slot);
          expect(catalog.fileAt(slot)).toBe(file);
          expect(catalog.lengthAt(slot)).toBe(index + 1);
          expect(catalog.hasVector(slot)).toBe(false);
        }
      }
    }),
    { seed: 73, numRuns: 300 },
  );
});
