import {
  type FactsAt,
  type FactsIn,
  type FactsRange,
  type FactsRename,
  Method,
  WireCodeAction,
  WireDiagnostic,
  WireFileEdits,
  WireLocation,
  WireSymbol,
} from '@tabstop/protocol';
import { z } from 'zod';
import type { LanguageFacts } from '../workspace/language-facts.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Log } from './log.ts';

export interface WireFactsOptions {
  /** Asks the client; rejects when the signal aborts, the client refuses or the wire closes. */
  readonly ask: (method: string, params: object, signal: AbortSignal) => Promise<unknown>;
  readonly snapshot: () => Snapshot;
  readonly log: Log;
  /** Milliseconds per question. */
  readonly timeout: number;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Questions under way at once; the next one is answered with `undefined` right away. */
  readonly pending: number;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

/** So many questions in a row without an answer in time: the providers hang (a language server that loads a large project), and are left alone for a while. */
const UNANSWERED = 10;
/** That while, in milliseconds. */
const REST = 15_000;

/** Version sent for a file that is not open: its offsets are those of the text on disk. */
export const NOT_OPEN = -1;

const MAX_RESULTS = 10_000;
const Locations = z.array(WireLocation).max(MAX_RESULTS).nullable();
const Edits = z.array(WireFileEdits).max(MAX_RESULTS).nullable();
const Diagnostics = z.array(WireDiagnostic).max(MAX_RESULTS).nullable();
const CodeActions = z.array(WireCodeAction).max(MAX_RESULTS).nullable();
const Symbols = z.array(WireSymbol).max(MAX_RESULTS).nullable();

/**
 * Language facts from the client's providers. `undefined` on every failure: no provider, an answer that is late, malformed or for a text that has
 * changed meanwhile, a client that is gone. A source then does without.
 */
export function createWireFacts(options: WireFactsOptions): LanguageFacts {
  let pending = 0;
  let unanswered = 0;
  let restUntil = Number.NEGATIVE_INFINITY;

  async function fact<Answer>(
    method: string,
    schema: z.ZodType<Answer | null>,
    params: FactsIn,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    if (signal.aborted || pending >= options.pending || options.now() < restUntil) return undefined;
    const timeout = new AbortController();
    const timer = options.setTimeout(() => timeout.abort(), options.timeout);
    pending++;
    try {
      const answer = schema.safeParse(await options.ask(method, params, AbortSignal.any([signal, timeout.signal])));
      unanswered = 0;
      if (!answer.success) {
        const issue = answer.error.issues[0];
        options.log('warn', `${method}: the client's answer does not fit: ${issue?.path.join('.')}: ${issue?.message}`);
        return undefined;
      }
      if (versionOf(params.path) !== params.version) return undefined;
      return answer.data ?? undefined;
    } catch {
      // The client refused or is gone, or nobody waits any more; why is in the log where it matters, a timeout below.
      if (timeout.signal.aborted) tooLate(method);
      return undefined;
    } finally {
      pending--;
      options.clearTimeout(timer);
    }
  }

  function tooLate(method: string): void {
    options.log('debug', `${method}: no answer within ${options.timeout} ms`);
    if (++unanswered < UNANSWERED) return;
    unanswered = 0;
    restUntil = options.now() + REST;
    options.log(
      'info',
      `${UNANSWERED} questions about language facts in a row had no answer; none for ${REST / 1000} s`,
    );
  }

  function versionOf(path: string): number {
    return options.snapshot().documents.get(path)?.version ?? NOT_OPEN;
  }

  const at = (path: string, offset: number): FactsAt => ({ path, version: versionOf(path), offset });
  return {
    references: (path, offset, signal) => fact(Method.FactsReferences, Locations, at(path, offset), signal),
    definition: (path, offset, signal) => fact(Method.FactsDefinition, Locations, at(path, offset), signal),
    rename(path, offset, newName, signal) {
      const params: FactsRename = { ...at(path, offset), newName };
      return fact(Method.FactsRename, Edits, params, signal);
    },
    diagnostics: (path, signal) =>
      fact(Method.FactsDiagnostics, Diagnostics, { path, version: versionOf(path) }, signal),
    codeActions(path, start, end, signal) {
      const params: FactsRange = { path, version: versionOf(path), start, end };
      return fact(Method.FactsCodeActions, CodeActions, params, signal);
    },
    symbols: (path, signal) => fact(Method.FactsSymbols, Symbols, { path, version: versionOf(path) }, signal),
  };
}
