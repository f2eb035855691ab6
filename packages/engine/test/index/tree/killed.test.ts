import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@tabstop/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../files/git-sandbox.ts';
import { openIn } from './tree-sandbox.ts';

let box: Sandbox;
beforeAll(() => {
  box = sandbox();
});
afterAll(() => box.dispose(), 120_000);

/** Looks again and again, and follows, until it is killed. */
const SCRIPT = (source: string, root: string, stateDir: string): string => `
  import { nodeTreeEffects } from '${source}/node-effects.ts';
  import { openFolderTree } from '${source}/open-tree.ts';
  const tree = await openFolderTree({ root: ${JSON.stringify(root)}, stateDir: ${JSON.stringify(stateDir)}, effects: nodeTreeEffects({ env: process.env }) });
  process.stdout.write('opened\\n');
  await tree.reconcile();
  await tree.watch(() => {});
  for (;;) {
    await tree.reconcile();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
`;

it('a process that is killed at any moment, while files change, leaves a start that ends in the right state', async () => {
  const root = join(box.folder, 'p');
  const stateDir = join(box.folder, 'state');
  const random = seededRandom(21);
  for (let index = 0; index < 600; index++) box.write(`p/d${index % 20}/e${index % 3}/f${index}.ts`, `${index}\n`);
  box.git(root, 'init', '-q');
  const script = join(box.folder, 'follow.ts');
  writeFileSync(script, SCRIPT(join(import.meta.dirname, '../../../src/index/tree'), root, stateDir));
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, [script], { env: box.env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const end = performance.now() + random() * 400;
    for (let step = 0; performance.now() < end || step < 20; step++) {
      const index = Math.floor(random() * 600);
      box.write(`p/d${index % 20}/e${index % 3}/f${index}.ts`, `${round} ${step}\n`);
      if (step % 7 === 0) rmSync(join(root, `d${index % 20}`), { recursive: true, force: true });
      if (step % 11 === 0) box.write('p/.gitignore', `d${index % 20}/e1\n`);
      if (step % 13 === 0) {
        rmSync(join(root, 'moved'), { recursive: true, force: true });
        box.write(`p/d${round}/x.ts`, 'x');
        renameSync(join(root, `d${round}`), join(root, 'moved'));
      }
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    const next = await openIn(box, root, { stateDir });
    const batch = await next.reconcile();
    expect(batch.note).toBeUndefined();
    const first = await openIn(box, root, { stateDir: undefined });
    await first.reconcile();
    expect([...next.files()]).toEqual([...first.files()]);
    expect(next.rootHash).toBe(first.rootHash);
    expect(next.size).toBeGreaterThan(20);
  }
}, 240_000);
