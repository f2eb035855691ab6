import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { CodeServer } from '../code-server.ts';
import type { House } from './door.ts';
import { ourWorkbenchPage, type WorkbenchPageSettings } from './workbench-page.ts';

export interface HouseSettings extends WorkbenchPageSettings {
  readonly code: CodeServer;
  /** Folder with icon.svg and so on. */
  readonly overlay: string;
  /** Half of the key with which the browser keeps an extension's secrets: 32 bytes. */
  readonly keyHalf: Buffer;
  /** Called for each start page, with the folder or workspace it shows. */
  readonly onOpened?: (query: URLSearchParams) => void;
  /** What to open when the address names nothing: a query like `?folder=…`, or undefined for an empty window. */
  readonly startQuery?: () => string | undefined;
}

/** Our own few answers; the rest is VS Code's server. */
export function createHouse(settings: HouseSettings): House {
  const statics = loadStatics(settings.overlay);
  return {
    request(request, response) {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const own = statics.get(url.pathname);
      if (own !== undefined && (request.method === 'GET' || request.method === 'HEAD')) {
        response.writeHead(200, { 'Content-Type': own.type, 'Cache-Control': 'max-age=86400' });
        response.end(request.method === 'HEAD' ? undefined : own.body);
        return;
      }
      if (url.pathname.includes('/node_modules/vsda/')) {
        // Asked for by every page, and never part of an open build: the server would complain on the terminal.
        response.writeHead(404).end();
        return;
      }
      const forwarded = /^\/proxy\/(\d{1,5})(\/.*)?$/.exec(url.pathname);
      if (forwarded !== null) {
        // The browser is on this machine: a program's port is reached as it is. Served from here, that program
        // would share the editor's origin, and with it the session.
        response
          .writeHead(303, { Location: `http://localhost:${forwarded[1]}${forwarded[2] ?? '/'}${url.search}` })
          .end();
        return;
      }
      if (url.pathname === '/mint-key' && request.method === 'POST') {
        request.resume();
        response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'no-store' });
        response.end(settings.keyHalf);
        return;
      }
      if (url.pathname === '/' && request.method === 'GET') {
        const { searchParams } = url;
        if (!searchParams.has('folder') && !searchParams.has('workspace') && !searchParams.has('ew')) {
          const query = settings.startQuery?.();
          if (query !== undefined) {
            response.writeHead(303, { Location: `/${query}` }).end();
            return;
          }
        }
        settings.onOpened?.(searchParams);
        rewritePage(response, settings);
      }
      settings.code.handleRequest(request, response);
    },
    upgrade(request, socket) {
      settings.code.handleUpgrade(request, socket);
    },
  };
}

/** VS Code answers the start page with one `writeHead` and one `end`: ours goes in between. */
function rewritePage(response: ServerResponse, settings: WorkbenchPageSettings): void {
  const end = response.end.bind(response) as (body?: unknown) => ServerResponse;
  const rewriting = (body?: unknown): ServerResponse => {
    response.end = end as ServerResponse['end'];
    const html = typeof body === 'string' && body.includes('vscode-workbench-web-configuration');
    return end(html ? ourWorkbenchPage(body, settings) : body);
  };
  response.setHeader('Cache-Control', 'no-store');
  response.end = rewriting as ServerResponse['end'];
}

interface Static {
  readonly type: string;
  readonly body: Buffer | string;
}

function loadStatics(overlay: string): Map<string, Static> {
  const read = (name: string): Buffer => readFileSync(join(overlay, name));
  const icons = [192, 512].map((size) => ({ src: `icon-${size}.png`, type: 'image/png', sizes: `${size}x${size}` }));
  const manifest = {
    name: 'Tabstop',
    short_name: 'Tabstop',
    description: 'A code editor with next-edit prediction of its own',
    start_url: '/',
    display: 'standalone',
    display_override: ['window-controls-overlay'],
    icons: [{ src: 'icon.svg', type: 'image/svg+xml', sizes: 'any' }, ...icons],
  };
  return new Map<string, Static>([
    ['/tabstop/icon.svg', { type: 'image/svg+xml', body: read('icon.svg') }],
    ['/tabstop/favicon.ico', { type: 'image/x-icon', body: read('favicon.ico') }],
    ['/favicon.ico', { type: 'image/x-icon', body: read('favicon.ico') }],
    ['/tabstop/icon-192.png', { type: 'image/png', body: read('icon-192.png') }],
    ['/tabstop/icon-512.png', { type: 'image/png', body: read('icon-512.png') }],
    ['/tabstop/manifest.json', { type: 'application/manifest+json', body: JSON.stringify(manifest) }],
  ]);
}
