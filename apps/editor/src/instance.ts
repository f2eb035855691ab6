import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { LaunchError } from './launch-error.ts';

/** What a second start asks of the running one. */
export interface OpenRequest {
  /** A query for the address, like `?folder=%2Fa`, or '' for what was open last. */
  readonly query: string;
}

export interface ProcessTable {
  readonly pid: number;
  /** Something that a reused process id does not share, or undefined when there is no such process. */
  identity(pid: number): string | undefined;
}

export interface InstancePaths {
  readonly run: string;
  readonly control: string;
}

export type Claim = { readonly kind: 'first'; release(): void } | { readonly kind: 'second' };

/** How long a start waits for another one that is still on its way up, in milliseconds. */
const PATIENCE = 20_000;
const LINE_LIMIT = 64 * 1024;

/**
 * Makes this process the one editor of a data folder, or finds that there is one already.
 * A lock left behind by a killed process is taken over; the rename lets only one of two starts do so.
 */
export async function claimInstance(
  paths: InstancePaths,
  table: ProcessTable,
  wait: (ms: number) => Promise<void>,
): Promise<Claim> {
  const lock = join(paths.run, 'lock');
  const mine = `${table.pid} ${table.identity(table.pid) ?? ''}`;
  for (let waited = 0; waited <= PATIENCE; waited += 100) {
    if (createExclusively(lock, mine)) {
      rmSync(paths.control, { force: true });
      return {
        kind: 'first',
        release: () => {
          if (readLock(lock) === mine) rmSync(lock, { force: true });
          rmSync(paths.control, { force: true });
        },
      };
    }
    const owner = readLock(lock);
    if (owner === undefined) continue;
    if (!isAlive(owner, table)) {
      const aside = `${lock}.${table.pid}`;
      try {
        renameSync(lock, aside);
        // Another start may have taken over in between: then that one's lock was moved, and goes back.
        if (readLock(aside) !== owner) linkSync(aside, lock);
        unlinkSync(aside);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      continue;
    }
    if (await canConnect(paths.control)) return { kind: 'second' };
    await wait(100);
  }
  throw new LaunchError(
    `Another Tabstop (process ${readLock(lock)?.split(' ')[0] ?? '?'}) holds ${paths.run} but does not answer. End it, or use another --data-dir.`,
  );
}

/** Answers second starts. Each connection is one line of JSON in, one line out: `{"url"}` or `{"error"}`. */
export function serveControl(path: string, answer: (request: OpenRequest) => string): Promise<Server> {
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').setTimeout(5000, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.length > LINE_LIMIT) socket.destroy();
      if (!text.includes('\n')) return;
      try {
        const request = JSON.parse(text.slice(0, text.indexOf('\n'))) as Partial<OpenRequest>;
        if (typeof request.query !== 'string') throw new TypeError('query is missing');
        socket.end(`${JSON.stringify({ url: answer({ query: request.query }) })}\n`);
      } catch (error) {
        socket.end(`${JSON.stringify({ error: (error as Error).message })}\n`);
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

/** Asks the running editor for an address with a fresh one-time token. */
export function askRunning(path: string, request: OpenRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (reason: string): void =>
      reject(new LaunchError(`The running Tabstop did not answer (${reason}). End it and start again.`));
    const socket = createConnection(path, () => socket.write(`${JSON.stringify(request)}\n`));
    socket.setEncoding('utf8').setTimeout(10_000, () => {
      socket.destroy();
      fail('no answer in 10 s');
    });
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', (error) => fail(error.message));
    socket.on('end', () => {
      try {
        const reply = JSON.parse(text) as { url?: string; error?: string };
        if (typeof reply.url === 'string') resolve(reply.url);
        else fail(reply.error ?? 'an empty answer');
      } catch {
        fail('an answer that is not JSON');
      }
    });
  });
}

/** The processes of this machine. On Linux the start time tells a reused process id from the old one. */
export function systemProcesses(): ProcessTable {
  return {
    pid: process.pid,
    identity(pid) {
      try {
        process.kill(pid, 0);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
      }
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // The name in parentheses may hold spaces; the start time is field 22, the 20th after it.
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'alive';
      } catch {
        return 'alive';
      }
    },
  };
}

/** A link appears with its text in it, so nobody ever reads a lock that is half written. */
function createExclusively(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(owner: string, table: ProcessTable): boolean {
  const [, pid, identity] = /^(\d+) (.*)$/.exec(owner) ?? [];
  if (pid === undefined) return false;
  const now = table.identity(Number(pid));
  return now !== undefined && (identity === '' || now === identity);
}

function canConnect(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
