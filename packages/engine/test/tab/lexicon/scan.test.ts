import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashOf, NEWLINE, NUMBER, OPERATOR, type ScanKind, scan, WORD } from '../../../src/tab/lexicon/scan.ts';
import { lex } from '../../../src/workspace/tokens.ts';

const NAMES: Record<ScanKind, string> = {
  [WORD]: 'word',
  [NUMBER]: 'number',
  [OPERATOR]: 'operator',
  [NEWLINE]: 'newline',
};

function scanned(text: string): string[] {
  const tokens: string[] = [];
  scan(text, 0, text.length, (kind, start, end, spaced, hash) => {
    if (kind !== NEWLINE) expect(hash).toBe(hashOf(text, start, end));
    tokens.push(
      `${NAMES[kind]}${kind !== NEWLINE && spaced ? ' after space' : ''}: ${JSON.stringify(text.slice(start, end))}`,
    );
  });
  return tokens;
}

/** The same from the lexer with objects: its white space becomes a trait of the token after it; a `\r` after a blank it counts as white space. */
function lexed(text: string): string[] {
  const tokens: string[] = [];
  let spaced = false;
  for (const { kind, text: token } of lex(text)) {
    if (kind === 'space') spaced = true;
    else {
      tokens.push(`${kind}${kind !== 'newline' && spaced ? ' after space' : ''}: ${JSON.stringify(token)}`);
      spaced = false;
    }
  }
  return tokens;
}

test.each([
  ['a?.b ?? c', ['word: "a"', 'operator: "?."', 'word: "b"', 'operator after space: "??"', 'word after space: "c"']],
  ['x\r\n  y', ['word: "x"', 'newline: "\\r\\n  "', 'word: "y"']],
  ['1.5e3+0x1F', ['number: "1.5e3"', 'operator: "+"', 'number: "0x1F"']],
  ['größe_2 = $x', ['word: "größe_2"', 'operator after space: "="', 'word after space: "$x"']],
  ['😀 a', ['operator: "😀"', 'word after space: "a"']],
])('%j', (text, tokens) => {
  expect(scanned(text)).toEqual(tokens);
});

test('agrees with the lexer of the workspace on every text', () => {
  const piece = fc.constantFrom(
    ...[
      'foo',
      'Bar9',
      '_',
      '$',
      'é',
      '中',
      '😀',
      '12',
      '3.4',
      '0x',
      '.',
      '...',
      '..=',
      '=',
      '=>',
      '==',
      '===',
      '!',
      '?',
      '??=',
      '?.',
    ],
    ...[
      '"',
      "'''",
      '`',
      '```',
      '/',
      '//',
      '///',
      '/**',
      '*/',
      '</',
      '/>',
      '<<',
      '>',
      '(',
      ')',
      '{',
      ' ',
      '  ',
      '\t',
      '\n',
      '\r\n',
      '\r',
      '\n  ',
      '\u00a0',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const bare = (tokens: string[]) => tokens.map((token) => token.replace('"\\r\\n', '"\\n'));
      expect(bare(scanned(text))).toEqual(bare(lexed(text)));
    }),
    { numRuns: 2_000, seed: 4 },
  );
});
