import { describe, expect, test } from 'vitest';
import { recentRenames } from '../../src/tab/rename/detect.ts';
import { importedModule, namespaceModule, resolvesTo } from '../../src/tab/rename/imports.ts';
import { replacementAt } from '../../src/tab/rename/write.ts';
import { languageOf } from '../../src/workspace/languages.ts';
import type { SiteForm } from '../../src/workspace/name-sites.ts';
import { type SceneOptions, sceneOf } from './check.ts';

describe('which edits rename an identifier', () => {
  /** `old -> new` of each rename that the fixture's edits make, newest first; names on the way in brackets. */
  function renames(fixture: string, options?: SceneOptions): string[] {
    const { snapshot } = sceneOf(fixture, options);
    return recentRenames(snapshot.history.edits, languageOf).map(({ oldName, newName, between }) =>
      [oldName, ...between.map((name) => `(${name})`), newName].join(' -> '),
    );
  }
  const cases: [behaviour: string, fixture: string, expected: string[], options?: SceneOptions][] = [
    ['a word replaced', 'const [-foo-]{+bar+} = 1;', ['foo -> bar']],
    ['a word deleted and typed again', 'const [-foo-]{+bar+} = 1;', ['foo -> bar'], { keyByKey: true }],
    ['letters behind', 'const foo{+Bar+} = 1;', ['foo -> fooBar']],
    ['letters before', 'const {+my_+}foo = 1;', ['foo -> my_foo'], { keyByKey: true }],
    ['letters within, some gone', 'const get[-User-]{+Account+}Id = 1;', ['getUserId -> getAccountId']],
    ['digits', 'const a[-1-]{+2+} = 1;', ['a1 -> a2']],
    ['two places, each once', '[1-a-]{1+b+}(); [2-c-]{2+d+}();', ['c -> d', 'a -> b']],
    ['the same at two places', '[1-a-]{1+b+}(); [2-a-]{2+b+}();', ['a -> b']],
    ['nothing but white space', 'const foo{+ +}= 1;', []],
    ['a new word', 'const {+bar+} = 1;', []],
    ['a word taken out', 'const [-foo-] = 1;', []],
    ['more than a word', 'const [-foo = 1-]{+bar+};', []],
    ['a keyword', '[-var-]{+let+} a = 1;', []],
    ['a name made a keyword', 'f([-foo-]{+null+});', []],
    ['an operator beside a name', 'f({+!+}foo);', []],
    ['two words made one', 'f([-a b-]{+c+});', []],
    ['a number', 'f([-10-]{+20+});', []],
    ['the bare name where a sigil goes before', '=== a.php\n<?php $[-foo-]{+bar+} = 1;', ['foo -> bar']],
    ['the name with its sigil', '=== a.php\n<?php [-$foo-]{+$bar+} = 1;', ['foo -> bar']],
    ['not only ASCII', 'const [-größe-]{+länge+} = 1;', ['größe -> länge']],
    ['a name with a dollar', 'const [-$el-]{+$node+} = 1;', ['$el -> $node']],
    ['a line inserted behind the word', 'foo{+\nbar+}', []],
  ];
  test.each(cases)('%s', (_behaviour, fixture, expected, options) => {
    expect(renames(`${fixture}\n`, options)).toEqual(expected);
  });

  test('a word changed in two goes keeps its first name, and the one between', () => {
    const { snapshot } = sceneOf('const [-foo-]{+barBaz+} = 1;\n', { keyByKey: true, pause: 10_000 });
    expect(recentRenames(snapshot.history.edits, languageOf)[0]).toMatchObject({
      oldName: 'foo',
      newName: 'barBaz',
      offset: 6,
      now: 6,
    });
  });

  test('edits of something else make it older', () => {
    const { snapshot } = sceneOf('const [1-foo-]{1+bar+} = 1;\n\n{2+let x;+}\n\n\n{3+let y;+}\n');
    expect(recentRenames(snapshot.history.edits, languageOf).map(({ age }) => age)).toEqual([2]);
  });
});

describe('the module that a name is imported from', () => {
  test.each([
    ["import { §, b } from './a';", './a'],
    ["import a, {\n  b,\n  § as c,\n} from '../x/a.js';", '../x/a.js'],
    ["export { § } from './a';", './a'],
    ["const { § } = require('./a');", './a'],
    ["const { § } = await import('./a');", './a'],
    ["const { § } = props; import x from './a';", undefined],
    ["const § = 1;\nimport { b } from './a';", undefined],
    ['from a.b import c, §', 'a.b'],
    ['from .a import (\n  c,\n  §,\n)', '.a'],
    ['from a import b\n§()', undefined],
    ['use crate::a::§;', undefined],
  ])('%s', (marked, expected) => {
    const start = marked.indexOf('§');
    expect(importedModule(marked.replace('§', 'name'), start, start + 4)).toBe(expected);
  });

  test.each([
    ["import * as x from './a';", './a'],
    ["const x = require('./a');", './a'],
    ['import a.b as x\n', 'a.b'],
    ['import a.x\n', 'x'],
    ['from a import x, y\n', 'x'],
    ["import x from './a';", undefined],
  ])('namespace %s', (text, expected) => {
    expect(namespaceModule(text, 'x')).toBe(expected);
  });

  test.each([
    ['./a', 'src/b.ts', 'src/a.ts', 1],
    ['../a.js', 'src/deep/b.ts', 'src/a.ts', 1],
    ['./lib', 'src/b.ts', 'src/lib/index.ts', 1],
    ['.', 'src/b.ts', 'src/index.ts', 1],
    ['./lib', 'src/b.ts', 'src/lib/a.ts', 0.6],
    ['./a', 'src/b.ts', 'test/a.ts', 0.1],
    ['@/lib/a', 'src/b.ts', 'src/lib/a.ts', 0.8],
    ['src/lib/a', 'b.ts', 'src/lib/a.ts', 0.95],
    ['pkg.a', 'main.py', 'pkg/a.py', 0.95],
    ['.a', 'pkg/b.py', 'pkg/a.py', 0.95],
    ['pkg', 'main.py', 'pkg/__init__.py', 0.95],
    ['lodash', 'src/b.ts', 'src/a.ts', 0.15],
  ])('%s in %s is %s', (module, from, target, expected) => {
    expect(resolvesTo(module, from, target)).toBe(expected);
  });
});

describe('what is written at a place', () => {
  const cases: [form: SiteForm, kind: 'local' | 'member' | 'import', languageId: string, expected: string][] = [
    ['plain', 'local', 'typescript', 'new'],
    ['shorthand-value', 'local', 'typescript', 'old: new'],
    ['shorthand-value', 'member', 'typescript', 'new: old'],
    ['shorthand-pattern', 'local', 'javascriptreact', 'old: new'],
    ['shorthand-pattern', 'member', 'rust', 'new: old'],
    ['shorthand-value', 'local', 'rust', 'old: new'],
    ['export', 'local', 'typescript', 'new as old'],
    ['import', 'import', 'typescript', 'old as new'],
    ['import', 'import', 'python', 'old as new'],
    ['import', 'import', 'java', 'new'],
    ['text', 'local', 'typescript', 'new'],
  ];
  test.each(cases)('%s of a %s in %s', (form, kind, languageId, expected) => {
    expect(replacementAt({ form }, { kind }, 'old', 'new', languageId)).toBe(expected);
  });
});
