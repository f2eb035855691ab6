import { createSocket, type Socket } from 'node:dgram';

/** A DNS server that knows no name and remembers every question. */
export interface NameServer {
  /** Names asked for, in order. */
  readonly asked: readonly string[];
  close(): void;
}

export async function startNameServer(port: number): Promise<NameServer> {
  const asked: string[] = [];
  const sockets: Socket[] = [];
  for (const [type, address] of [
    ['udp4', '127.0.0.1'],
    ['udp6', '::1'],
  ] as const) {
    const socket = createSocket(type);
    socket.on('message', (message, from) => {
      asked.push(nameIn(message));
      const answer = Buffer.from(message);
      // A response (QR), recursion available, NXDOMAIN.
      answer[2] = (answer[2] ?? 0) | 0x80;
      answer[3] = 0x83;
      socket.send(answer, from.port, from.address);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, address, resolve);
    });
    sockets.push(socket);
  }
  return {
    asked,
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

/** The name of the first question: labels with their lengths, after 12 bytes of header. */
function nameIn(message: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; at < message.length && message[at]! > 0; at += message[at]! + 1) {
    labels.push(message.toString('latin1', at + 1, at + 1 + message[at]!));
  }
  return labels.join('.');
}
