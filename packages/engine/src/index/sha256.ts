/**
 * SHA-256 (FIPS 180-4) of a text in UTF-8, hex. For short texts where a process is to answer before Node's own cryptography would be loaded, which takes
 * 6 ms; everything else uses `node:crypto`.
 */
export function sha256(text: string): string {
  const words = padded(Buffer.from(text, 'utf8'));
  const state = Uint32Array.from(START);
  const schedule = new Uint32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    schedule.set(words.subarray(block, block + 16));
    for (let at = 16; at < 64; at++) {
      const early = schedule[at - 15]!;
      const late = schedule[at - 2]!;
      const small = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const large = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      schedule[at] = schedule[at - 16]! + small + schedule[at - 7]! + large;
    }
    compress(state, schedule);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

function compress(state: Uint32Array, schedule: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let at = 0; at < 64; at++) {
    const choice = (e & f) ^ (~e & g);
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + ROUND[at]! + schedule[at]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  for (const [at, value] of [a, b, c, d, e, f, g, h].entries()) state[at]! += value;
}

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The bytes, a one bit, zeros, and the length in bits as 64 bits, in words of big endian. */
function padded(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(((bytes.length + 8) >>> 6) * 16 + 16);
  for (const [at, byte] of bytes.entries()) words[at >>> 2]! |= byte << (24 - (at & 3) * 8);
  words[bytes.length >>> 2]! |= 0x80 << (24 - (bytes.length & 3) * 8);
  words[words.length - 2] = Math.floor(bytes.length / 2 ** 29);
  words[words.length - 1] = bytes.length << 3;
  return words;
}

/** The first 32 bits of the fractional parts of a root of each of the first primes. */
function fractions(count: number, root: (prime: number) => number): readonly number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++)
    if (isPrime(candidate)) found.push(Math.floor((root(candidate) % 1) * 2 ** 32));
  return found;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

const START = fractions(8, Math.sqrt);
const ROUND = fractions(64, Math.cbrt);
