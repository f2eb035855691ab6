import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Sessions } from './sessions.ts';

/** What the gate knows of a request; pure data, so that every rule is a row of a test. */
export interface Knock {
  readonly method: string;
  /** As on the request line: path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** A websocket, or any other upgrade. */
  readonly upgrade: boolean;
}

export interface GateSettings {
  readonly port: number;
  /** Names (beside IP addresses and `localhost`) under which the editor may be asked for. */
  readonly names: readonly string[];
}

export type Verdict =
  | { readonly kind: 'pass' }
  /** The token was good: set the cookie, then go to the clean address. */
  | { readonly kind: 'enter'; readonly cookie: string; readonly location: string; readonly viaPage: boolean }
  | { readonly kind: 'refuse'; readonly reason: 'host' | 'origin' | 'session' | 'token' };

/** Judges one request. Only a good token changes anything: it is used up. */
export function judge(knock: Knock, sessions: Sessions, settings: GateSettings): Verdict {
  const { headers } = knock;
  const host = headers.host;
  // DNS rebinding: a page of evil.example that resolves to 127.0.0.1 says its own name here.
  if (host === undefined || !isOwnHost(host, settings)) return { kind: 'refuse', reason: 'host' };

  const { path, query } = splitUrl(knock.url);
  const navigation = isNavigation(knock, path);
  const origin = headers.origin;
  if (origin !== undefined ? origin !== `http://${host}` : knock.upgrade) return { kind: 'refuse', reason: 'origin' };
  // SameSite takes every port of this machine for the same site: a page of another local server is kept out here.
  const site = headers['sec-fetch-site'];
  const foreign = site === 'cross-site' || site === 'same-site';
  if (foreign && !navigation) return { kind: 'refuse', reason: 'origin' };

  const token = query.get('tkn');
  const held = sessions.holds(readCookie(headers.cookie, cookieName(settings.port)));
  if (token !== null && knock.method === 'GET' && path === '/' && !knock.upgrade) {
    const good = sessions.redeem(token);
    if (!good && !held) return { kind: 'refuse', reason: 'token' };
    query.delete('tkn');
    const rest = query.toString();
    return {
      kind: 'enter',
      cookie: `${cookieName(settings.port)}=${sessions.begin()}; Path=/; HttpOnly; SameSite=Strict`,
      location: rest === '' ? '/' : `/?${rest}`,
      // A strict cookie is not sent along a redirect that another site began: there a page of ours must go on.
      viaPage: foreign,
    };
  }
  return held ? { kind: 'pass' } : { kind: 'refuse', reason: 'session' };
}

/** Cookies do not tell ports apart, so that each editor on this machine needs a name of its own. */
export function cookieName(port: number): string {
  return `tabstop-${port}`;
}

function isNavigation(knock: Knock, path: string): boolean {
  if (knock.method !== 'GET' || knock.upgrade || path !== '/') return false;
  const { headers } = knock;
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function isOwnHost(host: string, settings: GateSettings): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(host);
  if (match === null) return false;
  if (Number(match[2] ?? 80) !== settings.port) return false;
  const name = match[1]!.toLowerCase().replace(/^\[|\]$/g, '');
  return isIP(name) !== 0 || name === 'localhost' || settings.names.includes(name);
}

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const cut = url.indexOf('?');
  return cut < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, cut), query: new URLSearchParams(url.slice(cut + 1)) };
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const cut = part.indexOf('=');
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim();
  }
  return undefined;
}
