import { expect, test } from 'vitest';
import { BaseBuilder } from '../../../src/tab/lexicon/base.ts';
import { BASE_VERSION, BaseFileError, readBase, writeBase } from '../../../src/tab/lexicon/base-file.ts';

function base(...texts: string[]) {
  const builder = new BaseBuilder();
  for (const [index, text] of texts.entries())
    builder.add({ path: `src/ä${index}.ts`, modified: index, size: text.length }, text);
  return builder.freeze();
}

function bytesOf(...texts: string[]): Uint8Array {
  const parts = writeBase(base(...texts));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

test.each([[[]], [['']], [['a']], [['const a = 1;\n', 'größe = 2', '{\n  x\n}\n']]])(
  'reads back what it wrote: %j',
  (texts) => {
    expect(readBase(bytesOf(...texts))).toEqual(base(...texts));
  },
);

test.each([
  ['empty', () => new Uint8Array(0), 'shorter'],
  ['another kind', () => new Uint8Array(64).fill(7), 'no lexicon'],
  ['cut short', () => bytesOf('a b c').slice(0, -8), 'cut short'],
  [
    'another version',
    () => {
      const bytes = bytesOf('a b c');
      new Uint32Array(bytes.buffer)[1] = BASE_VERSION + 1;
      return bytes;
    },
    `version ${BASE_VERSION + 1}`,
  ],
])('%s is refused', (_, bytes, reason) => {
  expect(() => readBase(bytes())).toThrow(BaseFileError);
  expect(() => readBase(bytes())).toThrow(reason);
});

test('one flipped bit anywhere behind the head is found', () => {
  const sound = bytesOf('const a = b;\nconst c = d;');
  for (let at = 24; at < sound.length; at += 13) {
    const damaged = sound.slice();
    damaged[at]! ^= 1 << (at % 8);
    expect(() => readBase(damaged), `byte ${at}`).toThrow('checksum');
  }
});
