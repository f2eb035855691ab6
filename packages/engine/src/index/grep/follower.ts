import { chmodSync, existsSync, rmSync } from 'node:fs';
import type * as net from 'node:net';
import { join } from 'node:path';
import { sha256 } from '../sha256.ts';
import type { FollowerAnswer } from './grep-folder.ts';
import { onDemand } from './on-demand.ts';

/** What a kernel takes as the name of a socket (macOS: 104 bytes with the end). */
const MOST_NAME = 100;
/** Milliseconds: an engine that is busy with a slice of work answers within some ten. */
const PATIENCE = 150;
const MOST_ANSWER = 8 * 1024 * 1024;

/** Where the process that follows a folder answers; `undefined` where the state lies too deep for a name. */
export function followerAddress(stateFolder: string, platform: NodeJS.Platform): string | undefined {
  if (platform === 'win32') return `\\\\.\\pipe\\tabstop-${sha256(stateFolder).slice(0, 32)}`;
  const name = join(stateFolder, 'follow.sock');
  return Buffer.byteLength(name) <= MOST_NAME ? name : undefined;
}

/**
 * Answers everybody who connects with one line of JSON, for this user alone (the folder is 0700, the socket 0600). Resolves with how to stop, or with
 * `undefined` where another process answers there already.
 */
export async function serveFollower(
  address: string,
  answer: () => FollowerAnswer | undefined,
): Promise<(() => Promise<void>) | undefined> {
  const server = onDemand<typeof net>('node:net').createServer((socket) => {
    socket.on('error', () => {});
    let told: FollowerAnswer | undefined;
    try {
      told = answer();
    } catch {
      // Whoever asks looks for itself then.
    }
    socket.end(`${JSON.stringify(told ?? null)}\n`);
  });
  try {
    await listen(server, address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (await isAnswered(address)) return undefined;
    // Left behind by a process that was killed.
    rmSync(address, { force: true });
    await listen(server, address);
  }
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** What the process that follows the folder knows; `undefined` where there is none, or it does not know yet, or does not answer in time. */
export function askFollower(address: string, patience = PATIENCE): Promise<FollowerAnswer | undefined> {
  // The commonest case, told without loading sockets. Pipes of Windows are not in the file system.
  if (!address.startsWith('\\\\.\\pipe\\') && !existsSync(address)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = onDemand<typeof net>('node:net').connect(address);
    let text = '';
    const done = (answer: FollowerAnswer | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => done(undefined), patience);
    socket.setEncoding('utf8');
    socket.on('error', () => done(undefined));
    socket.on('data', (data: string) => {
      text += data;
      if (text.length > MOST_ANSWER) done(undefined);
    });
    socket.on('close', () => done(parse(text)));
  });
}

function parse(text: string): FollowerAnswer | undefined {
  if (!text.endsWith('\n')) return undefined;
  try {
    const { pending, asOf } = JSON.parse(text) ?? {};
    const isAnswer =
      typeof asOf === 'number' && Array.isArray(pending) && pending.every((path) => typeof path === 'string');
    return isAnswer ? { pending, asOf } : undefined;
  } catch {
    return undefined;
  }
}

function listen(server: net.Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = onDemand<typeof net>('node:net').connect(address);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
