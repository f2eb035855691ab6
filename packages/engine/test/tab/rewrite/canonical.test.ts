import { describe, expect, test } from 'vitest';
import { propagate } from '../../../src/tab/sources/propagate.ts';
import { candidatesOf } from '../places.ts';

/** The usual setting of `tabstop.tab.minConfidence`. */
const BAR = 0.25;

/** What everybody who did it twice expects to be offered: shown at the usual setting, with the weights that ship. */
describe('two equal edits are enough to be shown the third place', () => {
  test.each([
    [
      'a wrapped call (typescript)',
      `=== a.ts\nconst a = {+wrap(+}load(1){+)+};\nrun();\nconst b = {+wrap(+}load(2){+)+};\nrun();\nconst c = load(3);\n`,
      'a.ts:5: const c = [-load(3-]{+wrap(load(3)+});',
    ],
    [
      'an argument added (go)',
      `=== a.go\nx := send(a{+, opts+})\nrun()\ny := send(b{+, opts+})\nrun()\nz := send(c)\nrun()\n`,
      'a.go:5: z := send(c{+, opts+})',
    ],
    [
      'a keyword argument added (python)',
      `=== a.py\nlog(a{+, level=1+})\nrun()\nlog(b{+, level=1+})\nrun()\nlog(c)\nrun()\n`,
      'a.py:5: log(c{+, level=1+})',
    ],
    [
      'a value (css)',
      `=== a.css\na { color: [-red-]{+var(--accent)+}; }\np { color: [-red-]{+var(--accent)+}; }\ni { margin: 0 }\nb { color: red; }\nu { margin: 0 }\n`,
      'a.css:4: b { color: [-red-]{+var(--accent)+}; }',
    ],
    [
      'a method (rust)',
      `=== a.rs\nlet a = x.[-unwrap-]{+expect+}();\nrun();\nlet b = y.[-unwrap-]{+expect+}();\nrun();\nlet c = z.unwrap();\nrun();\n`,
      'a.rs:5: let c = z.[-unwrap-]{+expect+}();',
    ],
    [
      'a type (java)',
      `=== A.java\nprivate [-Date-]{+Instant+} a;\nint x;\nprivate [-Date-]{+Instant+} b;\nint y;\nprivate Date c;\nint z;\n`,
      'A.java:5: private [-Date-]{+Instant+} c;',
    ],
  ])('%s', async (_name, fixture, expected) => {
    const [first] = (await candidatesOf(propagate, fixture)).sort((a, b) => b.score - a.score);
    expect(first?.marked).toBe(expected);
    expect(first!.score).toBeGreaterThanOrEqual(BAR);
  });

  test('one is enough for a call that is wrapped', async () => {
    const fixture = `=== a.ts\nconst a = [-load(1)-]{+wrap(load(1))+};\nrun();\nconst b = load(2);\nrun();\n`;
    const [first] = await candidatesOf(propagate, fixture);
    expect(first?.score).toBeGreaterThanOrEqual(BAR);
  });

  test('a bracket that stands alone is not offered on its own', async () => {
    const fixture = `=== a.py\nraise E([-"one"-]{+_("one")+})\nrun()\nraise E("two"\n      "three")\nrun()\n`;
    for (const { marked, score, features } of await candidatesOf(propagate, fixture))
      if (features.unbalances === 1) expect([marked, score < BAR]).toEqual([marked, true]);
  });
});
