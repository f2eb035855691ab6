import { describe, expect, test } from 'vitest';
import { terminal } from '../../../src/tab/sources/terminal.ts';
import { candidatesOf, type SceneOptions, sceneOf } from '../check.ts';

type Files = Readonly<Record<string, string>>;

/** The command that follows an edit, as `cwd> command`; '' where there is none. */
async function stop(files: Files, fixture: string, options: SceneOptions = {}): Promise<string> {
  const candidates = await candidatesOf(terminal, sceneOf(fixture, { ...options, files }), files);
  return candidates.map(({ command }) => `${command!.cwd}> ${command!.text}`).join('\n');
}

const json = (value: unknown) => JSON.stringify(value);
const NPM = { 'package.json': json({ name: 'shop', dependencies: { react: '^19' } }), 'package-lock.json': '{}' };
const IMPORT = `
  === src/a.ts
  {+import { z } from 'zod';+}<|>
  const a = 1;`;

describe('a dependency that no manifest has', () => {
  test.each<[string, Files, string, string]>([
    ['npm', NPM, IMPORT, '> npm install zod'],
    ['pnpm', { ...NPM, 'package-lock.json': '', 'pnpm-lock.yaml': 'x' }, IMPORT, ''],
    ['pnpm by its lock file', { 'package.json': '{}', 'pnpm-lock.yaml': 'x' }, IMPORT, '> pnpm add zod'],
    ['yarn', { 'package.json': '{}', 'yarn.lock': 'x' }, IMPORT, '> yarn add zod'],
    ['bun', { 'package.json': '{}', 'bun.lock': 'x' }, IMPORT, '> bun add zod'],
    ['the field packageManager', { 'package.json': json({ packageManager: 'pnpm@9.1.0' }) }, IMPORT, '> pnpm add zod'],
    ['no lock file: no guess', { 'package.json': '{}' }, IMPORT, ''],
    ['no manifest', {}, IMPORT, ''],
    ['a manifest in the middle of typing', { 'package.json': '{ "dep', 'package-lock.json': '{}' }, IMPORT, ''],
    ['a scope and a path', NPM, "\n=== a.ts\n{+import x from '@scope/name/deep';+}<|>", '> npm install @scope/name'],
    ['require', NPM, "\n=== a.js\n{+const chalk = require('chalk');+}<|>", '> npm install chalk'],
    ['a dynamic import', NPM, "\n=== a.js\n{+const x = await import('chalk');+}<|>", '> npm install chalk'],
    [
      'for a test: of development',
      NPM,
      "\n=== a.test.ts\n{+import x from 'nock';+}<|>",
      '> npm install --save-dev nock',
    ],
    [
      'the package of a monorepo it belongs to',
      { ...NPM, 'packages/web/package.json': json({ name: 'web' }) },
      "\n=== packages/web/a.ts\n{+import x from 'zod';+}<|>",
      'packages/web> npm install zod',
    ],
    [
      'uv',
      { 'pyproject.toml': '[project]\ndependencies = ["flask"]\n', 'uv.lock': '' },
      '\n=== a.py\n{+import requests+}<|>',
      '> uv add requests',
    ],
    [
      'poetry, for a test',
      { 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.11"\n' },
      '\n=== tests/test_a.py\n{+import responses+}<|>',
      '> poetry add --group dev responses',
    ],
    [
      'pip, by the name of the distribution',
      { 'requirements.txt': 'flask==3.0\n' },
      '\n=== a.py\n{+import yaml+}<|>',
      '> python -m pip install PyYAML',
    ],
    [
      'go',
      { 'go.mod': 'module example.com/shop\n\ngo 1.22\n' },
      '\n=== a.go\npackage a\n\n{+import "github.com/google/uuid"+}<|>',
      '> go get github.com/google/uuid',
    ],
    [
      'go, in a block',
      { 'go.mod': 'module example.com/shop\n' },
      '\n=== a.go\nimport (\n\t"fmt"\n\t{+"github.com/google/uuid"+}<|>\n)',
      '> go get github.com/google/uuid',
    ],
    [
      'cargo',
      { 'Cargo.toml': '[package]\nname = "shop"\n\n[dependencies]\nserde = "1"\n' },
      '\n=== src/a.rs\n{+use rand::Rng;+}<|>',
      '> cargo add rand',
    ],
  ])('%s', async (_name, files, fixture, expected) => {
    expect(await stop(files, fixture)).toBe(expected);
  });

  test.each<[string, Files, string]>([
    ['is there', NPM, "\n=== a.ts\n{+import { useState } from 'react';+}<|>"],
    ['is there by its types', { ...NPM, 'package.json': json({ devDependencies: { '@types/zod': '1' } }) }, IMPORT],
    [
      'is in the manifest above',
      { ...NPM, 'packages/a/package.json': '{}' },
      "\n=== packages/a/a.ts\n{+import 'react';+}<|>",
    ],
    ['is a part of Node', NPM, "\n=== a.ts\n{+import { join } from 'path';+}<|>"],
    ['is a part of Node by its new name', NPM, "\n=== a.ts\n{+import { test } from 'node:test';+}<|>"],
    ['is relative', NPM, "\n=== a.ts\n{+import { b } from './b';+}<|>"],
    ['is an alias by custom', NPM, "\n=== a.ts\n{+import { b } from '@/b';+}<|>"],
    ['is private to the package', NPM, "\n=== a.ts\n{+import { b } from '#b';+}<|>"],
    ['is an address', NPM, "\n=== a.ts\n{+import { b } from 'https://x.org/b.js';+}<|>"],
    [
      'is an alias of the compiler',
      { ...NPM, 'tsconfig.json': '{ "compilerOptions": { "paths": { "app/*": ["src/*"] } } }' },
      "\n=== a.ts\n{+import { b } from 'app/b';+}<|>",
    ],
    [
      'lies below the base of the compiler',
      { ...NPM, 'tsconfig.json': '{ "compilerOptions": { "baseUrl": "./src" } }', 'src/b.ts': '' },
      "\n=== a.ts\n{+import { b } from 'b';+}<|>",
    ],
    ['is the package itself', NPM, "\n=== a.ts\n{+import { b } from 'shop';+}<|>"],
    [
      'is of the same scope',
      { ...NPM, 'package.json': json({ name: '@shop/web' }) },
      "\n=== a.ts\n{+import { b } from '@shop/core';+}<|>",
    ],
    [
      'is a neighbour',
      { ...NPM, 'libs/money/package.json': json({ name: 'money' }) },
      "\n=== a.ts\n{+import { b } from 'money';+}<|>",
    ],
    ['was imported before', NPM, "\n=== a.ts\nimport { y } from 'zod';\n{+import { z } from 'zod';+}<|>"],
    ['is in a comment', NPM, "\n=== a.ts\n{+// import { z } from 'zod';+}<|>"],
    ['comes with Python', { 'requirements.txt': '' }, '\n=== a.py\n{+import json+}<|>'],
    ['is a module of the project', { 'requirements.txt': '', 'shop.py': 'a = 1' }, '\n=== a.py\n{+import shop+}<|>'],
    [
      'is a folder of the project',
      { 'requirements.txt': '', 'shop/cart.py': 'import shop' },
      '\n=== a.py\n{+from shop.cart import x+}<|>',
    ],
    ['is relative in Python', { 'requirements.txt': '' }, '\n=== a.py\n{+from .shop import x+}<|>'],
    [
      'is there under another name',
      { 'requirements.txt': 'opencv-python-headless\n' },
      '\n=== a.py\n{+import cv2+}<|>',
    ],
    ['is of no clear distribution', { 'requirements.txt': '' }, '\n=== a.py\n{+import google.cloud.storage+}<|>'],
    ['has no tool', { 'pyproject.toml': '[project]\nname = "x"\n' }, '\n=== a.py\n{+import requests+}<|>'],
    ['comes with Go', { 'go.mod': 'module example.com/shop\n' }, '\n=== a.go\n{+import "net/http"+}<|>'],
    [
      'is required in Go',
      { 'go.mod': 'module example.com/shop\nrequire github.com/google/uuid v1.6.0\n' },
      '\n=== a.go\n{+import "github.com/google/uuid"+}<|>',
    ],
    [
      'is the own Go module',
      { 'go.mod': 'module example.com/shop\n' },
      '\n=== a.go\n{+import "example.com/shop/cart"+}<|>',
    ],
    [
      'stands beside in a Go workspace',
      { 'go.mod': 'module example.com/x/shop\n', 'go.work': 'use .' },
      '\n=== a.go\n{+import "example.com/x/cart"+}<|>',
    ],
    [
      'is there with a dash',
      { 'Cargo.toml': '[dependencies]\nserde-json = "1"\n' },
      '\n=== src/a.rs\n{+use serde_json::Value;+}<|>',
    ],
    [
      'has a table of its own',
      { 'Cargo.toml': '[dependencies.tokio]\nversion = "1"\n' },
      '\n=== src/a.rs\n{+use tokio::net;+}<|>',
    ],
    ['comes with Rust', { 'Cargo.toml': '' }, '\n=== src/a.rs\n{+use std::fs;+}<|>'],
    [
      'is a module of the crate',
      { 'Cargo.toml': '', 'src/lib.rs': 'mod cart;' },
      '\n=== src/a.rs\n{+use cart::Cart;+}<|>',
    ],
    [
      'is a crate of the workspace',
      { 'Cargo.toml': '[workspace]', 'crates/cart/Cargo.toml': '', 'crates/a/Cargo.toml': '' },
      '\n=== crates/a/src/a.rs\n{+use cart::Cart;+}<|>',
    ],
  ])('silent where it %s', async (_name, files, fixture) => {
    expect(await stop(files, fixture)).toBe('');
  });

  test.each([
    ['the name is being typed', "\n=== a.ts\n{+import { z } from 'zod<|>';+}"],
    ['the line goes on', "\n=== a.ts\n{+import { z } from 'zod' <|>as const;+}"],
    ['the semicolon of this file is missing', "\n=== a.ts\n{+import { z } from 'zod'+}<|>\nconst a = 1;"],
    ['Tab would indent', "\n=== a.ts\n{+import { z } from 'zod';\n  <|>+}\n"],
  ])('silent while %s', async (_name, fixture) => {
    expect(await stop(NPM, fixture)).toBe('');
  });

  test.each(['undo', 'redo', 'tool'] as const)('silent after an edit by %s', async (origin) => {
    expect(await stop(NPM, IMPORT, { origin })).toBe('');
  });

  test.each(['$(touch x)', 'a;b', "a'b", 'a`b`', '-rf', 'a b', 'a&&b', 'a|b', 'a>b', '\u202ezod'])(
    'never a name such as %s',
    async (name) => {
      for (const quote of ['"', "'"])
        expect(await stop(NPM, `\n=== a.ts\n{+import { z } from ${quote}${name}${quote};+}<|>`)).not.toContain(name);
    },
  );
});

describe('dependencies changed by hand', () => {
  const lock = { 'package-lock.json': '{}' };
  test.each<[string, Files, string, string]>([
    [
      'one added',
      lock,
      '\n=== package.json\n{ "dependencies": { "a": "1"{+, "zod": "^4.0.0"+}<|> } }',
      '> npm install',
    ],
    [
      'a version',
      { 'yarn.lock': 'x' },
      '\n=== package.json\n{ "dependencies": { "a": "[-1-]{+2+}"<|> } }',
      '> yarn install',
    ],
    [
      'one removed',
      { 'bun.lock': 'x' },
      '\n=== package.json\n{ "dependencies": { "a": "1"[-, "b": "2"-]<|> } }',
      '> bun install',
    ],
    [
      'requirements',
      {},
      '\n=== requirements.txt\nflask==3.0\n{+requests==2.31.0+}<|>',
      '> python -m pip install -r requirements.txt',
    ],
    [
      'uv',
      { 'uv.lock': '' },
      '\n=== pyproject.toml\n[project]\ndependencies = [\n  "flask",\n  {+"requests>=2.31",+}<|>\n]',
      '> uv sync',
    ],
    [
      'poetry',
      {},
      '\n=== pyproject.toml\n[tool.poetry.dependencies]\npython = "^3.11"\n{+requests = "^2.31"+}<|>',
      '> poetry install',
    ],
    [
      'go.mod',
      {},
      '\n=== go.mod\nmodule example.com/a\n\n{+require github.com/google/uuid v1.6.0+}<|>',
      '> go mod tidy',
    ],
    ['Cargo.toml', {}, '\n=== Cargo.toml\n[dependencies]\n{+serde = "1.0"+}<|>', '> cargo fetch'],
    [
      'of a folder below',
      { 'web/yarn.lock': 'x' },
      '\n=== web/package.json\n{ "devDependencies": { {+"a": "1"+}<|> } }',
      'web> yarn install',
    ],
  ])('%s', async (_name, files, fixture, expected) => {
    expect(await stop(files, fixture)).toBe(expected);
  });

  test.each<[string, string]>([
    ['another field', '\n=== package.json\n{ "version": "1.0.[-0-]{+1+}"<|>, "dependencies": {} }'],
    ['a script', '\n=== package.json\n{ "scripts": { {+"x": "y"+}<|> } }'],
    ['half a version', '\n=== package.json\n{ "dependencies": { {+"zod": "^4<|>"+} } }'],
    ['no version yet', '\n=== package.json\n{ "dependencies": { {+"zod": ""+}<|> } }'],
    ['broken JSON', '\n=== package.json\n{ "dependencies": { {+"zod": "1+}<|> } }'],
    ['a name without a version', '\n=== requirements.txt\n{+reque+}<|>'],
    ['a table that lists no dependencies', '\n=== Cargo.toml\n[features]\n{+fast = "1"+}<|>'],
  ])('silent at %s', async (_name, fixture) => {
    expect(await stop(lock, fixture)).toBe('');
  });
});

describe('a test that was edited', () => {
  const node = (value: object, lock = 'package-lock.json'): Files => ({ 'package.json': json(value), [lock]: 'x' });
  const TEST = "\n=== src/a.test.ts\ntest('a', () => {\n  {+expect(a()).toBe(1);+}<|>\n});";
  test.each<[string, Files, string, string]>([
    ['vitest by script', node({ scripts: { test: 'vitest' } }), TEST, '> npx --no-install vitest run src/a.test.ts'],
    [
      'jest by dependency',
      node({ devDependencies: { jest: '29' } }, 'yarn.lock'),
      TEST,
      '> yarn run jest src/a.test.ts',
    ],
    ['mocha', node({ scripts: { test: 'tsc && mocha' } }, 'pnpm-lock.yaml'), TEST, '> pnpm exec mocha src/a.test.ts'],
    ['node', node({ scripts: { test: 'node --test' } }), TEST, '> node --test src/a.test.ts'],
    [
      'node with a loader',
      node({ scripts: { test: 'node --import tsx --test test/' } }),
      TEST,
      '> node --import tsx --test src/a.test.ts',
    ],
    ['bun', node({ scripts: { test: 'bun test' } }, 'bun.lock'), TEST, '> bun test src/a.test.ts'],
    [
      'a folder with a blank',
      node({ scripts: { test: 'jest' } }),
      TEST.replace('src/', 'my src/'),
      "> npx --no-install jest 'my src/a.test.ts'",
    ],
    [
      'pytest',
      { 'requirements.txt': 'pytest==8\n' },
      '\n=== tests/test_a.py\ndef test_a():\n    {+assert a() == b+}<|>',
      '> python -m pytest tests/test_a.py',
    ],
    [
      'pytest by uv',
      { 'pyproject.toml': '[dependency-groups]\ndev = ["pytest>=8"]\n[tool.uv]\n' },
      '\n=== tests/test_a.py\ndef test_a():\n    {+assert a() == 1+}<|>',
      '> uv run pytest tests/test_a.py',
    ],
    [
      'pytest by its own file',
      { 'pytest.ini': '[pytest]' },
      '\n=== a_test.py\ndef test_a():\n    {+assert a() == 1+}<|>',
      '> python -m pytest a_test.py',
    ],
    [
      'go',
      { 'go.mod': 'module example.com/a\n' },
      '\n=== cart/a_test.go\npackage cart\n\nfunc TestA(t *testing.T) {\n\t{+t.Log(1)+}<|>\n}',
      '> go test ./cart',
    ],
    [
      'cargo, with an empty manifest',
      { 'Cargo.toml': '' },
      '\n=== tests/cart.rs\n#[test]\nfn a() {\n    {+assert_eq!(a(), 1);+}<|>\n}',
      '> cargo test --test cart',
    ],
    [
      'cargo',
      { 'Cargo.toml': '[package]' },
      '\n=== tests/cart.rs\n#[test]\nfn a() {\n    {+assert_eq!(a(), 1);+}<|>\n}',
      '> cargo test --test cart',
    ],
    [
      'cargo, beside the code',
      { 'Cargo.toml': '[package]' },
      '\n=== src/parse/lexer.rs\nfn a() {}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn b() {\n        {+assert!(true);+}<|>\n    }\n}',
      '> cargo test parse::lexer::',
    ],
  ])('%s', async (_name, files, fixture, expected) => {
    expect(await stop(files, fixture)).toBe(expected);
  });

  test.each<[string, Files, string]>([
    ['there is no test file', node({ scripts: { test: 'vitest' } }), '\n=== src/a.ts\n{+run();+}<|>'],
    ['no runner is shown', node({ scripts: { build: 'tsc' } }), TEST],
    ['two are', node({ scripts: { 'test:a': 'jest', 'test:b': 'mocha' } }), TEST],
    ['a script only sounds like one', node({ scripts: { test: 'echo no jester' } }), TEST],
    ['the loader is odd', node({ scripts: { test: 'node --import $(x) --test' } }), TEST],
    [
      'a call is open',
      node({ scripts: { test: 'vitest' } }),
      "\n=== a.test.ts\ntest('a', () => {\n  {+expect(a(<|>+}\n});",
    ],
    [
      'a name is being typed',
      node({ scripts: { test: 'vitest' } }),
      "\n=== a.test.ts\ntest('a', () => {\n  {+expect(a).to<|>+}\n});",
    ],
    ['only a comment was written', node({ scripts: { test: 'vitest' } }), '\n=== a.test.ts\n{+// see (1)+}<|>\nrun();'],
    ['the path is odd', node({ scripts: { test: 'vitest' } }), TEST.replace('src/', 'a$(b)/')],
    ['the path is an option', node({ scripts: { test: 'vitest' } }), TEST.replace('src/', '-o/')],
    [
      'the code of a crate, not its tests',
      { 'Cargo.toml': '[package]' },
      '\n=== src/a.rs\nfn a() { {+b();+}<|> }\n#[cfg(test)]\nmod tests {}',
    ],
  ])('silent where %s', async (_name, files, fixture) => {
    expect(await stop(files, fixture)).toBe('');
  });
});

describe('the input of generated code', () => {
  const scripts = (value: Record<string, string>): Files => ({
    'package.json': json({ scripts: value }),
    'package-lock.json': '{}',
  });
  const PRISMA = '\n=== prisma/schema.prisma\nmodel User {\n  id Int\n  {+name String?+}\n}<|>';
  test.each<[string, Files, string, string]>([
    ['prisma', scripts({ generate: 'prisma generate' }), PRISMA, '> npm run generate'],
    [
      'protobuf',
      scripts({ proto: 'buf generate' }),
      '\n=== a.proto\nmessage A {\n  {+string b = 1;+}<|>\n}',
      '> npm run proto',
    ],
    [
      'protobuf by make',
      { Makefile: 'all:\n\techo\n\nproto: a.proto\n\tprotoc --go_out=. a.proto\n' },
      '\n=== a.proto\nmessage A {\n  {+string b = 1;+}<|>\n}',
      '> make proto',
    ],
    [
      'graphql',
      scripts({ codegen: 'graphql-codegen --config codegen.ts' }),
      '\n=== schema.graphql\ntype A {\n  {+b: Int+}\n}<|>',
      '> npm run codegen',
    ],
    [
      'openapi',
      scripts({ api: 'openapi-typescript api/openapi.yaml -o src/api.ts' }),
      '\n=== api/openapi.yaml\npaths:\n  /a:\n    {+get: {}+}<|>',
      '> npm run api',
    ],
    [
      'the script that names the file',
      scripts({ a: 'orval a/openapi.yaml', b: 'orval b/openapi.yaml' }),
      '\n=== b/openapi.yaml\npaths:\n  {+/a: {}+}<|>',
      '> npm run b',
    ],
    [
      'the one that does nothing else',
      scripts({ generate: 'prisma generate', build: 'prisma generate && next build' }),
      PRISMA,
      '> npm run generate',
    ],
  ])('%s', async (_name, files, fixture, expected) => {
    expect(await stop(files, fixture)).toBe(expected);
  });

  test.each<[string, Files, string]>([
    ['there is no script', scripts({ build: 'tsc' }), PRISMA],
    ['two scripts may be meant', scripts({ a: 'prisma generate', b: 'prisma migrate dev' }), PRISMA],
    ['its name is odd', scripts({ 'a; rm': 'prisma generate' }), PRISMA],
    ['the file is of another kind', scripts({ generate: 'prisma generate' }), '\n=== a.sql\n{+select 1;+}<|>'],
    [
      'a field is being typed',
      scripts({ generate: 'prisma generate' }),
      '\n=== schema.prisma\nmodel User {\n  {+na<|>+}\n}',
    ],
  ])('silent where %s', async (_name, files, fixture) => {
    expect(await stop(files, fixture)).toBe('');
  });
});
