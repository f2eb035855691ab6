import { z } from 'zod';
import { EmbedError } from './embed-error.ts';

export interface VectorRequest {
  readonly address: string;
  readonly model: string;
  readonly key: string | undefined;
  readonly dimensions: number | undefined;
  /** Milliseconds until the whole answer is there. */
  readonly timeout: number;
  readonly texts: readonly string[];
}

const ANSWER = z.object({
  data: z.array(
    z.object({
      index: z.number().int().nonnegative().optional(),
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
});

/** One request, no second attempt. Unit vectors in the order of the texts. @throws EmbedError, or the signal's reason */
export async function requestVectors(
  request: VectorRequest,
  fetchIt: typeof fetch,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const { address, model, key, dimensions, timeout, texts } = request;
  const late = AbortSignal.timeout(timeout);
  const host = new URL(address).host;
  let response: Response;
  let body: string;
  try {
    response = await fetchIt(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({
        model,
        input: texts,
        encoding_format: 'float',
        ...(dimensions === undefined ? {} : { dimensions }),
      }),
      // A redirect would carry the key, and the user's code, to a place that the user did not name.
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    body = await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    if (late.aborted)
      throw new EmbedError(
        'timeout',
        `${host} did not answer within ${timeout / 1000} s: is the model still loading, or the batch too large?`,
        {
          cause: error,
        },
      );
    throw new EmbedError(
      'network',
      `${host} cannot be reached: check that the server runs and that the address is right`,
      {
        cause: error,
      },
    );
  }
  if (!response.ok) throw refusal(response, body, host, request);
  return vectorsOf(body, texts.length, host);
}

function refusal(response: Response, body: string, host: string, { model, key }: VectorRequest): EmbedError {
  const { status } = response;
  const said = messageOf(body, key);
  const options = { status, cause: { retryAfter: retryAfterOf(response.headers) } };
  if (status === 401 || status === 403)
    return new EmbedError('unauthorized', `${host} does not accept the key (${status}): set it anew${said}`, options);
  if (status === 404)
    return new EmbedError(
      'not-found',
      `${host} has no embeddings at this address, or no model "${model}": check both (with Ollama: "ollama pull ${model}")${said}`,
      options,
    );
  if (status === 429)
    return new EmbedError(
      'rate-limited',
      `${host} takes no more requests for now: wait, or set fewer requests a minute${said}`,
      options,
    );
  if (status === 408 || status >= 500)
    return new EmbedError('server', `${host} failed (${status}): see its log${said}`, options);
  return new EmbedError('refused', `${host} refused the request (${status})${said}`, options);
}

/** What the server says itself, in one line. Some repeat the key, or its ends, in their errors: whatever looks like one is left out. */
function messageOf(body: string, key: string | undefined): string {
  let message: unknown;
  try {
    const parsed = JSON.parse(body) as { error?: { message?: unknown } | string; message?: unknown };
    message = typeof parsed.error === 'string' ? parsed.error : (parsed.error?.message ?? parsed.message);
  } catch {
    message = undefined;
  }
  if (typeof message !== 'string' || message === '') return '';
  const line = (key === undefined ? message : message.replaceAll(key, '…'))
    .replace(/\s+/g, ' ')
    .replace(/\S*(?:sk|key|bearer)[-_ ]\S+/gi, '…');
  return `: ${line.slice(0, 200)}`;
}

/** Milliseconds; of `Retry-After` in seconds or as a date. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(until) ? Math.max(0, until) : undefined;
}

function vectorsOf(body: string, count: number, host: string): Float32Array[] {
  const bad = (what: string, cause?: unknown) =>
    new EmbedError(
      'bad-answer',
      `${host} answered with ${what}: is this address an OpenAI-compatible /v1/embeddings?`,
      { cause },
    );
  let answer: z.infer<typeof ANSWER>;
  try {
    answer = ANSWER.parse(JSON.parse(body));
  } catch (error) {
    throw bad('something else than vectors', error);
  }
  if (answer.data.length !== count) throw bad(`${answer.data.length} vectors for ${count} texts`);
  const vectors: Float32Array[] = [];
  for (const [place, { index, embedding }] of answer.data.entries()) {
    const at = index ?? place;
    if (at >= count || vectors[at]) throw bad('vectors out of place');
    const vector = unit(typeof embedding === 'string' ? ofBase64(embedding) : Float32Array.from(embedding));
    if (!vector) throw bad('a vector without a direction');
    if (vectors[0] !== undefined && vector.length !== vectors.find(Boolean)!.length)
      throw bad('vectors of several lengths');
    vectors[at] = vector;
  }
  return vectors;
}

function ofBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const vector = new Float32Array(Math.floor(bytes.length / 4));
  for (let index = 0; index < vector.length; index++) vector[index] = bytes.readFloatLE(index * 4);
  return vector;
}

function unit(vector: Float32Array): Float32Array | undefined {
  let square = 0;
  for (const value of vector) square += value * value;
  if (!(square > 0) || !Number.isFinite(square)) return undefined;
  const norm = 1 / Math.sqrt(square);
  return vector.map((value) => value * norm);
}
