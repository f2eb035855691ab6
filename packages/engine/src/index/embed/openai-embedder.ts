import type { Embedder } from '../parts.ts';
import { EmbedError } from './embed-error.ts';
import { requestVectors, type VectorRequest } from './openai-request.ts';

export interface OpenAiOptions {
  /** `http://localhost:11434/v1`, with or without `/embeddings` at its end. */
  readonly url: string;
  readonly model: string;
  /** Sent as a bearer token; never part of an error or of the id. */
  readonly key?: string;
  /** Length of a vector; asked of the server by one request where it is not told. */
  readonly dimensions?: number;
  /** Asks models that can for shorter vectors (`dimensions` of the request); needs `dimensions`. */
  readonly shorten?: boolean;
  /** Texts per request; 64 unless told. */
  readonly batch?: number;
  /** Longer texts are cut; 8,000 unless told. */
  readonly characters?: number;
  /** Requests under way at a time; 2 unless told. */
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  /** Milliseconds for one request; 60,000 unless told (a local server loads the model at the first one). */
  readonly timeout?: number;
  /** Attempts after the first; 5 unless told. */
  readonly retries?: number;
  /** What some models want before each text: `search_query: `, `query: `, ... */
  readonly prefixes?: { readonly query: string; readonly passage: string };
}

export interface OpenAiEffects {
  readonly fetch: typeof fetch;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Rejects with the signal's reason when it aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** Waits between attempts grow from the first to the last of these; a server that asks for longer than `patience` has failed. */
const WAIT = { first: 500, last: 30_000, patience: 120_000 } as const;
const SHORTEST_CUT = 500;

/**
 * Any OpenAI-compatible `/v1/embeddings` (Ollama, llama.cpp, vLLM, hosted). Asks the server for its vectors' length unless that is told.
 * @throws EmbedError where that fails; TypeError for an address that is none
 */
export async function openAiEmbedder(
  options: OpenAiOptions,
  effects: OpenAiEffects,
  signal?: AbortSignal,
): Promise<Embedder> {
  const address = endpointOf(options.url);
  const characters = options.characters ?? 8_000;
  const pace = paced(options, effects);
  const request: Omit<VectorRequest, 'texts'> = {
    address,
    model: options.model,
    key: options.key,
    dimensions: options.shorten ? options.dimensions : undefined,
    timeout: options.timeout ?? 60_000,
  };

  async function patiently(texts: readonly string[], signal: AbortSignal | undefined): Promise<Float32Array[]> {
    for (let attempt = 0; ; attempt++) {
      await pace.turn(signal);
      try {
        return await requestVectors({ ...request, texts }, effects.fetch, signal);
      } catch (error) {
        if (!(error instanceof EmbedError)) throw error;
        const smaller = smallerOf(error, texts);
        if (smaller) {
          const vectors: Float32Array[] = [];
          for (const part of smaller) vectors.push(...(await patiently(part, signal)));
          return vectors;
        }
        if (!error.isRetryable || attempt >= (options.retries ?? 5)) throw error;
        const wait = waitOf(error, attempt, effects.random);
        if (wait > WAIT.patience) throw error;
        if (error.failure === 'rate-limited') pace.hold(wait);
        else await effects.sleep(wait, signal);
      }
    }
  }

  const known = options.dimensions ?? (await patiently(['dimensions'], signal))[0]!.length;

  async function checked(texts: readonly string[], signal: AbortSignal | undefined): Promise<Float32Array[]> {
    const vectors = await patiently(texts, signal);
    const wrong = vectors.find((vector) => vector.length !== known);
    if (wrong)
      throw new EmbedError(
        'bad-answer',
        `${options.model} gave vectors of length ${wrong.length} where ${known} was expected: set the length in the settings, or build the index anew`,
      );
    return vectors;
  }

  const batch = options.batch ?? 64;
  const lanes = options.concurrency ?? 2;
  return {
    id: `openai/${new URL(address).host}/${options.model}/${known}`,
    dimensions: known,
    // So many that every lane has a request.
    limits: { batch: batch * lanes, characters },
    async embed(texts, kind, signal) {
      const prefix = options.prefixes?.[kind] ?? '';
      // An empty text is an error to most servers, half of a surrogate pair to their JSON parsers.
      const inputs = texts.map((text) => (prefix + text).slice(0, characters).toWellFormed() || ' ');
      const groups: string[][] = [];
      for (let at = 0; at < inputs.length; at += batch) groups.push(inputs.slice(at, at + batch));
      const answers = await inLanes(groups, lanes, signal, checked);
      return answers.flat();
    },
  };
}

/** The first failure ends the other lanes too. */
async function inLanes<In, Out>(
  items: readonly In[],
  lanes: number,
  signal: AbortSignal | undefined,
  work: (item: In, signal: AbortSignal) => Promise<Out>,
): Promise<Out[]> {
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const results: Out[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < items.length) {
      either.throwIfAborted();
      const index = next++;
      results[index] = await work(items[index]!, either);
    }
  }
  signal?.throwIfAborted();
  const running = Array.from({ length: Math.min(lanes, items.length) }, lane);
  try {
    await Promise.all(running);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(running);
    throw error;
  }
  return results;
}

/** One gate for all requests of an embedder: no more a minute than allowed, and none while the server has asked to wait. */
function paced(options: OpenAiOptions, { now, sleep }: OpenAiEffects) {
  const gap = options.requestsPerMinute === undefined ? 0 : 60_000 / options.requestsPerMinute;
  let free = Number.NEGATIVE_INFINITY;
  return {
    async turn(signal: AbortSignal | undefined): Promise<void> {
      signal?.throwIfAborted();
      for (;;) {
        const at = now();
        if (at >= free) {
          free = at + gap;
          return;
        }
        await sleep(free - at, signal);
      }
    },
    hold(ms: number): void {
      free = Math.max(free, now() + ms);
    },
  };
}

function waitOf(error: EmbedError, attempt: number, random: () => number): number {
  const asked = (error.cause as { retryAfter?: number } | undefined)?.retryAfter;
  // Full jitter (Brooker 2015), so that several processes do not come back at the same time.
  const grown = Math.min(WAIT.last, WAIT.first * 2 ** attempt) * (0.5 + 0.5 * random());
  return asked === undefined ? grown : Math.max(asked, grown);
}

/** Servers bound a request's size in ways that nobody can ask for: a batch that is refused is halved, a text that is refused alone is cut. */
function smallerOf(error: EmbedError, texts: readonly string[]): (readonly string[])[] | undefined {
  if (error.status !== 400 && error.status !== 413 && error.status !== 422) return undefined;
  if (texts.length > 1) {
    const half = Math.ceil(texts.length / 2);
    return [texts.slice(0, half), texts.slice(half)];
  }
  const text = texts[0]!;
  return text.length > SHORTEST_CUT ? [[text.slice(0, Math.floor(text.length / 2)).toWellFormed()]] : undefined;
}

function endpointOf(url: string): string {
  const parsed = new URL(url);
  if (!/^https?:$/.test(parsed.protocol)) throw new TypeError(`not an address of a server: ${parsed.protocol}`);
  parsed.pathname = parsed.pathname.replace(/\/+$/, '');
  if (!parsed.pathname.endsWith('/embeddings')) parsed.pathname += '/embeddings';
  return parsed.href;
}
