import { describe, expect, test } from 'vitest';
import { propagate } from '../../../src/tab/sources/propagate.ts';
import { placesOf } from '../places.ts';

/** Names that differ around a place are exchanged one for one, and never with a word of the change itself. */
describe('the context of a place', () => {
  test.each([
    [
      'a type beside others of its kind: the same field first, the other field as a stop of its own',
      `interface A {\n  id: [-number-]{+string+};\n  name: string;\n}\ninterface B {\n  id: number;\n  total: number;\n}`,
      ['a.ts:6:   id: [-number-]{+string+};', 'a.ts:7:   total: [-number-]{+string+};'],
    ],
    [
      'neighbouring lines of one kind are one stop',
      `use({ a: [-one-]{+two+} });\nrun();\nrun();\nuse({ a: one });\nuse({ a: one });`,
      ['a.ts:4: use({ a: [-one-]{+two+} });\na.ts:5: use({ a: [-one-]{+two+} });'],
    ],
  ])('%s', async (_what, fixture, expected) => {
    expect(await placesOf(propagate, `=== a.ts\n${fixture}`)).toEqual(expected);
  });
});
