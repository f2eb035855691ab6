import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, createApplyStream, createEditParser, EDIT_FORMATS, parseEdit, rebaseEdit } from '../src/index.ts';

const SEED = 20260;

const PIECES = [
  '<<<<<<< SEARCH\n',
  '<<<< SEARCH',
  '=======\n',
  '=====',
  '>>>>>>> REPLACE\n',
  '```\n',
  '```ts src/a.ts\n',
  '~~~\n',
  '*** Begin Patch\n',
  '*** Update File: a.ts\n',
  '*** Add File: b\n',
  '*** End of File\n',
  '*** End Patch\n',
  '@@ class A {\n',
  '@@ -1,2 +1,3 @@ f\n',
  '@@\n',
  '--- a/a.ts\n',
  '+++ b/a.ts\n',
  'diff --git a/a.ts b/a.ts\n',
  '+added\n',
  '-one\n',
  ' two\n',
  '\\ No newline at end of file\n',
  '{"old_str": "one", "new_str": "1"}\n',
  '{"old_str": "on',
  '"}',
  '[',
  '{',
  'FIND:\n',
  'REPLACE WITH:\n',
  'END\n',
  '<old_str>',
  '</old_str>',
  '<new_str>x</new_str>\n',
  '// ... existing code ...\n',
  '...\n',
  'one\n',
  'two\n',
  '  three\n',
  '}\n',
  '\n',
  '\r\n',
  '\r',
  '\u0000',
  '\uD800',
  '\uDC00',
  '\uFEFF',
  '\u2028',
  '\t',
  'a.ts\n',
  '**src/a.ts**\n',
  'é',
  '😀',
];
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join(''));
const documents = fc.constantFrom(
  '',
  'one\ntwo\n  three\n}\n',
  'one\r\ntwo\r\n',
  '\uFEFFone\ntwo',
  'one\none\none\n',
  '\u0000\uD800\n',
  '...\n...\n',
);

/** Cuts a text at random places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((p) => p % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, i) => text.slice(start, at[i] ?? text.length));
}

describe('parsers', () => {
  it.each(EDIT_FORMATS)('%s gives the same answer for every way the text is cut', (format) => {
    fc.assert(
      fc.property(soup, fc.array(fc.nat(2000), { maxLength: 12 }), (text, places) => {
        const heard: unknown[] = [];
        const parser = createEditParser(format, (_, hunk) => heard.push(hunk));
        for (const piece of cut(text, places)) parser.push(piece);
        const streamed = parser.end();
        expect(streamed).toEqual(parseEdit(text, format));
        // What was heard on the way is what is there at the end, unless `auto` read the text again as something else.
        if (streamed.format !== 'lazy')
          expect(heard).toEqual(streamed.files.flatMap((file) => file.hunks).filter((h) => heard.includes(h)));
      }),
      { seed: SEED, numRuns: 250 },
    );
  });
});

describe('any input', () => {
  it.each(EDIT_FORMATS)('as %s is answered, and an incomplete answer says so', (format) => {
    fc.assert(
      fc.property(documents, soup, (original, edit) => {
        const result = applyEdit(original, edit, { format, path: 'a.ts' });
        expect(typeof result.text).toBe('string');
        expect(result.hunks.length).toBeGreaterThan(0);
        expect(result.complete).toBe(result.hunks.every((hunk) => hunk.status !== 'failed'));
        for (const hunk of result.hunks) expect(hunk.range.start).toBeLessThanOrEqual(hunk.range.end);
        if (result.hunks.every((hunk) => hunk.status === 'failed')) expect(result.text).toBe(original);
      }),
      { seed: SEED, numRuns: 250 },
    );
  });

  it('of random characters, too', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (original, edit) => {
          expect(typeof applyEdit(original, edit).text).toBe('string');
        },
      ),
      { seed: SEED, numRuns: 400 },
    );
  });

  it.each([
    ['one line of two million characters', 'x'.repeat(2_000_000), '<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n'],
    ['an edit of one huge line', 'a\n', `{"old_str": "${'y'.repeat(1_000_000)}", "new_str": ""}`],
    [
      '20,000 equal lines',
      'same\n'.repeat(20_000),
      `<<<<<<< SEARCH\n${'same\n'.repeat(5000)}=======\nx\n>>>>>>> REPLACE\n`,
    ],
    [
      '20,000 equal lines against a lazy snippet',
      'same();\n'.repeat(20_000),
      `// ...\n${'same();\n'.repeat(500)}other();\n// ...\n`,
    ],
    ['100,000 opening brackets', 'a\n', '['.repeat(100_000)],
    ['10,000 fences', 'a\n', '```\n'.repeat(10_000)],
    ['100,000 trailing commas', 'a\n', `[${',\n'.repeat(100_000)}]`],
    ['a long run of spaces and dots', 'a\n', `${' '.repeat(100_000)}...\n${'.'.repeat(100_000)}\n`],
  ])('%s is answered within two seconds of computing', (_, original, edit) => {
    // Of this thread alone: how busy the machine is does not count. Microseconds.
    const started = process.threadCpuUsage();
    applyEdit(original, edit);
    const { user, system } = process.threadCpuUsage(started);
    expect(user + system).toBeLessThan(2_000_000);
  });
});

describe('streams', () => {
  const original = Array.from({ length: 400 }, (_, i) => `const value${i} = ${i};`).join('\n') + '\n';
  const edit = [310, 20, 150]
    .map((i) => `<<<<<<< SEARCH\nconst value${i} = ${i};\n=======\nconst value${i} = ${i} * 2;\n>>>>>>> REPLACE\n`)
    .join('\n');

  it('settle each block as it arrives, in document order, and agree with the whole', () => {
    const stream = createApplyStream(new Map([['a.ts', original]]));
    const seen: string[] = [];
    for (const piece of edit.match(/[\s\S]{1,7}/g)!) {
      for (const file of stream.push(piece)) seen.push(file.changes.map((change) => change.from).join(','));
    }
    expect(seen).toEqual(['310', '20,310', '20,150,310']);
    const [file] = stream.progress();
    const { results } = stream.end();
    expect(file!.text()).toBe(results.get('a.ts')!.text);
    expect(file!.diff(1).slice(0, 4)).toEqual([
      { op: 'keep', text: 'const value19 = 19;', before: 19, after: 19 },
      { op: 'remove', text: 'const value20 = 20;', before: 20 },
      { op: 'add', text: 'const value20 = 20 * 2;', after: 20 },
      { op: 'keep', text: 'const value21 = 21;', before: 21, after: 21 },
    ]);
  });

  it('cost as much per character at the end as at the start', () => {
    const cost = (blocks: number) => {
      const parser = createEditParser('search-replace');
      const answer = Array.from(
        { length: blocks },
        (_, i) => `<<<<<<< SEARCH\nvalue${i}\n=======\nx${i}\n>>>>>>> REPLACE\n`,
      ).join('');
      // Time of this process alone: other work on the machine is not what is measured.
      const started = process.cpuUsage();
      for (let at = 0; at < answer.length; at += 16) parser.push(answer.slice(at, at + 16));
      parser.end();
      const { user, system } = process.cpuUsage(started);
      return (user + system) / blocks;
    };
    cost(10_000);
    const short = Math.min(cost(10_000), cost(10_000));
    expect(Math.min(cost(60_000), cost(60_000))).toBeLessThan(4 * short);
  });
});

describe('rebase', () => {
  const base = 'one\ntwo\nthree\nfour\nfive\nsix\n';
  const edited = applyEdit(base, '<<<<<<< SEARCH\nfive\n=======\nFIVE\n>>>>>>> REPLACE\n');
  it.each([
    [
      'lines that came in above',
      'zero\none\ntwo\nthree\nfour\nfive\nsix\n',
      'zero\none\ntwo\nthree\nfour\nFIVE\nsix\n',
      true,
    ],
    ['the same change', 'one\ntwo\nthree\nfour\nFIVE\nsix\n', 'one\ntwo\nthree\nfour\nFIVE\nsix\n', true],
    ['another change of the line', 'one\ntwo\nthree\nfour\n5\nsix\n', 'one\ntwo\nthree\nfour\n5\nsix\n', false],
    ['a change right beside it', 'one\ntwo\nthree\nfour\nfive\n6\n', 'one\ntwo\nthree\nfour\nfive\n6\n', false],
    ['the file emptied', '', '', false],
  ])('over %s', (_, current, expected, complete) => {
    const result = rebaseEdit(base, current, edited);
    expect(result.text).toBe(expected);
    expect(result.complete).toBe(complete);
    if (!complete) expect(result.hunks.map((hunk) => hunk.reason)).toContain('conflict');
  });

  it('with nothing changed in between is the edit itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }),
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 }),
        (x, y) => {
          const from = x.map((line) => `${line}\n`).join('');
          const result = applyEdit(from, y.map((line) => `${line}\n`).join(''), { format: 'whole' });
          expect(rebaseEdit(from, from, result).text).toBe(result.text);
        },
      ),
      { seed: SEED, numRuns: 200 },
    );
  });
});
