import { describe, expect, test } from 'vitest';
import { chunkTerms, commentsOf, IN_COMMENT, IN_PATH, IN_SYMBOL } from '../../../src/index/lexical/fields.ts';

const CODE = `/** Sends the file again until the server takes it. */
export async function retryUpload(file: File): Promise<void> {
  // gives up after five
  for (let attempt = 0; attempt < 5; attempt++) await send(file);
}`;

describe('terms of a chunk', () => {
  const { terms, length } = chunkTerms({
    path: 'src/net/upload.ts',
    language: 'typescript',
    symbol: 'retryUpload',
    text: CODE,
  });

  test.each([
    ['retry', 1, IN_SYMBOL],
    ['upload', 1, IN_SYMBOL | IN_PATH],
    ['retryupload', 1, IN_SYMBOL],
    ['server', 1, IN_COMMENT],
    ['fiv', 1, IN_COMMENT],
    ['attempt', 3, 0],
    ['fil', 4, IN_COMMENT],
    ['net', 0, IN_PATH],
  ])('%s is there %i times, fields %i', (term, count, fields) => expect(terms.get(term)).toEqual({ count, fields }));

  test('length is that of the text alone', () =>
    expect(length).toBe([...terms.values()].reduce((total, { count }) => total + count, 0)));
});

describe('what is written for people', () => {
  test.each([
    ['typescript', 'a(); // not at the start\n// one\n/* two\n * three\n */\nb();', ' one\n two\n* three\n*/'],
    ['python', 'def f():\n    """Doc\n    more"""\n    x = 1  # no\n    # yes', 'Doc\nmore"""\n yes'],
    ['python', "def f():\n    '''One line.'''\n    return 1", "One line.'''"],
    ['sql', '-- why\nSELECT 1;', ' why'],
    ['html', '<!-- a\nb -->\n<p>c</p>', ' a\nb -->'],
    ['markdown', '# All\nof it', '# All\nof it'],
    ['json', '{"a": 1}', ''],
  ])('%s', (language, text, comments) => expect(commentsOf(text, language)).toBe(comments));
});

describe('the simhash of texts', () => {
  const hash = (text: string) => chunkTerms({ path: 'a', language: 'typescript', text }).simhash;
  const distance = (a: readonly [number, number], b: readonly [number, number]) =>
    [a[0] ^ b[0], a[1] ^ b[1]].reduce((total, word) => total + (word >>> 0).toString(2).replaceAll('0', '').length, 0);

  test('is equal for equal texts, whatever their path', () => {
    const other = chunkTerms({ path: 'elsewhere/b.ts', language: 'typescript', text: CODE });
    expect(other.simhash).toEqual(hash(CODE));
  });

  test('differs little for little changes, and much for other texts', () => {
    const long = `${CODE}\nfunction send(file, target, options) { const body = encode(file, options.charset); return post(target.address, body, options.headers); }`;
    expect(distance(hash(long), hash(long.replace('charset', 'encoding')))).toBeLessThan(12);
    expect(
      distance(
        hash(long),
        hash('SELECT name, birthday FROM customers WHERE country = 7 ORDER BY revenue DESC LIMIT 20 OFFSET 40'),
      ),
    ).toBeGreaterThan(16);
  });
});
