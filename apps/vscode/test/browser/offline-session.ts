/**
 * Runs inside namespaces of its own (see no-egress.test.ts): a network of loopback alone, a logging name server, the real editor and Chromium.
 * Drives a session as a user would, and prints what was looked up and what tried to leave as one line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNameServer } from './name-server.ts';
import { openWorkbench, waitFor } from './workbench.ts';

export interface OfflineReport {
  /** Names that were asked for during the session. */
  readonly lookedUp: readonly string[];
  /** Packets and connects that had nowhere to go, by IP version: each is an attempt to leave this machine. */
  readonly attempts: { readonly ipv4: number; readonly ipv6: number };
  /** Addresses that the page asked for. */
  readonly hosts: readonly string[];
  /** Names that were asked for when the user opened the gallery after all that. */
  readonly gallery: readonly string[];
  /** The same measures after one lookup and one connect made on purpose: what the measuring would have seen. */
  readonly control: { readonly lookedUp: readonly string[]; readonly ipv4: number; readonly ipv6: number };
  readonly text: string;
}

/** Counted by the kernel for this network namespace: output that found no route. */
function withoutRoute(): { ipv4: number; ipv6: number } {
  const [names, values] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.split(' '));
  const ipv4 = Number(values![names!.indexOf('OutNoRoutes')]);
  const ipv6 = Number(/^Ip6OutNoRoutes\s+(\d+)$/m.exec(readFileSync('/proc/net/snmp6', 'utf8'))![1]);
  return { ipv4, ipv6 };
}

async function session(names: { readonly asked: readonly string[] }): Promise<{
  hosts: string[];
  text: string;
  lookedUp: string[];
  gallery: string[];
  after: ReturnType<typeof withoutRoute>;
}> {
  const hosts = new Set<string>();
  const noteHost = (url: string) => {
    const { protocol, hostname } = new URL(url);
    // The others (data:, blob:) are no addresses. The resources of a webview have a made-up one that its service worker answers for.
    if (/^(https?|wss?):$/.test(protocol) && !hostname.endsWith('.vscode-resource.vscode-cdn.net')) hosts.add(hostname);
  };
  const workbench = await openWorkbench({
    files: {
      'package.json': '{ "name": "offline", "dependencies": { "left-pad": "1.3.0" } }\n',
      'tsconfig.json': '{ "compilerOptions": { "strict": true } }\n',
      'sum.ts': 'export function sum(a: number, b: number): number {\n  return a + b;\n}\n',
      'use.ts': "import { sum } from './sum';\n\nconsole.log(sum(1, 2));\n",
    },
    engine: 'real',
    settings: { 'tabstop.welcome.show': true },
    onRequest: (url) => noteHost(url),
  });
  try {
    await workbench.openFile('use.ts');
    await workbench.openFile('package.json');
    await workbench.openFile('sum.ts');
    await workbench.cursorAfter('function sum');
    await workbench.page.waitForTimeout(3_000);
    for (let key = 0; key < 3; key++) await workbench.press('Backspace');
    await workbench.type('add');
    await waitFor(workbench.nextEdit, (shown) => shown.includes('use.ts'), 60_000);
    await workbench.press('Tab');
    await waitFor(workbench.activeFile, (name) => name === 'use.ts');
    await waitFor(workbench.nextEdit, (shown) => shown === '1');
    await workbench.press('Tab');
    await waitFor(workbench.text, (text) => text.includes('import { add }'));
    await workbench.command('Tabstop: Welcome');
    await workbench.page.waitForTimeout(2_000);
    await workbench.command('Preferences: Open Settings (UI)');
    await workbench.page.waitForTimeout(1_000);
    await workbench.press('Escape');
    await workbench.openFile('use.ts');
    await workbench.command('File: Save All');
    // What calls home often waits a while after the start.
    await workbench.page.waitForTimeout(10_000);
    const quiet = {
      hosts: [...hosts],
      text: await workbench.text(),
      lookedUp: [...names.asked],
      after: withoutRoute(),
    };
    await workbench.press('Control+Shift+X');
    const gallery = await waitFor(
      async () => names.asked.slice(quiet.lookedUp.length),
      (asked) => asked.length > 0,
      60_000,
    );
    return { ...quiet, gallery };
  } catch (error) {
    await workbench.screenshot(join(tmpdir(), 'tabstop-failures', 'offline-session.png'));
    throw error;
  } finally {
    await workbench.close();
  }
}

async function onPurpose(): Promise<void> {
  await lookup('on-purpose.example').catch(() => undefined);
  for (const host of ['192.0.2.1', '2001:db8::1']) {
    await new Promise<void>((resolve) => {
      connect(80, host)
        .on('error', () => resolve())
        .on('connect', () => resolve());
    });
  }
}

execFileSync('ip', ['link', 'set', 'lo', 'up']);
// Chromium tells whether there is IPv6 by connecting a UDP socket to this address, which sends nothing (measured: also for an empty page).
// With a route to ourselves that does not count; every other address does.
execFileSync('ip', ['-6', 'route', 'add', 'local', '2001:4860:4860::8888', 'dev', 'lo']);
const names = await startNameServer(53);
const before = withoutRoute();
const { hosts, text, lookedUp, gallery, after } = await session(names);
const asked = names.asked.length;
const opened = withoutRoute();
await onPurpose();
const controlled = withoutRoute();
const report: OfflineReport = {
  lookedUp,
  attempts: { ipv4: after.ipv4 - before.ipv4, ipv6: after.ipv6 - before.ipv6 },
  hosts,
  gallery,
  control: {
    lookedUp: names.asked.slice(asked),
    ipv4: controlled.ipv4 - opened.ipv4,
    ipv6: controlled.ipv6 - opened.ipv6,
  },
  text,
};
names.close();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
