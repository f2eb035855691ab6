import type { CodeIndex } from './code-index.ts';
import { callIndex, type FromIndex, type ToIndex } from './wire.ts';

/** Answers messages with an index. @returns what to call with each message */
export function serveIndex(index: CodeIndex, post: (message: FromIndex) => void): (message: ToIndex) => void {
  const running = new Map<number, AbortController>();
  post({ kind: 'opened', status: index.status() });
  index.onStatus((status) => post({ kind: 'status', status }));

  async function answer(id: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const value = await work(controller.signal);
      // The state after the answer comes before it, so that who asks `status` next is not told the one before.
      post({ kind: 'status', status: index.status() });
      post({ kind: 'answer', id, value });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      post({ kind: 'refused', id, name, message });
    } finally {
      running.delete(id);
    }
  }

  return (message) => {
    if (message.kind === 'ask') {
      const { id, method, parameters } = message;
      if (method === 'dispose') for (const controller of running.values()) controller.abort();
      void answer(id, (signal) => callIndex(index, method, parameters, signal));
    } else if (message.kind === 'cancel') running.get(message.id)?.abort();
    else if (message.kind === 'attend') index.attend(message.attention);
    else index[message.kind]();
  };
}
