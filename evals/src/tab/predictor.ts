import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { parseJson } from './case.ts';

const SuggestionShape = z.object({
  path: z.string(),
  edits: z.array(z.tuple([z.number().int(), z.number().int(), z.string()])),
  source: z.string().default('?'),
  confidence: z.number().default(0),
  shown: z.boolean().default(true),
});
export type Suggestion = z.output<typeof SuggestionShape>;

const AnswerShape = z.object({
  id: z.union([z.string(), z.number()]).transform(String).nullish(),
  suggestions: z.array(SuggestionShape).default([]),
  ms: z.number().nonnegative().optional(),
  error: z.string().optional(),
});

export interface Answer {
  readonly suggestions: readonly Suggestion[];
  /** As the engine says; milliseconds. */
  readonly ms: number | undefined;
  /** From the question being written to the answer being read, with the JSON of both; milliseconds. */
  readonly wallMs: number;
  readonly error: string | undefined;
}

/** The command could not be started, died, said what is no answer, or did not answer in time. */
export class PredictorError extends Error {
  override readonly name = 'PredictorError';
}

export interface Predictor {
  /** One question at a time, so that no latency holds another's wait. @throws PredictorError */
  ask(question: object): Promise<Answer>;
  close(): Promise<void>;
}

/** Talks JSON lines to a started `tabstop predict --jsonl`. `now` in milliseconds. */
export function predictorOf(
  child: ChildProcessWithoutNullStreams,
  { now, timeoutMs = 120_000 }: { readonly now: () => number; readonly timeoutMs?: number },
): Predictor {
  let waiting: { resolve(line: string): void; reject(error: PredictorError): void } | undefined;
  let failed: PredictorError | undefined;
  let complaints = '';
  const fail = (message: string) => {
    failed ??= new PredictorError(complaints.trim() === '' ? message : `${message}\n${complaints.trim()}`);
    waiting?.reject(failed);
    waiting = undefined;
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  const closed = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      fail(`cannot start the predictor: ${error.message}`);
      resolve();
    });
    child.once('close', (code, signal) => {
      fail(`the predictor ended (${signal ?? `exit code ${code}`})`);
      resolve();
    });
  });
  // A write to a process that just died is told by `close`; without a listener it would end this process.
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (waiting === undefined) return fail(`an answer that was not asked for: ${line.slice(0, 200)}`);
    waiting.resolve(line);
    waiting = undefined;
  });

  return {
    async ask(question) {
      if (failed) throw failed;
      if (waiting) throw new PredictorError('asked before the last answer came');
      const started = now();
      let timer: NodeJS.Timeout | undefined;
      const line = await new Promise<string>((resolve, reject) => {
        waiting = { resolve, reject };
        timer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
        child.stdin.write(`${JSON.stringify(question)}\n`);
      }).finally(() => clearTimeout(timer));
      const wallMs = now() - started;
      const parsed = parseJson(AnswerShape, line);
      if ('problem' in parsed)
        throw new PredictorError(`an answer that is none (${parsed.problem}): ${line.slice(0, 200)}`);
      const { suggestions, ms, error } = parsed.value;
      return { suggestions, ms, wallMs, error };
    },
    async close() {
      child.stdin.end();
      const kill = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await closed;
      clearTimeout(kill);
    },
  };
}
