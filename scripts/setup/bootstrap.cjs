'use strict';
/**
 * The part of the set-up that runs before there is a Node 24: installs the dependencies, Node 24 among them, and
 * goes on in TypeScript with that. Needs Node 20 and nothing else.
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { explainNpmFailure } = require('./npm-failure.cjs');
const { installStamp, isInstalled } = require('./installed.cjs');

const root = path.resolve(__dirname, '..', '..');
const stamps = path.join(root, 'node_modules', '.tabstop');
const cache = path.join(root, '.cache', 'setup');

/** Set-up, then the editor. */
function start(argv) {
  // Help must not cost a download.
  const before = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  const app = path.join(root, 'apps', 'editor');
  if (before.includes('--help') || before.includes('-h')) {
    process.stdout.write(fs.readFileSync(path.join(app, 'usage.txt'), 'utf8'));
    return;
  }
  if (before.includes('--version') || before.includes('-v')) {
    process.stdout.write(`tabstop ${JSON.parse(fs.readFileSync(path.join(app, 'package.json'), 'utf8')).version}\n`);
    return;
  }
  run('start.ts', argv, false);
}

/** Set-up, then every check. */
function test(argv) {
  run('checks.ts', argv, true);
}

function run(script, argv, development) {
  bootstrap(script, argv, development).then(
    (code) => process.exit(code),
    (error) => {
      process.stderr.write(`tabstop: ${error.sentence || error.stack}\n`);
      process.exit(1);
    },
  );
}

/** `development`: with the tools that tests and lint need; an editor starts without them, in half the time. */
async function bootstrap(script, argv, development) {
  const release = await lockSetup();
  process.on('exit', release);
  try {
    if (!isInstalled(root, development)) await installDependencies(development);
  } catch (error) {
    release();
    throw error;
  }
  const node = path.join(root, 'node_modules', '.bin', 'node');
  if (!fs.existsSync(node)) {
    throw sentence(
      `there is no Node 24 package for this machine (${process.platform} ${process.arch}). Linux and macOS on x64 and arm64 are supported. ` +
        'If this is one of them, optional dependencies may be switched off: run npm config delete omit, remove node_modules, and start again.',
    );
  }
  return runNode24(node, path.join(root, 'scripts', script), argv, release);
}

/** Runs a script to its end; signals are passed on, and a dead parent ends it. Resolves to the exit code. */
function runNode24(node, script, argv, release) {
  return new Promise((resolve) => {
    const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...argv], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      cwd: process.env.INIT_CWD || process.cwd(),
      env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH || ''}` },
    });
    // The script tells when its set-up is done, so that a second start does not wait for the first one to end.
    child.on('message', (message) => {
      if (message === 'set-up done') release();
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        // Ctrl-C reaches the child from the terminal; a kill of this process alone has to be passed on.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
      });
    }
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, 1000).unref();
    child.on('error', (error) => {
      process.stderr.write(`tabstop: Node 24 could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

async function installDependencies(development) {
  const started = Date.now();
  process.stdout.write('Setting up Tabstop (once; an interrupted set-up goes on where it stopped)\n');
  const log = path.join(cache, 'dependencies.log');
  // Not `npm ci`: that starts by throwing away what an interrupted or older install has, VS Code's part included, and it
  // refuses a lock file written where the registry lacks other platforms' packages. The lock file is followed all the same.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // What a developer has is kept.
  const all = development || fs.existsSync(path.join(root, 'node_modules', 'vitest'));
  if (!all) args.push('--omit=dev');
  await npm(args, log, 'the dependencies could not be installed');
  fs.mkdirSync(stamps, { recursive: true });
  fs.writeFileSync(path.join(stamps, 'dependencies'), installStamp(root, all));
  process.stdout.write(
    `  ${'dependencies and Node 24'.padEnd(42)} ${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s\n`,
  );
}

function npm(args, log, failure) {
  fs.mkdirSync(cache, { recursive: true });
  const out = fs.openSync(log, 'w');
  const cli = process.env.npm_execpath;
  const known = cli && /npm-cli\.js$/.test(cli);
  return new Promise((resolve, reject) => {
    const child = spawn(known ? process.execPath : 'npm', known ? [cli, ...args] : args, {
      cwd: root,
      stdio: ['ignore', out, out],
    });
    child.on('error', (error) =>
      reject(sentence(`npm could not be started (${error.code}). Install npm, and run npm start again.`)),
    );
    child.on('exit', (code) => {
      fs.closeSync(out);
      if (code === 0) resolve();
      else
        reject(
          sentence(
            `${failure}: ${explainNpmFailure(fs.readFileSync(log, 'utf8'))} Then run npm start again. (Full log: ${log})`,
          ),
        );
    });
  });
}

/** One set-up at a time in a checkout. Resolves to what gives the lock back; a dead owner's lock is taken over. */
async function lockSetup() {
  const file = path.join(cache, 'lock');
  const draft = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(cache, { recursive: true });
    fs.writeFileSync(draft, String(process.pid));
  } catch (error) {
    if (error.code === 'ENOSPC') throw sentence('the disk is full. Free about 1.3 GB, and run npm start again.');
    throw sentence(`the checkout ${root} cannot be written (${error.code}). Clone it to a folder of your own.`);
  }
  let told = false;
  try {
    for (;;) {
      try {
        fs.linkSync(draft, file);
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      let owner = 0;
      try {
        owner = Number(fs.readFileSync(file, 'utf8'));
      } catch {
        continue;
      }
      if (!isAlive(owner)) {
        fs.rmSync(file, { force: true });
        continue;
      }
      if (!told)
        process.stdout.write(`Another set-up of this checkout is running (process ${owner}): waiting for it.\n`);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  let held = true;
  return () => {
    if (held) fs.rmSync(file, { force: true });
    held = false;
  };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function sentence(text) {
  return Object.assign(new Error(text), { sentence: text });
}

module.exports = { start, test, lockSetup };
