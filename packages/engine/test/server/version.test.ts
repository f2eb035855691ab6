import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ENGINE_VERSION } from '../../src/server/version.ts';

test('the engine tells the version of its package', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(ENGINE_VERSION).toBe(manifest.version);
});
