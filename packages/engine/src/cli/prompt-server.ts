import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandError } from './io.ts';
import type { LoadedPrompt } from './prompt-load.ts';
import { previewPage } from './prompt-page.ts';
import type { Preview } from './prompt-view.ts';

export interface PreviewServerOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Title of the page. */
  readonly name: string;
  readonly budget: number;
  readonly load: () => Promise<LoadedPrompt>;
  readonly view: (loaded: LoadedPrompt, budget: number) => Preview;
}

export interface PreviewServer {
  /** With the token; whoever has not got it is refused. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a preview on loopback. A prompt may hold source code, so every request needs the token, and a page of another site
 * cannot reach it by a rebound name either: the host must be the one that was bound.
 */
export async function servePreview(options: PreviewServerOptions): Promise<PreviewServer> {
  const token = randomBytes(24).toString('base64url');
  let loaded = await options.load();
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      send(
        response,
        error instanceof CommandError ? 422 : 500,
        'text/plain',
        error instanceof Error ? error.message : String(error),
      );
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { port } = server.address() as AddressInfo;
    if (request.headers.host !== `127.0.0.1:${port}`) return send(response, 403, 'text/plain', 'Wrong host.');
    const given = url.searchParams.get('token') ?? String(request.headers['x-tabstop-token'] ?? '');
    if (!sameText(given, token))
      return send(response, 403, 'text/plain', 'The address with its token is printed where the preview was started.');
    if (request.method !== 'GET') return send(response, 405, 'text/plain', 'Only GET.');
    if (url.pathname === '/') {
      loaded = await options.load();
      const nonce = randomBytes(12).toString('base64');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      return send(response, 200, 'text/html', previewPage({ name: options.name, budget: options.budget, nonce }));
    }
    if (url.pathname === '/render') {
      const budget = Number(url.searchParams.get('budget'));
      if (!Number.isSafeInteger(budget) || budget < 0)
        return send(response, 400, 'text/plain', 'The budget is a whole number of tokens.');
      return send(response, 200, 'application/json', JSON.stringify(options.view(loaded, budget)));
    }
    send(response, 404, 'text/plain', 'Nothing here.');
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new CommandError(cause.code === 'EADDRINUSE' ? `port ${options.port} is taken` : cause.message, { cause }),
      );
    });
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
