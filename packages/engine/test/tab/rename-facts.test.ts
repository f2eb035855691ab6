import { describe, expect, test } from 'vitest';
import { createRename } from '../../src/tab/sources/rename.ts';
import { type LanguageFacts, type Location, noLanguageFacts } from '../../src/workspace/language-facts.ts';
import { languageOf } from '../../src/workspace/languages.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { occurrencesOf } from '../../src/workspace/tokens.ts';
import { candidatesOf, changed, contextOf, renderCandidates, sceneOf } from './check.ts';

/** Two classes with a member of one name: which `x.size` is whose is a matter of types. */
const TEXT = `class Box { size = 1 }
class Bag { size = 2 }
const read = (box: Box, bag: Bag) => bag.size + box.size;
`;

/** What a language server would say of `Box.size`: its declaration and the last occurrence. */
const BOX_SIZE: readonly Location[] = [0, 3].map((index) => {
  const start = occurrencesOf(TEXT, 'size')[index]!;
  return { path: 'a.ts', start, end: start + 4 };
});

const at = BOX_SIZE[0]!.start;

function opened(): Snapshot {
  return Snapshot.empty
    .open({ path: 'a.ts', languageId: languageOf('a.ts'), version: 1, text: TEXT })
    .moveCursor({ path: 'a.ts', offset: at + 2, selecting: false });
}

const BY_TYPES = 'a.ts:3: const read = (box: Box, bag: Bag) => bag.size + box.[-size-]{+volume+};';

describe('a language server', () => {
  test('that still loads the project and answers for one file alone does not hide the other files', async () => {
    const source = createRename();
    const text = 'export const size = 1;\n';
    const facts: LanguageFacts = { ...noLanguageFacts, references: async () => [{ path: 'a.ts', start: 13, end: 17 }] };
    const rested = Snapshot.empty
      .open({ path: 'a.ts', languageId: 'typescript', version: 1, text })
      .open({ path: 'b.ts', languageId: 'typescript', version: 1, text: "import { size } from './a';\nuse(size);\n" })
      .moveCursor({ path: 'a.ts', offset: 15, selecting: false });
    await candidatesOf(source, contextOf(rested, { facts }));
    const context = contextOf(changed(rested, 'a.ts', [[13, 17, 'volume']], 'typed', 1_000), { facts });
    expect(renderCandidates(context, await candidatesOf(source, context))).toContain(
      "b.ts:1: import { [-size-]{+volume+} } from './a';",
    );
  });

  test('is asked while the cursor rests on a name, for what it says of it after the change is too late', async () => {
    const source = createRename();
    const asked: string[] = [];
    const facts: LanguageFacts = {
      ...noLanguageFacts,
      references: async (path, offset) => {
        asked.push(`${path}:${offset}`);
        return BOX_SIZE;
      },
    };
    expect(await candidatesOf(source, contextOf(opened(), { facts }))).toEqual([]);
    const snapshot = changed(opened(), 'a.ts', [[at, at + 4, 'volume']], 'typed', 1_000);
    // A snapshot shares its texts with the one it came from; this one was opened anew, as after a restart.
    expect(renderCandidates(contextOf(snapshot), await candidatesOf(source, contextOf(snapshot, { facts })))).toContain(
      'bag.[-size-]',
    );

    const rested = opened();
    await candidatesOf(source, contextOf(rested, { facts }));
    const next = changed(rested, 'a.ts', [[at, at + 4, 'volume']], 'typed', 1_000);
    const context = contextOf(next, { facts });
    expect(renderCandidates(context, await candidatesOf(source, context))).toBe(`0.9 2/2 ${BY_TYPES}`);
    expect(asked).toEqual([`a.ts:${at}`, `a.ts:${at}`]);
  });

  test('that fails or hangs is done without', async () => {
    for (const references of [async () => Promise.reject(new Error('gone')), () => new Promise<never>(() => {})]) {
      const facts: LanguageFacts = {
        ...noLanguageFacts,
        references,
        withTexts: () => ({ ...noLanguageFacts, references }),
      };
      const snapshot = changed(opened(), 'a.ts', [[at, at + 4, 'volume']], 'typed', 1_000);
      const candidates = await candidatesOf(createRename(), contextOf(snapshot, { facts }));
      expect(candidates.map(({ features }) => features.facts)).toEqual(candidates.map(() => 0));
      expect(candidates.length).toBeGreaterThan(0);
    }
  });

  test('that can tell of other texts is asked for those before the rename', async () => {
    const texts: string[] = [];
    const facts: LanguageFacts = {
      ...noLanguageFacts,
      withTexts: (before) => {
        texts.push(...before.values());
        return { ...noLanguageFacts, references: async () => BOX_SIZE };
      },
    };
    const snapshot = changed(opened(), 'a.ts', [[at, at + 4, 'volume']], 'typed', 1_000);
    const context = contextOf(snapshot, { facts });
    expect(renderCandidates(context, await candidatesOf(createRename(), context))).toBe(`0.9 2/2 ${BY_TYPES}`);
    expect(texts).toEqual([TEXT]);
  });

  test('names files that are not open, which are read from disk', async () => {
    const files = { 'lib/b.ts': "import { size } from '#alias';\nsize();\n" };
    const fixture = 'export const [-size-]{+volume+} = 1;\n';
    const facts: LanguageFacts = {
      ...noLanguageFacts,
      withTexts: () => ({
        ...noLanguageFacts,
        references: async () => [
          { path: 'a.ts', start: 13, end: 17 },
          { path: 'lib/b.ts', start: 9, end: 13 },
          { path: 'lib/b.ts', start: 31, end: 35 },
        ],
      }),
    };
    const context = sceneOf(fixture, { facts, files });
    expect(renderCandidates(context, await candidatesOf(createRename(), context, files), files)).toBe(
      "0.9 2/3 lib/b.ts:1: import { [-size-]{+volume+} } from '#alias';\n0.9 3/3 lib/b.ts:2: [-size-]{+volume+}();",
    );
  });
});
