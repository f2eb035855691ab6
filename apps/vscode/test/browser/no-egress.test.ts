import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { OfflineReport } from './offline-session.ts';

/** A shell in user, network and mount namespaces of its own, where our name server answers. */
const INSIDE = 'mount --bind "$1/resolv.conf" /etc/resolv.conf && exec "$2" "$3"';

test('a real session looks nothing up and leaves this machine for nothing', { timeout: 240_000 }, async () => {
  const home = await mkdtemp(join(tmpdir(), 'tabstop-offline-'));
  try {
    await writeFile(join(home, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
    const script = join(import.meta.dirname, 'offline-session.ts');
    const { stdout } = await promisify(execFile)(
      'unshare',
      ['--user', '--map-root-user', '--net', '--mount', 'sh', '-c', INSIDE, 'sh', home, process.execPath, script],
      { timeout: 220_000, maxBuffer: 1e7 },
    );
    const report = JSON.parse(stdout.trim().split('\n').at(-1)!) as OfflineReport;
    expect(report.text).toContain("import { add } from './sum';");
    expect(report.lookedUp).toEqual([]);
    expect(report.attempts.ipv4).toBe(0);
    expect(report.attempts.ipv6).toBe(0);
    expect(report.hosts).toEqual(['127.0.0.1']);
    // The gallery is asked when the user opens it, and not before.
    expect(report.gallery).toContain('open-vsx.org');
    // The measures do see what they are for.
    expect(report.control.lookedUp).toContain('on-purpose.example');
    expect(report.control.ipv4).toBeGreaterThan(0);
    expect(report.control.ipv6).toBeGreaterThan(0);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
