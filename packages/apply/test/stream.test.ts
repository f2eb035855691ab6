import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, createApplyStream, type DiffLine, type EditFormat, type FileProgress } from '../src/index.ts';
import { text } from './check.ts';

const SEED = 20261;

/** What is known of a file after each piece of one line, told by `tell`; equal ones in a row once. */
function watch(files: Record<string, string>, format: EditFormat, edit: string, tell: (file: FileProgress) => string) {
  const stream = createApplyStream(new Map(Object.entries(files)), format);
  const seen: string[] = [];
  for (const line of edit.split(/(?<=\n)/)) {
    for (const file of stream.push(line)) if (seen.at(-1) !== tell(file)) seen.push(tell(file));
  }
  return { seen, progress: stream.progress(), results: stream.end().results };
}

const shown = (lines: readonly DiffLine[]) =>
  lines.filter((line) => line.op !== 'keep').map((line) => (line.op === 'add' ? '+' : '-') + line.text.trim());

const DOCUMENT = text(`
  import { a } from './a';

  export function first() {
    return a(1);
  }

  export function second() {
    return a(2);
  }

  export function third() {
    return a(3);
  }
`);

describe('whole files as they arrive', () => {
  const after = DOCUMENT.replace('a(1)', 'a(10)').replace('a(3)', 'a(30)');

  it('settle up to the last line that is known, with the diff of what is settled', () => {
    const { seen } = watch({ 'a.ts': DOCUMENT }, 'whole', `a.ts\n\`\`\`ts\n${after}\`\`\`\n`, (file) =>
      [`${file.settled}${file.ended ? ' ended' : ''}`, ...shown(file.diff())].join(' '),
    );
    expect(seen).toEqual([
      '1',
      '2',
      '3',
      '7 -return a(1); +return a(10);',
      '8 -return a(1); +return a(10);',
      '9 -return a(1); +return a(10);',
      '10 -return a(1); +return a(10);',
      '11 -return a(1); +return a(10);',
      '13 ended -return a(1); +return a(10); -return a(3); +return a(30);',
    ]);
  });

  it('begin with what has arrived, whatever follows, and end as the whole answer says', () => {
    const line = fc.constantFrom('one();', 'two();', 'three();', 'four();', '}', '');
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 14 }),
        fc.array(line, { minLength: 1, maxLength: 14 }),
        (before, fresh) => {
          const original = before.map((l) => `${l}\n`).join('');
          const edit = ['a.ts', '```', ...fresh, '```', ''].join('\n');
          const stream = createApplyStream(new Map([['a.ts', original]]), 'whole');
          let arrived = 0;
          for (const piece of edit.split(/(?<=\n)/)) {
            for (const file of stream.push(piece)) {
              if (file.ended) continue;
              arrived++;
              const settledLines = file.changes.reduce(
                (sum, c) => sum + c.insert.length - (c.to - c.from),
                file.settled,
              );
              expect(settledLines).toBeLessThanOrEqual(arrived);
              expect(file.text().split('\n').slice(0, settledLines)).toEqual(fresh.slice(0, settledLines));
            }
          }
          const [last] = stream.progress();
          expect(last?.text()).toBe(stream.end().results.get('a.ts')?.text);
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('lazy snippets as they arrive', () => {
  it('show what their segments say so far, at the end what all of them do', () => {
    const edit = ['```ts a.ts', 'import { a, b } from "./a";', '', 'export function first() {', '  // ...']
      .concat('}', '', 'export function second() {', '  return b(2);', '}', '// ...', '```', '')
      .join('\n')
      .replaceAll('"', "'");
    const { progress, results } = watch({ 'a.ts': DOCUMENT }, 'lazy', edit, () => '');
    expect(results.get('a.ts')?.complete).toBe(true);
    expect(shown(progress[0]!.diff())).toEqual([
      "-import { a } from './a';",
      "+import { a, b } from './a';",
      '-return a(2);',
      '+return b(2);',
    ]);
  });

  it('of several blocks are told apart by their paths', () => {
    const block = (path: string) =>
      `${path}\n\`\`\`\n// ...\nexport function second() {\n  return ${path[0]}(2);\n}\n// ...\n\`\`\`\n`;
    const { progress } = watch({ 'b.ts': DOCUMENT, 'c.ts': DOCUMENT }, 'lazy', block('b.ts') + block('c.ts'), () => '');
    expect(progress.map((file) => [file.path, file.ended, shown(file.diff())])).toEqual([
      ['b.ts', true, ['-return a(2);', '+return b(2);']],
      ['c.ts', true, ['-return a(2);', '+return c(2);']],
    ]);
  });
});

describe('file operations of a patch', () => {
  const PATCH = text(`
    *** Begin Patch
    *** Add File: new.ts
    +export const fresh = 1;
    *** Update File: a.ts
    *** Move to: moved.ts
    @@ export function first() {
    -  return a(1);
    +  return a(10);
    *** Delete File: old.ts
    *** End Patch
  `);

  it('are known when their section is complete', () => {
    const { seen } = watch({ 'a.ts': DOCUMENT, 'old.ts': 'gone\n' }, 'patch', PATCH, (file) =>
      [file.path, file.action, file.moveTo, file.ended, file.hunks.length, file.text().length].join(' '),
    );
    expect(seen).toEqual([
      'new.ts add  true 0 24',
      `a.ts update moved.ts true 1 ${DOCUMENT.length + 1}`,
      'old.ts delete  true 0 0',
    ]);
  });

  it('are the same in the final results', () => {
    const { progress, results } = watch({ 'a.ts': DOCUMENT, 'old.ts': 'gone\n' }, 'patch', PATCH, () => '');
    expect(results.get('a.ts')?.moveTo).toBe('moved.ts');
    expect(results.get('old.ts')?.deleted).toBe(true);
    for (const file of progress) {
      const result = results.get(file.path) ?? applyEdit('', PATCH, { path: file.path, format: 'patch' });
      expect(file.text()).toBe(result.text);
    }
  });
});
