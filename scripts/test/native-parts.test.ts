import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRipgrep, nodeRipgrepPlaces } from '../../packages/engine/src/index/grep/find-ripgrep.ts';
import { copyNativeParts } from '../build/native-parts.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Outside of the checkout, so that nothing of it is found by accident. */
let engine: string;
beforeEach(() => {
  engine = mkdtempSync(join(tmpdir(), 'tabstop-native-'));
});
afterEach(() => rmSync(engine, { recursive: true, force: true }));

test('an engine beside them watches folders and finds its own ripgrep, for the platform that is named', async () => {
  const modules = join(engine, 'node_modules');
  const target = await copyNativeParts(ROOT, modules);
  expect(target).toMatch(new RegExp(`^(?:alpine|${process.platform})-${process.arch}$`));
  writeFileSync(
    join(engine, 'watch.mjs'),
    `import watcher from '@parcel/watcher';
    import { mkdirSync, writeFileSync } from 'node:fs';
    const folder = process.argv[2];
    mkdirSync(folder);
    const seen = Promise.withResolvers();
    const subscription = await watcher.subscribe(folder, (error, events) => error ? seen.reject(error) : seen.resolve(events));
    writeFileSync(folder + '/new.txt', 'new');
    console.log((await seen.promise).map(({ path }) => path.endsWith('new.txt')).join());
    await subscription.unsubscribe();`,
  );
  const output = execFileSync(process.execPath, [join(engine, 'watch.mjs'), join(engine, 'watched')], {
    encoding: 'utf8',
  });
  expect(output).toBe('true\n');
  const ripgrep = findRipgrep({ ...nodeRipgrepPlaces(join(engine, 'engine.mjs'), {}), path: '', program: '/none' })!;
  expect(ripgrep.startsWith(engine) || ripgrep.includes(`/private${engine}`)).toBe(true);
  expect(execFileSync(ripgrep, ['--version'], { encoding: 'utf8' })).toMatch(/^ripgrep \d+/);
});

test('nothing that is only for building is in them', async () => {
  const modules = join(engine, 'node_modules');
  await copyNativeParts(ROOT, modules);
  expect(existsSync(join(modules, '@parcel/watcher/package.json'))).toBe(true);
  for (const name of [
    'node-addon-api',
    '@parcel/watcher/src',
    '@parcel/watcher/binding.gyp',
    '@parcel/watcher/index.d.ts',
  ])
    expect([name, existsSync(join(modules, name))]).toEqual([name, false]);
  // All that they ask for is there.
  const require = createRequire(join(modules, '@parcel/watcher/index.js'));
  for (const name of ['detect-libc', 'is-glob', 'picomatch']) expect(require.resolve(name).startsWith('/')).toBe(true);
});

test('where they are not installed, that is said', async () => {
  mkdirSync(join(engine, 'packages/engine'), { recursive: true });
  await expect(copyNativeParts(engine, join(engine, 'out'))).rejects.toThrow(
    '@parcel/watcher is not installed: run npm ci first',
  );
});
