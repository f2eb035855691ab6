import { z } from 'zod';
import { afterEvents, type Documents, documentsOf } from './documents.ts';
import { EditError } from './edits.ts';

const EditShape = z.tuple([z.number().int(), z.number().int(), z.string()]);
export const EventShape = z.object({ path: z.string().min(1), edits: z.array(EditShape) });
export const DocumentShape = z.object({ path: z.string().min(1), text: z.string() });

const CaseShape = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  documents: z.array(DocumentShape),
  events: z.array(EventShape).default([]),
  cursor: z.object({ path: z.string().min(1), offset: z.number().int().nonnegative() }),
  root: z.string().optional(),
  max: z.number().int().positive().optional(),
  /** Any of these outcomes is right; none at all (`[]`) says that silence is; without it the case is timed but not scored. */
  accept: z.array(z.array(EventShape)).optional(),
  /** What the case is about (`next-edit`, `completion`), for the break-down. */
  kind: z.string().optional(),
});
export type Case = z.output<typeof CaseShape>;

/** A line of the input that is no case, and why; the others are still run. */
export interface LineProblem {
  /** One-based. */
  readonly line: number;
  readonly message: string;
}

/** Reads JSON lines. Empty lines are skipped; a byte order mark is dropped. */
export function parseCases(text: string): {
  readonly cases: readonly Case[];
  readonly problems: readonly LineProblem[];
} {
  const cases: Case[] = [];
  const problems: LineProblem[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const parsed = parseJson(CaseShape, line);
    const message = 'problem' in parsed ? parsed.problem : problemOf(parsed.value);
    if (message !== undefined) problems.push({ line: index + 1, message });
    else if ('value' in parsed) cases.push(parsed.value);
  }
  return { cases, problems };
}

/** What the engine may see of a case: all but the answers. */
export function questionOf(one: Case): object {
  const { id, documents, events, cursor, root, max } = one;
  return { id, documents, events, cursor, ...(root === undefined ? {} : { root }), max: max ?? 3 };
}

/** The texts the suggestions are relative to. */
export function textsOf(one: Case, elsewhere: (path: string) => string | undefined = () => undefined): Documents {
  return afterEvents(documentsOf(one.documents), one.events, elsewhere);
}

/** Parses and checks one JSON text against a shape; the problem names the place in it. */
export function parseJson<T>(shape: z.ZodType<T>, text: string): { readonly value: T } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `not JSON: ${(error as Error).message}` };
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not of the expected shape'}` };
}

/** Events on files under the root cannot be checked without reading them: that is left to the run. */
function problemOf(one: Case): string | undefined {
  try {
    const given = documentsOf(one.documents);
    const texts = afterEvents(
      given,
      one.root === undefined ? one.events : one.events.filter(({ path }) => given.has(path)),
    );
    const length = texts.get(one.cursor.path)?.length;
    if (length !== undefined && one.cursor.offset > length)
      return `cursor at ${one.cursor.offset} is outside ${one.cursor.path}, which has ${length} code units after the events`;
    return undefined;
  } catch (error) {
    if (error instanceof EditError) return error.message;
    throw error;
  }
}
