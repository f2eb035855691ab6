import type { SearchResult } from '../code-index.ts';
import { termsOfWord, wordsOf } from '../lexical/terms.ts';
import type { Chunk, ReadFile } from '../parts.ts';
import type { ChunkRow } from '../store/file-row.ts';
import type { Candidate } from './candidates.ts';
import type { Catalog, CatalogFile } from './catalog.ts';
import { highlightsOf } from './highlights.ts';
import { nearlyEqual } from './near-duplicates.ts';
import type { ParsedQuery } from './query.ts';

export interface PresentOptions {
  readonly root: string;
  readonly query: ParsedQuery;
  readonly catalog: Catalog;
  readonly limit: number;
  /** As the disk has it now; `undefined` where it is gone. */
  readonly read: (path: string) => Promise<ReadFile | undefined>;
  readonly chunk: (file: {
    readonly path: string;
    readonly languageId: string;
    readonly text: string;
  }) => Promise<readonly Chunk[]>;
  /** Also shows what says the same as a better result. */
  readonly keepDuplicates?: boolean;
  readonly signal?: AbortSignal;
}

export interface Presented {
  readonly results: readonly SearchResult[];
  /** Files whose text is not the one that was indexed. */
  readonly changed: readonly string[];
}

/** Results of one file at most, so that one long file does not fill the list. */
const PER_FILE = 3;

/**
 * Makes results of candidates: each file is read and compared with what was indexed; where it has changed, it is chunked again and the candidate looked up
 * among the new chunks, or dropped. Phrases are checked against the text. What is nearly equal to a better result is named there instead (`also`).
 */
export async function present(candidates: readonly Candidate[], options: PresentOptions): Promise<Presented> {
  const { catalog, query, limit } = options;
  const files = new Map<string, Promise<FileNow | undefined>>();
  const perFile = new Map<string, number>();
  const taken: { chunk: ChunkRow; also: string[] }[] = [];
  const results: SearchResult[] = [];
  for (const candidate of candidates) {
    if (results.length >= limit) break;
    options.signal?.throwIfAborted();
    // Removed between the search and now.
    const file = catalog.fileAt(candidate.slot);
    const chunk = catalog.chunkAt(candidate.slot);
    if (file === undefined || chunk === undefined) continue;
    if ((perFile.get(file.path) ?? 0) >= PER_FILE) continue;
    const twin = options.keepDuplicates ? undefined : taken.find((other) => nearlyEqual(other.chunk, chunk));
    if (twin !== undefined) {
      if (twin.also.length < 5) twin.also.push(`${file.path}:${chunk.startLine}-${chunk.endLine}`);
      continue;
    }
    let now = files.get(file.path);
    if (now === undefined) {
      now = readNow(file, options);
      files.set(file.path, now);
    }
    const place = placeIn(await now, chunk, query);
    if (place === undefined) continue;
    // Two chunks of before may be one now.
    if (
      results.some(
        (other) => other.path === file.path && other.startLine === place.startLine && other.text === place.text,
      )
    )
      continue;
    const lower = place.text.toLowerCase();
    if (!query.phrases.every((phrase) => lower.includes(phrase.toLowerCase()))) continue;
    perFile.set(file.path, (perFile.get(file.path) ?? 0) + 1);
    const also: string[] = [];
    taken.push({ chunk, also });
    results.push({
      root: options.root,
      path: file.path,
      startLine: place.startLine,
      endLine: place.endLine,
      score: candidate.score,
      text: place.text,
      ...(place.symbol === undefined ? {} : { symbol: place.symbol }),
      language: file.language,
      highlights: highlightsOf(place.text, query),
      why: candidate.why,
    });
  }
  const withTwins = results.map((result, index) =>
    taken[index]!.also.length === 0 ? result : { ...result, why: { ...result.why, also: taken[index]!.also } },
  );
  const states = await Promise.all(
    [...files].map(async ([path, file]) => ((await file)?.state === 'same' ? [] : [path])),
  );
  return { results: withTwins, changed: states.flat() };
}

type FileNow =
  | { readonly state: 'same'; readonly text: string }
  | { readonly state: 'changed'; readonly text: string; readonly chunks: readonly Chunk[] };

async function readNow(file: CatalogFile, options: PresentOptions): Promise<FileNow | undefined> {
  const read = await options.read(file.path);
  if (read === undefined || 'skipped' in read) return undefined;
  if (read.hash === file.hash) return { state: 'same', text: read.text };
  return {
    state: 'changed',
    text: read.text,
    chunks: await options.chunk({ path: file.path, languageId: file.language, text: read.text }),
  };
}

interface Place {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  readonly symbol?: string | undefined;
}

function placeIn(now: FileNow | undefined, chunk: ChunkRow, query: ParsedQuery): Place | undefined {
  if (now === undefined) return undefined;
  if (now.state === 'same') return { ...pick(chunk), text: now.text.slice(chunk.start, chunk.end) };
  const found = sameChunk(now.chunks, chunk) ?? bestByWords(now.chunks, now.text, query);
  return found && { ...pick(found), text: now.text.slice(found.start, found.end) };
}

function pick({ startLine, endLine, symbol }: Pick<ChunkRow, 'startLine' | 'endLine' | 'symbol'>): Omit<Place, 'text'> {
  return { startLine, endLine, symbol };
}

/** What has the same symbol now; of several, the one whose lines have moved least. */
function sameChunk(chunks: readonly Chunk[], chunk: ChunkRow): Chunk | undefined {
  if (chunk.symbol === undefined) return undefined;
  return chunks
    .filter((other) => other.symbol === chunk.symbol)
    .sort((a, b) => Math.abs(a.startLine - chunk.startLine) - Math.abs(b.startLine - chunk.startLine))[0];
}

function bestByWords(chunks: readonly Chunk[], text: string, query: ParsedQuery): Chunk | undefined {
  const wanted = new Set(query.terms.map(({ term }) => term));
  let found: Chunk | undefined;
  let most = 0;
  for (const chunk of chunks) {
    const there = new Set<string>();
    for (const { terms } of wordsOf(text.slice(chunk.start, chunk.end)))
      for (const term of terms) if (wanted.has(term)) there.add(term);
    for (const term of termsOfWord(chunk.symbol ?? '')) if (wanted.has(term)) there.add(term);
    if (there.size > most) {
      most = there.size;
      found = chunk;
    }
  }
  return found;
}
