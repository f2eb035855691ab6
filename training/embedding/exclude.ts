import { eachWord } from '../../packages/engine/src/index/embed/words.ts';

/** Tells whether a function is one of `texts`, or a copy with few words changed: over half of its runs of five words occur in one of them. */
export function excluder(texts: readonly string[]): (code: string) => boolean {
  if (texts.length === 0) return () => false;
  const owners = new Map<number, number[]>();
  for (const [owner, text] of texts.entries())
    for (const shingle of new Set(shinglesOf(text))) {
      const list = owners.get(shingle);
      if (list) list.push(owner);
      else owners.set(shingle, [owner]);
    }
  return (code) => {
    const shingles = shinglesOf(code);
    const shared = new Map<number, number>();
    for (const shingle of shingles)
      for (const owner of owners.get(shingle) ?? []) shared.set(owner, (shared.get(owner) ?? 0) + 1);
    for (const count of shared.values()) if (count > 0.5 * shingles.length) return true;
    return false;
  };
}

/** Hashes of the runs of five words, operators left out. */
function shinglesOf(text: string): number[] {
  const hashes: number[] = [];
  const shingles: number[] = [];
  eachWord(text, (word) => {
    const first = word.charCodeAt(0);
    if (first < 48 || (first > 57 && first < 97)) return;
    let hash = 0x811c9dc5;
    for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
    hashes.push(hash);
    if (hashes.length < 5) return;
    let shingle = 0;
    for (let index = hashes.length - 5; index < hashes.length; index++)
      shingle = Math.imul(shingle ^ hashes[index]!, 0x5bd1e995) ^ (shingle >>> 13);
    shingles.push(shingle);
  });
  return shingles;
}
