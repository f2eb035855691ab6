import { describe, expect, test } from 'vitest';
import { createRepair } from '../../../src/tab/sources/repair.ts';
import { applyEdits } from '../../../src/workspace/text-edit.ts';
import { candidatesOf, sceneOf } from '../check.ts';

/** The text with the best candidate accepted; `undefined` for silence. */
async function repaired(fixture: string): Promise<string | undefined> {
  const context = sceneOf(fixture);
  const [first] = await candidatesOf(createRepair(), context);
  return first && applyEdits(context.snapshot.documents.get(first.path)!.content, first.edits);
}

describe('an import left behind', () => {
  test.each([
    [
      'TypeScript: a name in the middle',
      "import { a, b, c } from './x';\n\na([-b-]{+1+});\nc();\n",
      "import { a, c } from './x';\n\na(1);\nc();\n",
    ],
    [
      'TypeScript: the first name',
      "import { a, b } from './x';\n\n[-a();\n-]b();\n",
      "import { b } from './x';\n\nb();\n",
    ],
    [
      'TypeScript: the last name of a list over lines',
      "import {\n  a,\n  b,\n} from './x';\n\na();\n[-b();\n-]",
      "import {\n  a,\n} from './x';\n\na();\n",
    ],
    [
      'TypeScript: the default beside a list',
      "import x, { a } from './x';\n\na([-x-]);\n",
      "import { a } from './x';\n\na();\n",
    ],
    [
      'TypeScript: the list beside a default',
      "import x, { a } from './x';\n\n[-a(-]x[-)-];\n",
      "import x from './x';\n\nx;\n",
    ],
    [
      'TypeScript: the whole line',
      "import { a } from './a';\nimport { b } from './b';\n\na();\n[-b();\n-]",
      "import { a } from './a';\n\na();\n",
    ],
    [
      'TypeScript: the only import, with the blank line behind it',
      "import { a } from './a';\n\nrun();\n[-a();\n-]",
      'run();\n',
    ],
    [
      'JavaScript: require',
      "const fs = require('fs');\nconst os = require('os');\n\nos.x([-fs.y()-]);\n",
      "const os = require('os');\n\nos.x();\n",
    ],
    ['Python: from', '=== a.py\nfrom x import a, b\n\na([-b-])\n', 'from x import a\n\na()\n'],
    ['Python: import', '=== a.py\nimport os\nimport re\n\nre.x()\n[-os.y()\n-]', 'import re\n\nre.x()\n'],
    [
      'Go',
      '=== a.go\npackage a\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc f() {\n\tfmt.Println([-os.Args-])\n}\n',
      'package a\n\nimport (\n\t"fmt"\n)\n\nfunc f() {\n\tfmt.Println()\n}\n',
    ],
    [
      'Rust: out of a list',
      '=== a.rs\nuse std::collections::{HashMap, HashSet};\n\nfn f() {\n    HashMap::new();\n    [-HashSet::new();\n    -]}\n',
      'use std::collections::{HashMap};\n\nfn f() {\n    HashMap::new();\n    }\n',
    ],
    [
      'Java',
      '=== A.java\nimport java.util.List;\nimport java.util.Map;\n\nclass A {\n  List a;\n  [-Map b;\n-]}\n',
      'import java.util.List;\n\nclass A {\n  List a;\n  }\n',
    ],
    ['PHP', '=== a.php\n<?php\n\nuse A\\B;\nuse A\\C;\n\nnew B([-new C()-]);\n', '<?php\n\nuse A\\B;\n\nnew B();\n'],
  ])('%s', async (_what, fixture, expected) => {
    expect(await repaired(fixture)).toBe(expected);
  });

  test.each([
    ['while a use is left', "import { a } from './a';\n[-a();\n-]a();\n"],
    ['while a string mentions it', "=== a.py\nfrom x import a\n\n__all__ = ['a']\n[-a()\n-]"],
    ['that was never used', "import { a } from './a';\n[-b();\n-]c();\n"],
    ['that is handed on', '=== a.rs\npub use crate::x::A;\n\nfn f() { [-A::new()-] }\n'],
  ])('none %s', async (_what, fixture) => {
    expect(await repaired(fixture)).toBeUndefined();
  });

  test('a comment is no use', async () => {
    expect(await repaired("import { a } from './a';\nimport { b } from './b';\n// a\nb([-a-]);\n")).toBe(
      "import { b } from './b';\n// a\nb();\n",
    );
  });
});
