import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Document } from './document.ts';
import type { LanguageFacts } from './language-facts.ts';
import type { Answers, Questions } from './typescript-service.ts';
import type { FactsReply, FactsRequest } from './typescript-worker.ts';

/** The part of a `Worker` that is used; a test puts a fake in its place. */
export interface FactsThread {
  postMessage(request: FactsRequest): void;
  on(event: 'message', listener: (reply: FactsReply) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  terminate(): unknown;
}

export interface TypeScriptFactsOptions {
  /** Starts the thread; `spawnTypeScriptWorker` in production. */
  readonly spawn: () => FactsThread;
  /** Milliseconds for an answer; a later one is dropped, but leaves the service warm for the next. */
  readonly budget: number;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly onProblem?: (message: string) => void;
}

export interface TypeScriptFacts {
  /** Starts the thread and resolves when it can answer in time (false when it cannot start). Until then every answer is `undefined` at once. */
  warm(): Promise<boolean>;
  /** Facts of these documents. Cheap: all share one thread, which is told only what differs from the documents asked about before. */
  of(documents: () => ReadonlyMap<string, Document>): LanguageFacts;
  dispose(): Promise<void>;
}

const LANGUAGES = new Set(['typescript', 'typescriptreact', 'javascript', 'javascriptreact']);

/** Language facts for TypeScript and JavaScript without an editor, from the TypeScript language service in a thread of its own. */
export function createTypeScriptFacts(options: TypeScriptFactsOptions): TypeScriptFacts {
  const waiting = new Map<number, (reply: FactsReply | undefined) => void>();
  /** What the thread has been told, by path. */
  const told = new Map<string, string>();
  let thread: FactsThread | undefined;
  let starting: Promise<boolean> | undefined;
  let state: 'off' | 'ready' | 'dead' = 'off';
  let lastId = 0;

  function warm(): Promise<boolean> {
    starting ??= new Promise((resolve) => {
      thread = options.spawn();
      waiting.set(0, (reply) => {
        if (reply) state = 'ready';
        resolve(reply !== undefined);
      });
      thread.on('message', (reply) => {
        const settle = waiting.get(reply.id);
        waiting.delete(reply.id);
        if (reply.problem !== undefined) options.onProblem?.(reply.problem);
        settle?.(reply);
      });
      thread.on('error', (error) => die(error instanceof Error ? error.message : String(error)));
      thread.on('exit', () => die(undefined));
    });
    return starting;
  }

  function die(problem: string | undefined): void {
    if (problem !== undefined) options.onProblem?.(problem);
    state = 'dead';
    for (const settle of waiting.values()) settle(undefined);
    waiting.clear();
  }

  function changesTo(texts: ReadonlyMap<string, string>): [string, string | null][] {
    const changes: [string, string | null][] = [];
    for (const path of told.keys()) if (!texts.has(path)) changes.push([path, null]);
    for (const [path, text] of texts) if (told.get(path) !== text) changes.push([path, text]);
    for (const [path, text] of changes)
      if (text === null) told.delete(path);
      else told.set(path, text);
    return changes;
  }

  function ask<Name extends keyof Questions>(
    texts: ReadonlyMap<string, string>,
    name: Name,
    question: Questions[Name],
    signal: AbortSignal,
  ): Promise<Answers[Name] | undefined> {
    if (state === 'off') void warm();
    if (state !== 'ready' || signal.aborted || !texts.has(question.path)) return Promise.resolve(undefined);
    const id = ++lastId;
    return new Promise((resolve) => {
      const finish = (reply: FactsReply | undefined) => {
        options.clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        waiting.delete(id);
        resolve(reply?.answer as Answers[Name] | undefined);
      };
      const abort = () => finish(undefined);
      const timer = options.setTimeout(abort, options.budget);
      signal.addEventListener('abort', abort, { once: true });
      waiting.set(id, finish);
      thread!.postMessage({ id, texts: changesTo(texts), name, question });
    });
  }

  function factsOf(texts: () => ReadonlyMap<string, string>): LanguageFacts {
    return {
      references: (path, offset, signal) => ask(texts(), 'references', { path, offset }, signal),
      definition: (path, offset, signal) => ask(texts(), 'definition', { path, offset }, signal),
      rename: (path, offset, newName, signal) => ask(texts(), 'rename', { path, offset, newName }, signal),
      symbols: (path, signal) => ask(texts(), 'symbols', { path }, signal),
      // Without libraries they would be noise.
      diagnostics: async () => undefined,
      codeActions: async () => undefined,
      withTexts: (other) => factsOf(() => overlaid(texts(), other)),
    };
  }

  return {
    warm,
    of: (documents) => factsOf(() => textsOf(documents())),
    async dispose() {
      die(undefined);
      await thread?.terminate();
    },
  };
}

function textsOf(documents: ReadonlyMap<string, Document>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const document of documents.values())
    if (LANGUAGES.has(document.languageId) && (!document.exclusion || document.exclusion === 'read-only'))
      texts.set(document.path, document.content);
  return texts;
}

function overlaid(texts: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const both = new Map(texts);
  for (const [path, text] of other) if (texts.has(path)) both.set(path, text);
  return both;
}

/** The thread: `typescript-worker.mjs` beside the bundle that holds the module at `moduleUrl`, else the source beside this file. */
export function spawnTypeScriptWorker(moduleUrl: string): FactsThread {
  const bundled = new URL('./typescript-worker.mjs', moduleUrl);
  const entry = existsSync(fileURLToPath(bundled)) ? bundled : new URL('./typescript-worker.ts', import.meta.url);
  const worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
  // Nothing is lost when the process ends while it works.
  worker.unref();
  return worker;
}
