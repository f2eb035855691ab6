import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type GateSettings, judge } from './gate.ts';
import { enterPage, PAGE_POLICY, refusalPage, refusalText } from './pages.ts';
import type { Sessions } from './sessions.ts';

/** What lies behind the door. */
export interface House {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

export interface DoorSettings {
  readonly sessions: Sessions;
  readonly house: House;
  readonly names: readonly string[];
}

/**
 * The only thing that listens on the network. Nothing behind it sees a request before the gate let it pass.
 * The editor server runs in this process, behind the door, so there is no second address to guard and no proxy
 * hop on a key's way.
 */
export function createDoor(settings: DoorSettings): Server {
  const server = createServer((request, response) => {
    hardenHeaders(response);
    const verdict = judge(
      { method: request.method ?? '', url: request.url ?? '', headers: request.headers, upgrade: false },
      settings.sessions,
      gate(),
    );
    if (verdict.kind === 'pass') {
      settings.house.request(request, response);
      return;
    }
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    if (verdict.kind === 'enter') {
      response.setHeader('Set-Cookie', verdict.cookie);
      if (verdict.viaPage) sendPage(response, 200, enterPage(verdict.location));
      else response.writeHead(303, { Location: verdict.location }).end();
      return;
    }
    sendPage(response, 403, refusalPage(verdict.reason));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // A socket that resets before it is handed over must not take the editor down.
    socket.on('error', () => socket.destroy());
    const verdict = judge(
      { method: request.method ?? '', url: request.url ?? '', headers: request.headers, upgrade: true },
      settings.sessions,
      gate(),
    );
    if (verdict.kind === 'pass') {
      settings.house.upgrade(request, socket, head);
      return;
    }
    const text = refusalText(verdict.kind === 'refuse' ? verdict.reason : 'session');
    socket.end(
      `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  });

  function gate(): GateSettings {
    const address = server.address();
    return { port: typeof address === 'object' && address !== null ? address.port : 0, names: settings.names };
  }
  return server;
}

function hardenHeaders(response: ServerResponse): void {
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'SAMEORIGIN');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
}
