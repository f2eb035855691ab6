import { expect, test } from 'vitest';
import fc from 'fast-check';
import { crc32, tableCrc32 } from '../../../src/index/grep/checksum.ts';
import { createGramReader, gramsOf, ODD_CASE_GRAM, searchedBytes } from '../../../src/index/grep/trigrams.ts';

const named = (grams: Iterable<number>) =>
  [...grams].map((gram) => Buffer.from([gram >>> 16, (gram >>> 8) & 255, gram & 255]).toString('latin1')).sort();
const gramsIn = (text: string) => named(createGramReader().read(Buffer.from(text)));

test.each([
  ['abcd', ['abc', 'bcd']],
  ['ABCabc', ['abc', 'bca', 'cab']],
  ['ab\ncd', []],
  ['abc\r\ndef', ['abc', 'bc\r', 'c\r\n', 'def'].filter((gram) => !gram.includes('\n'))],
  ['aaaa', ['aaa']],
  ['ab', []],
  ['', []],
  ['é1', ['\xc3\xa91']],
])('windows of %j', (text, grams) => {
  expect(gramsIn(text)).toEqual(grams.sort());
});

test('what was read before leaves no trace', () => {
  const reader = createGramReader();
  reader.read(Buffer.from('something long before'));
  expect(named(reader.read(Buffer.from('xyz')))).toEqual(['xyz']);
  expect(named(reader.read(Buffer.from('xyz')))).toEqual(['xyz']);
});

test.each([
  ['300 \u212a', true],
  ['wai\u017ft', true],
  ['\u017f', true],
  ['kelvin é ß', false],
])('a character that equals one of ASCII without regard to case is told of: %j', (text, odd) => {
  expect(createGramReader().read(Buffer.from(text)).includes(ODD_CASE_GRAM)).toBe(odd);
});

test('every window of a line is found, of any bytes', () => {
  const reader = createGramReader();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const lines = Buffer.from(bytes).toString('latin1').split('\n');
      const wanted = new Set(lines.flatMap(gramsOf));
      expect(new Set([...reader.read(bytes)].filter((gram) => gram !== ODD_CASE_GRAM))).toEqual(wanted);
    }),
    { seed: 13 },
  );
});

test('UTF-16 with its mark is taken as ripgrep takes it', () => {
  const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('häß', 'utf16le')]);
  const big = Buffer.from(little).swap16();
  expect(Buffer.from(searchedBytes(little)).toString('utf8')).toBe('häß');
  expect(Buffer.from(searchedBytes(big)).toString('utf8')).toBe('häß');
  expect(searchedBytes(Buffer.from('plain'))).toEqual(Buffer.from('plain'));
});

test.each([crc32, tableCrc32])('the checksum is the one everybody has', (crc32) => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  expect(crc32(Buffer.from('6789'), crc32(Buffer.from('12345')))).toBe(0xcbf43926);
});
