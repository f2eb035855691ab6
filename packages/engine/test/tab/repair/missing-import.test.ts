import { describe, expect, test } from 'vitest';
import { createRepair } from '../../../src/tab/sources/repair.ts';
import { noSyntax } from '../../../src/workspace/syntax.ts';
import { candidatesOf, renderCandidates, type SceneOptions, sceneOf } from '../check.ts';

/** The best candidate as marked lines, without its score; empty for silence. */
async function best(fixture: string, options: SceneOptions = {}): Promise<string> {
  const context = sceneOf(fixture, options);
  const [first] = await candidatesOf(createRepair(), context, options.files);
  if (!first) return '';
  return renderCandidates(context, [first], options.files).replace(/^[\d.]+ (?:\d+\/\d+ )?/, '');
}

const CASES: readonly (readonly [what: string, fixture: string, files: Record<string, string>, expected: string])[] = [
  [
    'TypeScript: a statement of its own, the path told from here',
    `
    === src/app/main.ts
    import { a } from './a';
    import { b } from './b';

    {+const shown = formatDate(a);
    +}b();
    `,
    { 'src/pages/page.ts': "import { formatDate } from '../lib/dates';\nformatDate(1);\n" },
    "src/app/main.ts:1: {+import { formatDate } from '../lib/dates';\nsrc/app/main.ts:2: +}import { a } from './a';",
  ],
  [
    'TypeScript: into the list of the module, in its order',
    `
    === src/main.ts
    import { alpha, gamma } from "./greek"

    alpha(gamma);
    {+beta();
    +}
    `,
    { 'src/other.ts': 'import { beta } from "./greek"\nbeta()\n' },
    'src/main.ts:1: import { alpha, {+beta, +}gamma } from "./greek"',
  ],
  [
    'TypeScript: into a list over several lines, in its own form',
    `
    === src/main.ts
    import {
      alpha,
      beta,
    } from './greek';

    alpha(beta);
    {+gamma();
    +}
    `,
    { 'src/other.ts': "import { gamma } from './greek';\ngamma();\n" },
    'src/main.ts:3:   beta{+,\nsrc/main.ts:4:   gamma+},',
  ],
  [
    'TypeScript: the form that most files write',
    `
    === main.ts
    import { x } from './x';
    {+const file = path.join(x);
    +}
    `,
    {
      'a.ts': "import * as path from 'node:path';\npath.join();\n",
      'b.ts': "import path from 'path';\npath.join();\n",
      'c.ts': "import * as path from 'node:path';\npath.join();\n",
    },
    "main.ts:1: {+import * as path from 'node:path';\nmain.ts:2: +}import { x } from './x';",
  ],
  [
    'TypeScript: the first import of a file, above the comment of what follows',
    `
    === src/main.ts
    /**
     * Shows it.
     */
    export function show() {
      {+beta();
    +}}
    `,
    { 'src/other.ts': "import { beta } from './greek';\nbeta();\n" },
    "src/main.ts:1: {+import { beta } from './greek';\nsrc/main.ts:2: \nsrc/main.ts:3: +}/**",
  ],
  [
    'JavaScript: the first import of a file, below the comment at its top',
    `
    === src/main.js
    /**
     * @fileoverview Shows it.
     */
    'use strict';

    {+beta();
    +}
    `,
    { 'src/other.js': "const beta = require('./greek');\nbeta();\n" },
    "src/main.js:6: {+const beta = require('./greek');\nsrc/main.js:7: \nsrc/main.js:8: +}beta();",
  ],
  [
    'Python: capitals first, as the list is sorted',
    `
    === a.py
    from .compat import (
        WIN,
        isatty,
    )

    {+CYGWIN()
    +}isatty(WIN)
    `,
    { 'b.py': 'from .compat import CYGWIN\n\nCYGWIN()\n' },
    'a.py:2:     {+CYGWIN,\na.py:3:     +}WIN,',
  ],
  [
    'TypeScript: exported by one file, imported by none yet',
    `
    === src/main.ts
    import { x } from './x.js';
    {+parseRoute(x);
    +}
    `,
    { 'src/routes.ts': 'export function parseRoute(text: string) {}\n' },
    "src/main.ts:2: {+import { parseRoute } from './routes.js';\nsrc/main.ts:3: +}parseRoute(x);",
  ],
  [
    'JavaScript: require, with the quotes of this file',
    `
    === lib/a.js
    const b = require("./b");

    {+b(fs.readFileSync("x"));
    +}
    `,
    { 'lib/c.js': "const fs = require('fs');\nfs.x();\n" },
    'lib/a.js:1: {+const fs = require("fs");\nlib/a.js:2: +}const b = require("./b");',
  ],
  [
    'Python: a relative import, told from here, into the list there is',
    `
    === pkg/web/views.py
    from ..models import Order

    def show():
        {+user = User()
        +}return Order()
    `,
    { 'pkg/jobs.py': 'from .models import User\n\nUser()\n' },
    'pkg/web/views.py:1: from ..models import Order{+, User+}',
  ],
  [
    'Python: a module of the standard library',
    `
    === a.py
    import json

    from pkg import thing

    {+path = os.getcwd()
    +}thing(json)
    `,
    {},
    'a.py:2: {+import os\na.py:3: +}',
  ],
  [
    'Go: into the block, sorted',
    `
    === a.go
    package a

    import (
    	"fmt"
    	"os"
    )

    func f() {
    	{+fmt.Println(strings.ToUpper(os.Args[0]))
    +}}
    `,
    {},
    'a.go:6: {+\t"strings"\na.go:7: +})',
  ],
  [
    'Go: a package of another module, with the alias that others give it',
    `
    === a.go
    package a

    import (
    	"fmt"

    	"github.com/x/alpha"
    )

    func f() {
    	{+fmt.Println(alpha.A, pb.Message{})
    +}}
    `,
    { 'b.go': 'package a\n\nimport (\n\tpb "github.com/x/proto"\n)\n\nvar m = pb.Message{}\n' },
    'a.go:7: {+\tpb "github.com/x/proto"\na.go:8: +})',
  ],
  [
    'Rust: use, sorted',
    `
    === src/a.rs
    use std::fmt;
    use std::io;

    fn f() {
        {+let seen = HashMap::new();
    +}}
    `,
    { 'src/b.rs': 'use std::collections::HashMap;\n\nfn g() { HashMap::new(); }\n' },
    'src/a.rs:1: {+use std::collections::HashMap;\nsrc/a.rs:2: +}use std::fmt;',
  ],
  [
    'Java: import of the package that others name',
    `
    === a/A.java
    package a;

    import java.util.List;
    import java.util.Set;

    class A {
      {+Map<String, String> names;
    +}}
    `,
    { 'b/B.java': 'package b;\n\nimport java.util.Map;\n\nclass B { Map<String, String> m; }\n' },
    'a/A.java:4: {+import java.util.Map;\na/A.java:5: +}import java.util.Set;',
  ],
  [
    'Java: the one class of that name',
    `
    === a/A.java
    package a;

    class A {
      {+Invoice invoice;
    +}}
    `,
    { 'b/Invoice.java': 'package b;\n\npublic class Invoice {}\n' },
    'a/A.java:3: {+import b.Invoice;\na/A.java:4: \na/A.java:5: +}class A {',
  ],
  [
    'C#: using of the namespace',
    `
    === A.cs
    using System;

    namespace Shop.Web
    {
        class A {
            {+Invoice invoice;
    +}    }
    }
    `,
    { 'Invoice.cs': 'namespace Shop.Billing\n{\n    public class Invoice {}\n}\n' },
    'A.cs:2: {+using Shop.Billing;\nA.cs:3: +}',
  ],
  [
    'PHP: use',
    `
    === src/A.php
    <?php

    namespace App;

    use App\\Models\\User;

    class A {
        function f(User $u) {
            {+return new Invoice($u);
    +}    }
    }
    `,
    { 'src/B.php': '<?php\n\nnamespace App\\Jobs;\n\nuse App\\Models\\Invoice;\n\nnew Invoice();\n' },
    'src/A.php:6: {+use App\\Models\\Invoice;\nsrc/A.php:7: +}',
  ],
  [
    'C++: a standard header',
    `
    === a.cpp
    #include <map>
    #include <string>

    void f() {
      {+std::vector<int> all;
    +}}
    `,
    {},
    'a.cpp:3: {+#include <vector>\na.cpp:4: +}',
  ],
  [
    'C: the header of the project that declares it',
    `
    === src/a.c
    #include "a.h"

    void f(void) {
      {+queue_push(1);
    +}}
    `,
    { 'src/queue.h': '#pragma once\nint queue_push(int value);\n' },
    'src/a.c:2: {+#include "queue.h"\nsrc/a.c:3: +}',
  ],
  [
    'Ruby: require of the standard library',
    `
    === a.rb
    require 'set'

    def f(text)
      {+JSON.parse(text)
    +}end
    `,
    {},
    "a.rb:2: {+require 'json'\na.rb:3: +}",
  ],
];

describe('a name that is used and not imported', () => {
  test.each(CASES)('%s', async (_what, fixture, files, expected) => {
    expect(await best(fixture, { files })).toBe(expected);
  });

  test.each(CASES)('the same without a syntax tree: %s', async (_what, fixture, files, expected) => {
    expect(await best(fixture, { files, syntax: noSyntax })).toBe(expected);
  });
});

describe('silence', () => {
  const dates = { 'b.ts': "import { formatDate } from './dates';\nformatDate(1);\n" };
  test.each([
    ['for what is declared', 'const formatDate = 1;\n{+use(formatDate);\n+}', dates],
    ['for a parameter', 'function f(formatDate: string) {\n  {+use(formatDate);\n+}}\n', dates],
    ['for a member', 'const a = {};\n{+a.formatDate();\n+}', dates],
    ['for a key', 'const a = {\n  {+formatDate: 1,\n+}};\n', dates],
    ['in a string', 'const a = 1;\n{+log("formatDate");\n+}', dates],
    ['in a comment', 'const a = 1;\n{+// formatDate\n+}', dates],
    ['in a comment over lines', '/**\n * Here\n {+* formatDate is meant\n +}*/\nconst a = 1;\n', dates],
    ['in what is handed on', "export { {+formatDate, +}other } from './b';\n", dates],
    [
      'for what is imported in a block',
      '=== c.py\nimport os\n\ndef f():\n    from dates import format_date\n    {+format_date(1)\n+}',
      { 'b.py': 'from dates import format_date\n\nformat_date(1)\n' },
    ],
    ['for what was used here before', 'formatDate(1);\n{+formatDate(2);\n+}', dates],
    ['for what is imported', "import { formatDate } from './dates';\n{+formatDate(2);\n+}", dates],
    ['for what no file knows', 'const a = 1;\n{+formatTime(2);\n+}', dates],
    [
      'for a global, which most files use without an import',
      'const a = 1;\n{+new URL(a);\n+}',
      { 'b.ts': "import { URL } from 'node:url';\nnew URL();\n", 'c.ts': 'new URL(1);\n', 'd.ts': 'new URL(2);\n' },
    ],
    [
      'where two files declare it',
      'const a = 1;\n{+formatDate(a);\n+}',
      { 'b.ts': 'export const formatDate = 1;\n', 'c.ts': 'export const formatDate = 2;\n' },
    ],
    [
      'in the file the others import it from',
      `=== dates.ts\nconst a = 1;\n{+formatDate(a);\n+}`,
      { 'b.ts': "import { formatDate } from './dates';\nformatDate(1);\n" },
    ],
  ] as const)('%s', async (_what, fixture, files) => {
    expect(await best(fixture, { files })).toBe('');
  });

  test('after an undo', async () => {
    expect(await best('const a = 1;\n{+formatDate(a);\n+}', { files: dates, origin: 'redo' })).toBe('');
  });
});
