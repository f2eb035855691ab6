import type { Server } from 'node:net';
import { LaunchError } from '../launch-error.ts';

/** How many ports are tried, from the one asked for upwards. */
const TRIES = 50;

/** Listens on `port`, or the first free one after it. Resolves to the port. Throws `LaunchError`. */
export async function listenOnFreePort(server: Server, host: string, port: number): Promise<number> {
  for (let candidate = port; candidate < port + TRIES && candidate <= 65_535; candidate++) {
    const failure = await listenOnce(server, host, candidate);
    if (failure === undefined) {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : candidate;
    }
    if (failure.code === 'EADDRINUSE') continue;
    if (failure.code === 'EACCES') {
      throw new LaunchError(`Port ${candidate} needs more rights than you have. Use --port with a number above 1023.`);
    }
    if (failure.code === 'EADDRNOTAVAIL' || failure.code === 'ENOTFOUND' || failure.code === 'EAI_AGAIN') {
      throw new LaunchError(`This machine has no address ${host}. Leave --host out to listen on 127.0.0.1.`);
    }
    throw new LaunchError(`Cannot listen on ${host}:${candidate}: ${failure.message}`, undefined, { cause: failure });
  }
  throw new LaunchError(
    `Ports ${port} to ${Math.min(port + TRIES - 1, 65_535)} are all taken. Use --port with another one.`,
  );
}

function listenOnce(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      server.off('listening', listening);
      resolve(error);
    };
    const listening = (): void => {
      server.off('error', failed);
      resolve(undefined);
    };
    server.once('error', failed);
    server.once('listening', listening);
    server.listen(port, host);
  });
}
