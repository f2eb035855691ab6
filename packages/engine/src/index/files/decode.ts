import { isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';

/** How bytes become text: a label that `TextDecoder` knows, and the length of the byte order mark before the text. */
export interface Encoding {
  readonly label: string;
  readonly mark: number;
}

/** Git looks this far for a zero byte too. */
const ZERO_WITHIN = 8_000;
/** Bytes that the detection looks at, and how sure it has to be, of 100. Two sentences of Czech come out at 13, of French at 32. */
const DETECT_WITHIN = 16_384;
const SURE_ENOUGH = 10;
/** The most usual one is preferred to one that is hardly more likely: French comes out as 34 for Central European and 32 for this. */
const WESTERN = 'windows-1252';
const CLOSE = 5;

/**
 * The encoding of a file's bytes, or why it has none: byte order marks first, then UTF-8, then UTF-16 without a mark, then what single-byte and East Asian
 * encodings the frequencies speak for (the library chardet). `TextDecoder` has to accept every byte of the answer.
 */
export function encodingOf(bytes: Uint8Array): Encoding | 'binary' | 'encoding not known' {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return accepted(bytes, 'utf-8', 3);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    // FF FE 00 00 is UTF-32, which TextDecoder does not know.
    return bytes.length >= 4 && bytes[2] === 0 && bytes[3] === 0
      ? 'encoding not known'
      : accepted(bytes, 'utf-16le', 2);
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return accepted(bytes, 'utf-16be', 2);
  if (bytes.subarray(0, ZERO_WITHIN).includes(0)) return unmarkedWide(bytes);
  if (isUtf8(bytes)) return { label: 'utf-8', mark: 0 };
  return legacy(bytes);
}

/** The text; the encoding comes from `encodingOf` of the same bytes. Line breaks stay as they are. */
export function decode(bytes: Uint8Array, { label, mark }: Encoding): string {
  return new TextDecoder(label, { ignoreBOM: true }).decode(bytes.subarray(mark));
}

/** UTF-16 of mostly Latin text has a zero in every second byte, on one side only. */
function unmarkedWide(bytes: Uint8Array): Encoding | 'binary' {
  const length = Math.min(bytes.length, ZERO_WITHIN) & ~1;
  if (bytes.length % 2 !== 0 || length < 4) return 'binary';
  const zeros = [0, 0];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at & 1]!++;
  const [even, odd] = zeros as [number, number];
  const half = length / 2;
  const label = odd > half * 0.7 && even === 0 ? 'utf-16le' : even > half * 0.7 && odd === 0 ? 'utf-16be' : undefined;
  const encoding = label && accepted(bytes, label, 0);
  return typeof encoding === 'object' && isText(decode(bytes, encoding)) ? encoding : 'binary';
}

function legacy(bytes: Uint8Array): Encoding | 'binary' | 'encoding not known' {
  let controls = 0;
  const head = bytes.subarray(0, DETECT_WITHIN);
  for (const byte of head) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) controls++;
  }
  if (controls > head.length / 200) return 'binary';
  const found = analyse(telling(bytes))
    .filter(({ name, confidence }) => confidence >= SURE_ENOUGH && !name.startsWith('UTF'))
    // ISO-8859-1 is read as Windows-1252 everywhere; it has the same letters and no control characters.
    .map(({ name, confidence }) => ({ label: name === 'ISO-8859-1' ? WESTERN : name.toLowerCase(), confidence }));
  const best = found[0]?.confidence ?? 0;
  const western = found.filter(({ label, confidence }) => label === WESTERN && best - confidence < CLOSE);
  for (const { label } of [...western, ...found]) {
    const encoding = accepted(bytes, label, 0);
    if (typeof encoding === 'object' && isText(decode(bytes, encoding))) return encoding;
  }
  // A few letters with accents in much ASCII are too little to detect by.
  const high = bytes.reduce((count, byte) => count + (byte > 127 ? 1 : 0), 0);
  return high * 20 < bytes.length ? accepted(bytes, WESTERN, 0) : 'encoding not known';
}

/** The lines that are not plain ASCII, as code around them says nothing, or English, of the language. */
function telling(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let length = 0;
  for (let start = 0; start < bytes.length && length < DETECT_WITHIN; ) {
    const end = bytes.indexOf(10, start) + 1 || bytes.length;
    const line = bytes.subarray(start, Math.min(end, start + DETECT_WITHIN));
    if (line.some((byte) => byte > 127)) {
      lines.push(line);
      length += line.length;
    }
    start = end;
  }
  return Buffer.concat(lines);
}

function accepted(bytes: Uint8Array, label: string, mark: number): Encoding | 'encoding not known' {
  try {
    new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(mark));
    return { label: label.toLowerCase(), mark };
  } catch {
    return 'encoding not known';
  }
}

function isText(text: string): boolean {
  return !/[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]/.test(text);
}
