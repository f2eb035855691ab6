import { parentPort } from 'node:worker_threads';
import { type Answers, createTypeScriptService, type Questions } from './typescript-service.ts';

/** To the worker: what changed in the texts since the last question, then the question. */
export interface FactsRequest {
  readonly id: number;
  readonly texts: readonly (readonly [path: string, text: string | null])[];
  readonly name: keyof Questions;
  readonly question: Questions[keyof Questions];
}

/** From the worker; the first one, `id` 0, says that the compiler is loaded. */
export interface FactsReply {
  readonly id: number;
  readonly answer?: Answers[keyof Answers] | undefined;
  /** The compiler's own exception, where it had one. */
  readonly problem?: string;
}

/** Thread of the TypeScript language service: half a second to load, 100 MB, and none of it in the engine's event loop. */
const port = parentPort;
if (port) {
  const { default: ts } = await import('typescript');
  const service = createTypeScriptService(ts);
  // The compiler runs its first program through code that is not compiled yet (100 ms here): better now than in the first answer.
  service.update([['/warm.ts', 'export const a = (b: { c: number }) => b.c;\nexport class D { e = a({ c: 1 }) }\n']]);
  service.ask('references', { path: '/warm.ts', offset: 13 });
  service.ask('rename', { path: '/warm.ts', offset: 13, newName: 'x' });
  service.update([['/warm.ts', null]]);
  port.on('message', ({ id, texts, name, question }: FactsRequest) => {
    try {
      service.update(texts);
      port.postMessage({ id, answer: service.ask(name, question) } satisfies FactsReply);
    } catch (error) {
      port.postMessage({ id, problem: error instanceof Error ? error.message : String(error) } satisfies FactsReply);
    }
  });
  port.postMessage({ id: 0 } satisfies FactsReply);
}
