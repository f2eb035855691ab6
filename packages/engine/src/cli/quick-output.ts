import { fstatSync, statSync } from 'node:fs';
import type { TextOutput } from './io.ts';

export interface QuickOutput extends TextOutput {
  /** What is held back goes out. Resolves when the system has it. */
  flush(): Promise<void>;
}

export interface OutputEffects {
  /** Bytes that were taken. Throws what the system throws: EAGAIN where it is full, EPIPE where the reader has gone. */
  write(bytes: Uint8Array): number;
  /** The stream of the same file, which waits where the system would not. */
  stream(): NodeJS.WritableStream;
  /** The reader has gone. */
  closed(): never;
  /** Characters that are held back until there are so many. */
  readonly held: number;
}

/**
 * Text to a pipe or a file without the streams and sockets that Node's own output loads (5 ms). Where the other end is slower, and does not let a writer wait, the
 * stream takes over.
 */
export function quickOutput({ write, stream, closed, held: most }: OutputEffects): QuickOutput {
  let held: string[] = [];
  let length = 0;
  let slow: NodeJS.WritableStream | undefined;

  function out(): void {
    const text = held.join('');
    held = [];
    length = 0;
    if (text === '') return;
    if (slow) return void slow.write(text);
    let bytes: Uint8Array = Buffer.from(text, 'utf8');
    try {
      while (bytes.length > 0) bytes = bytes.subarray(write(bytes));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') closed();
      if (code !== 'EAGAIN') throw error;
      slow = stream();
      slow.write(bytes);
    }
  }

  return {
    destroyed: false,
    isTTY: false,
    write(text) {
      held.push(text);
      length += text.length;
      if (length >= most) out();
      return true;
    },
    on: () => {},
    off: () => {},
    flush() {
      out();
      return new Promise((resolve) => (slow ? slow.write('', () => resolve()) : resolve()));
    },
  };
}

/** Whether a descriptor takes bytes without a stream: a terminal may want them translated, and pipes of Windows do not let a writer wait. */
export function isPlainOutput(descriptor: number, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') return false;
  try {
    const stat = fstatSync(descriptor);
    return stat.isFile() || stat.isFIFO() || stat.isSocket() || isNull(stat);
  } catch {
    // It is closed: the stream knows what to do.
    return false;
  }
}

/** `/dev/null`, where what only the exit code is wanted of is sent. Any other device may be a terminal. */
function isNull({ rdev }: { readonly rdev: number }): boolean {
  return rdev !== 0 && rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
}
