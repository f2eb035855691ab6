import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { judge, type Knock, type Verdict } from '../../src/door/gate.ts';
import { Sessions } from '../../src/door/sessions.ts';

const PORT = 4100;
const HOST = `127.0.0.1:${PORT}`;

function house() {
  let drawn = 0;
  const sessions = new Sessions(Buffer.alloc(32, 1), {
    now: () => 5000,
    random: (bytes) => Buffer.alloc(bytes, ++drawn),
  });
  const cookie = `tabstop-${PORT}=${sessions.begin()}`;
  const knock = (parts: Partial<Knock> & { headers?: IncomingHttpHeaders } = {}): Verdict =>
    judge({ method: 'GET', url: '/', upgrade: false, ...parts, headers: { host: HOST, ...parts.headers } }, sessions, {
      port: PORT,
      names: ['workstation'],
    });
  return { sessions, cookie, knock };
}

/** A verdict in a word. */
const word = (verdict: Verdict): string => (verdict.kind === 'refuse' ? `refuse ${verdict.reason}` : verdict.kind);

describe('who comes in', () => {
  test.each<[string, string, boolean]>([
    ['the start page', '/', false],
    ['a file of the server', '/stable-1/static/out/a.js', false],
    ['a file of the user', '/vscode-remote-resource?path=/etc/passwd', false],
    ['a websocket', '/stable-1', true],
  ])('%s needs a session', (_what, url, upgrade) => {
    const { knock, cookie } = house();
    const origin = upgrade ? { origin: `http://${HOST}` } : {};
    expect(word(knock({ url, upgrade, headers: origin }))).toBe('refuse session');
    expect(word(knock({ url, upgrade, headers: { ...origin, cookie } }))).toBe('pass');
  });

  test('the cookie is found among others, and only under its own port', () => {
    const { knock, cookie } = house();
    expect(word(knock({ headers: { cookie: `a=1; ${cookie}; b=2` } }))).toBe('pass');
    expect(word(knock({ headers: { cookie: cookie.replace('4100', '4101') } }))).toBe('refuse session');
    expect(word(knock({ headers: { cookie: `${cookie}x` } }))).toBe('refuse session');
  });
});

describe('the token', () => {
  test('is exchanged for a cookie, and leaves the address', () => {
    const { sessions, knock } = house();
    const verdict = knock({ url: `/?tkn=${sessions.mint()}&folder=%2Fa%20b` });
    expect(verdict).toMatchObject({ kind: 'enter', location: '/?folder=%2Fa+b', viaPage: false });
    const cookie = (verdict as { cookie: string }).cookie;
    expect(cookie).toMatch(/^tabstop-4100=\S+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(word(knock({ headers: { cookie: cookie.split(';')[0]! } }))).toBe('pass');
  });

  test('is good once', () => {
    const { sessions, knock, cookie } = house();
    const url = `/?tkn=${sessions.mint()}`;
    expect(word(knock({ url }))).toBe('enter');
    expect(word(knock({ url }))).toBe('refuse token');
    // Whoever is in already (a reload, the back button) is only led to the clean address.
    expect(word(knock({ url, headers: { cookie } }))).toBe('enter');
  });

  test.each<[string, Partial<Knock>]>([
    ['a HEAD request (a link preview)', { method: 'HEAD' }],
    ['a POST', { method: 'POST' }],
    ['another path', { url: '/elsewhere' }],
    ['a websocket', { upgrade: true, headers: { origin: `http://${HOST}` } }],
    ['a request under another name', { headers: { host: `evil.example:${PORT}` } }],
  ])('is not used up by %s', (_what, parts) => {
    const { sessions, knock } = house();
    const token = sessions.mint();
    expect(knock({ ...parts, url: `${parts.url ?? '/'}?tkn=${token}` }).kind).toBe('refuse');
    expect(word(knock({ url: `/?tkn=${token}` }))).toBe('enter');
  });

  test('a click on the address in another page goes on by a page of ours, since a strict cookie would stay behind', () => {
    const { sessions, knock } = house();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(knock({ url: `/?tkn=${sessions.mint()}`, headers })).toMatchObject({ kind: 'enter', viaPage: true });
  });
});

describe('whose name is used (DNS rebinding)', () => {
  test.each<[string | undefined, string]>([
    [HOST, 'pass'],
    [`localhost:${PORT}`, 'pass'],
    [`LOCALHOST:${PORT}`, 'pass'],
    [`[::1]:${PORT}`, 'pass'],
    [`192.168.1.7:${PORT}`, 'pass'],
    [`workstation:${PORT}`, 'pass'],
    [`evil.example:${PORT}`, 'refuse host'],
    [`127.0.0.1.evil.example:${PORT}`, 'refuse host'],
    [`localhost.evil.example:${PORT}`, 'refuse host'],
    ['127.0.0.1:9999', 'refuse host'],
    ['127.0.0.1', 'refuse host'],
    [`user@127.0.0.1:${PORT}`, 'refuse host'],
    ['', 'refuse host'],
    [undefined, 'refuse host'],
  ])('Host: %s', (host, expected) => {
    const { knock, cookie } = house();
    expect(word(knock({ headers: { host, cookie } }))).toBe(expected);
  });
});

describe('which page asks', () => {
  test.each<[string, Partial<Knock>, string]>([
    ['a websocket of our page', { upgrade: true, headers: { origin: `http://${HOST}` } }, 'pass'],
    ['a websocket of another page', { upgrade: true, headers: { origin: 'https://evil.example' } }, 'refuse origin'],
    [
      'a websocket of another local server',
      { upgrade: true, headers: { origin: 'http://127.0.0.1:3000' } },
      'refuse origin',
    ],
    ['a websocket of a sandboxed page', { upgrade: true, headers: { origin: 'null' } }, 'refuse origin'],
    ['a websocket of no page', { upgrade: true }, 'refuse origin'],
    ['a post of our page', { method: 'POST', url: '/mint-key', headers: { origin: `http://${HOST}` } }, 'pass'],
    [
      'a post of another page',
      { method: 'POST', url: '/mint-key', headers: { origin: 'https://evil.example' } },
      'refuse origin',
    ],
    ['a script of ours', { url: '/a.js', headers: { 'sec-fetch-site': 'same-origin' } }, 'pass'],
    ['a typed address', { headers: { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' } }, 'pass'],
    [
      'a script tag on another local server',
      { url: '/a.js', headers: { 'sec-fetch-site': 'same-site' } },
      'refuse origin',
    ],
    [
      'a frame in another page',
      { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' } },
      'refuse origin',
    ],
    [
      'a link from another page',
      { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } },
      'pass',
    ],
  ])('%s', (_what, parts, expected) => {
    const { knock, cookie } = house();
    expect(word(knock({ ...parts, headers: { cookie, ...parts.headers } }))).toBe(expected);
  });
});
