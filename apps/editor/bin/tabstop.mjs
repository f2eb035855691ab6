#!/usr/bin/env node
/**
 * The `tabstop` command. A word that the engine knows goes to its command line, anything else opens the editor.
 * Exit codes: 0 done, 1 it could not be done, 2 the command line was wrong.
 */
import { createRequire } from 'node:module';

// Not imported: a module that imports one of Node's own gets all that it exports, which takes longer than most of an answer of `tabstop grep`.
const require = createRequire(import.meta.url);
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');

const HEADLESS = new Set(['predict', 'tab', 'apply', 'search', 'grep', 'related', 'index', 'mcp', 'prompt']);

/**
 * These keep their state in SQLite, which Node carries from 24 on without a warning; the set-up brings one. `grep` reads files of its own and is not
 * among them: a second process would take longer than its answer.
 */
const NEEDS_NODE_24 = new Set(['search', 'related', 'index', 'mcp']);

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const argv = process.argv.slice(2);

if (Number.parseInt(process.versions.node, 10) < 20) {
  process.stderr.write(`tabstop: this needs Node 20 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}

if (!HEADLESS.has(argv[0])) openEditor();
else if (argv[0] === 'grep') require(built('cli-grep.cjs'));
else if (NEEDS_NODE_24.has(argv[0]) && Number.parseInt(process.versions.node, 10) < 24) headlessInNode24();
else await headless();

async function headless() {
  // The reader of a pipe has gone (`tabstop predict | head -1`): the rest of the answer is not wanted.
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  await import(pathToFileURL(built('cli.mjs')).href);
}

function headlessInNode24() {
  const cli = built('cli.mjs');
  const node = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(node))
    fail(`this needs Node 24 or newer; this is Node ${process.versions.node}, and the set-up has not brought one.`);
  follow(require('node:child_process').spawn(node, [cli, ...argv], { stdio: 'inherit' }), true);
}

function built(name) {
  const cli = join(root, 'packages', 'engine', 'dist', name);
  if (!existsSync(cli)) {
    const node = join(root, 'node_modules', '.bin', 'node');
    if (!existsSync(node)) fail('the set-up was not run yet. Run npm start (or npm ci) in the checkout first.');
    const done = require('node:child_process').spawnSync(node, [join(root, 'scripts', 'build.ts')], {
      cwd: root,
      encoding: 'utf8',
    });
    if (done.status !== 0) fail(`the engine is not built, and building it failed:\n${done.stderr}`);
    if (!existsSync(cli)) fail('this checkout has no engine command line to build.');
  }
  return cli;
}

/** Through start.cjs, so that a set-up that was interrupted, or that an update made stale, is completed first. */
function openEditor() {
  const child = require('node:child_process').spawn(process.execPath, [join(root, 'scripts', 'start.cjs'), ...argv], {
    stdio: 'inherit',
    env: { ...process.env, INIT_CWD: process.cwd() },
  });
  follow(child, false);
}

/** Ends as the child ends, and hands signals on, except those that a terminal sends to both. `interrupted`: what it does then is its own answer. */
function follow(child, interrupted) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`Node could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? (interrupted ? 130 : 1) : (code ?? 1)));
}

function fail(message) {
  process.stderr.write(`tabstop: ${message}\n`);
  process.exit(1);
}
