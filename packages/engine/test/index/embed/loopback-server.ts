import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: { readonly model: string; readonly input: readonly string[]; readonly dimensions?: number };
}

/** One answer of the server; without one it gives vectors. */
export type Answer = (request: SeenRequest, response: ServerResponse) => void;

export interface LoopbackServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** The next requests are answered by these, one each. */
  next(...answers: Answer[]): void;
  close(): Promise<void>;
}

/** An OpenAI-compatible server of the test's own. The vector of a text is `[length, 1, 0]`, so that order shows. */
export async function openLoopbackServer(): Promise<LoopbackServer> {
  const seen: SeenRequest[] = [];
  const queue: Answer[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const one = {
        url: request.url!,
        authorization: request.headers.authorization,
        body: JSON.parse(text) as SeenRequest['body'],
      };
      seen.push(one);
      (queue.shift() ?? vectors())(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    next: (...answers) => void queue.push(...answers),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function vectors(make: (text: string) => number[] = (text) => [text.length, 1, 0]): Answer {
  return ({ body }, response) =>
    json(200, { data: body.input.map((text, index) => ({ index, embedding: make(text) })) })(
      { body } as SeenRequest,
      response,
    );
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export const hangUp: Answer = (_, response) => void response.socket?.destroy();
export const never: Answer = () => {};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
