import { hash } from 'node:crypto';
import { decode, type Encoding, encodingOf } from '../files/decode.ts';
import { CONTENT_REASONS, type ContentReason, leftOutByText } from '../files/left-out.ts';
import { HASH_BYTES } from './folder-node.ts';

export function contentHash(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer').subarray(0, HASH_BYTES);
}

/** What a file's content says: how to read it, or why it is left out. */
export function classify(name: string, bytes: Uint8Array): Encoding | { readonly leftOut: ContentReason } {
  const encoding = encodingOf(bytes);
  if (typeof encoding === 'string') return { leftOut: encoding };
  const wide = encoding.label.startsWith('utf-16');
  const leftOut = leftOutByText(name, wide ? Buffer.from(decode(bytes, encoding)) : bytes);
  return leftOut === '' ? encoding : { leftOut };
}

export function reasonMark(reason: ContentReason): number {
  return CONTENT_REASONS.indexOf(reason);
}
