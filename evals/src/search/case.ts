import { z } from 'zod';

const SearchCase = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  query: z.string(),
  relevant: z.array(z.union([z.string(), z.number()]).transform(String)).min(1),
});
/** `relevant`: `path` or `path:start-end` below a root, or ids of a corpus. */
export type SearchCase = z.infer<typeof SearchCase>;

const CorpusText = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  text: z.string(),
  /** Optional: without it, the text is looked at. */
  language: z.string().optional(),
  /** Optional: where it lies, if its place is to be searched too. */
  path: z.string().optional(),
});
export type CorpusText = z.infer<typeof CorpusText>;

/** A file that is not what it should be; the message names the line. */
export class CaseFileError extends Error {
  override readonly name = 'CaseFileError';
}

/** @throws CaseFileError */
export const parseQueries = (text: string, name: string): SearchCase[] => parseLines(text, name, SearchCase);
/** @throws CaseFileError */
export const parseCorpus = (text: string, name: string): CorpusText[] => {
  const texts = parseLines(text, name, CorpusText);
  const ids = new Set<string>();
  for (const { id } of texts) {
    if (ids.has(id)) throw new CaseFileError(`${name}: the id ${id} is there twice`);
    ids.add(id);
  }
  return texts;
};

function parseLines<T>(text: string, name: string, shape: z.ZodType<T>): T[] {
  const items = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new CaseFileError(`${name}:${index + 1}: no JSON`, { cause: error });
    }
    const parsed = shape.safeParse(value);
    if (!parsed.success)
      throw new CaseFileError(
        `${name}:${index + 1}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
      );
    return [parsed.data];
  });
  if (items.length === 0) throw new CaseFileError(`${name}: is empty`);
  return items;
}
