import { once } from 'node:events';
import { request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createDoor } from '../../src/door/door.ts';
import { listenOnFreePort } from '../../src/door/listen.ts';
import { Sessions } from '../../src/door/sessions.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A door with a house behind it that writes down who got through. */
async function doorOnLoopback() {
  const seen: string[] = [];
  let drawn = 0;
  const sessions = new Sessions(Buffer.alloc(32, 3), {
    now: () => 5000,
    random: (bytes) => Buffer.alloc(bytes, ++drawn),
  });
  const door = createDoor({
    sessions,
    names: [],
    house: {
      request(request, response) {
        seen.push(`${request.method} ${request.url}`);
        response.end('the house');
      },
      upgrade(request, socket) {
        seen.push(`UPGRADE ${request.url}`);
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      },
    },
  });
  open.push(door);
  const port = await listenOnFreePort(door, '127.0.0.1', 0);
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      });
      asked.on('error', reject);
      asked.end();
    });
  /** The status line that an upgrade is answered with. */
  const upgrade = async (headers: Record<string, string>): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    const lines = { Host: `127.0.0.1:${port}`, Connection: 'Upgrade', Upgrade: 'websocket', ...headers };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /stable-1 HTTP/1.1\r\n${head.join('')}\r\n`);
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    await once(socket, 'close');
    return answer.split('\r\n')[0]!;
  };
  return { seen, sessions, port, get, upgrade };
}

describe('the door', () => {
  test('lets in by a token, then by the cookie, and nothing else reaches the house', async () => {
    const { seen, sessions, get } = await doorOnLoopback();
    const token = sessions.mint();
    expect(await get('/')).toMatchObject({ status: 403, body: expect.stringContaining('run tabstop again') });
    expect((await get('/?tkn=wrong')).status).toBe(403);

    const entered = await get(`/?tkn=${token}&folder=%2Fp`);
    expect(entered).toMatchObject({ status: 303, headers: { location: '/?folder=%2Fp', 'cache-control': 'no-store' } });
    expect(entered.headers['referrer-policy']).toBe('no-referrer');
    const [cookie] = (entered.headers['set-cookie'] as string[])[0]!.split(';');
    expect(await get('/?folder=%2Fp', { cookie: cookie! })).toMatchObject({ status: 200, body: 'the house' });
    expect((await get(`/?tkn=${token}`)).status).toBe(403);
    expect(seen).toEqual(['GET /?folder=%2Fp']);
  });

  test('a refusal loads nothing, runs nothing, and repeats nothing of the address', async () => {
    const { get } = await doorOnLoopback();
    const refused = await get('/?tkn=%3Cscript%3Ealert(1)%3C/script%3E');
    expect(refused.headers['content-security-policy']).toContain("default-src 'none'");
    expect(refused.body).not.toContain('script');
    expect(refused.body).not.toContain('alert');
  });

  test('from another page, a page of ours goes on to the clean address', async () => {
    const { sessions, get } = await doorOnLoopback();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const entered = await get(`/?tkn=${sessions.mint()}&folder=%2F%22%3E%3Cb%3E`, headers);
    expect(entered.status).toBe(200);
    expect(entered.body).toContain('content="0;url=/?folder=%2F%22%3E%3Cb%3E"');
  });

  test('websockets need the cookie and our own origin', async () => {
    const { seen, sessions, port, upgrade } = await doorOnLoopback();
    const cookie = `tabstop-${port}=${sessions.begin()}`;
    const origin = `http://127.0.0.1:${port}`;
    expect(await upgrade({ Origin: origin })).toBe('HTTP/1.1 403 Forbidden');
    expect(await upgrade({ Cookie: cookie })).toBe('HTTP/1.1 403 Forbidden');
    expect(await upgrade({ Cookie: cookie, Origin: 'http://evil.example' })).toBe('HTTP/1.1 403 Forbidden');
    expect(await upgrade({ Cookie: cookie, Origin: origin, Host: `evil.example:${port}` })).toBe(
      'HTTP/1.1 403 Forbidden',
    );
    expect(seen).toEqual([]);
    expect(await upgrade({ Cookie: cookie, Origin: origin })).toBe('HTTP/1.1 101 Switching Protocols');
    expect(seen).toEqual(['UPGRADE /stable-1']);
  });
});

describe('the port', () => {
  test('a taken one moves on to the next', async () => {
    const first = createDoorAlone();
    const port = await listenOnFreePort(first, '127.0.0.1', 0);
    const second = createDoorAlone();
    const moved = await listenOnFreePort(second, '127.0.0.1', port);
    expect(moved).toBeGreaterThan(port);
    expect((second.address() as AddressInfo).address).toBe('127.0.0.1');
  });

  test.each([
    ['192.0.2.1', 0, /This machine has no address 192\.0\.2\.1/],
    ['127.0.0.1', 65_535, /taken|more rights|65535/],
  ])('%s:%i', async (host, port, sentence) => {
    if (port !== 0) await listenOnFreePort(createDoorAlone(), host, port);
    await expect(listenOnFreePort(createDoorAlone(), host, port)).rejects.toThrow(sentence);
  });
});

function createDoorAlone(): Server {
  const server = createDoor({
    sessions: new Sessions(Buffer.alloc(32), { now: () => 0, random: (bytes) => Buffer.alloc(bytes) }),
    names: [],
    house: { request: () => {}, upgrade: () => {} },
  });
  open.push(server);
  return server;
}
