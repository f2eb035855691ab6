import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DataFolder } from './data-folder.ts';
import { LaunchError } from './launch-error.ts';

/** VS Code's server as the npm package `code-server` carries it. */
export interface CodeServer {
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Socket): void;
  dispose(): void;
}

interface ServerMain {
  loadCodeWithNls(): Promise<{ createServer(address: null, args: Record<string, unknown>): Promise<CodeServer> }>;
}

/**
 * Loads VS Code's server into this process and opens nothing on the network: the caller hands it requests.
 * This is how code-server itself uses it, without code-server's own front (login, proxies, update check).
 */
export async function loadCodeServer(vscodeRoot: string, data: DataFolder, builtin?: string): Promise<CodeServer> {
  const entry = join(vscodeRoot, 'out', 'server-main.js');
  if (!existsSync(entry) || !existsSync(join(vscodeRoot, 'node_modules'))) {
    throw new LaunchError('The editor server is not installed. Run npm start in the checkout: it does the set-up.');
  }
  // Without this the module starts a server of its own as soon as it is imported.
  process.env.CODE_SERVER_PARENT_PID = String(process.pid);
  // The server would send its telemetry here if any of it were on.
  process.env.CS_TELEMETRY_URL = 'http://127.0.0.1:9';
  // The server says on the console what its log file under the data folder says, too. Problems still come through.
  console.log = console.info = console.debug = () => {};
  const main = (await import(pathToFileURL(entry).href)) as ServerMain;
  const { createServer } = await main.loadCodeWithNls();
  return createServer(null, {
    ...serverArguments(data),
    ...(builtin === undefined ? {} : { 'builtin-extensions-dir': builtin }),
  });
}

/** Installs an extension into the data folder, as VS Code's command line does. Throws `LaunchError` with what that said. */
export function installExtension(vscodeRoot: string, data: DataFolder, extension: string, builtin?: string): void {
  const entry = join(vscodeRoot, 'out', 'server-main.js');
  const folders = ['--extensions-dir', data.extensions, '--user-data-dir', data.user, '--server-data-dir', data.server];
  if (builtin !== undefined) folders.push('--builtin-extensions-dir', builtin);
  const child = spawnSync(process.execPath, [entry, '--install-extension', extension, '--force', ...folders], {
    encoding: 'utf8',
  });
  const failure = installFailure(child.status, `${child.stderr}\n${child.stdout}`);
  if (failure !== undefined) throw new LaunchError(`${extension} could not be installed: ${failure}`);
}

/**
 * Pure: why an extension was not installed, by what VS Code's command line printed; `undefined` when it was. The exit code is 0 for a file that is not
 * there, too, and lines of other parts (a log module that could not be loaded) begin with `Error` although all went well.
 */
export function installFailure(status: number | null, output: string): string | undefined {
  if (status === 0 && /^Extension .* was successfully (?:installed|updated)\.$/m.test(output)) return undefined;
  const said = /^(Incompatible.*|Error.*|.*(?:not found|ENOENT).*|Failed.*)$/m.exec(output);
  return said?.[1] ?? `exit code ${status}`;
}

/**
 * VS Code's own extensions without ours, as links in a folder of the data folder.
 * Made anew each time, since the extensions may have changed.
 */
export function builtinWithoutOurs(vscodeRoot: string, data: DataFolder): string {
  const target = join(data.server, 'builtin-extensions');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const source = join(vscodeRoot, 'extensions');
  for (const name of readdirSync(source)) {
    if (name !== 'tabstop') symlinkSync(join(source, name), join(target, name));
  }
  return target;
}

/** Pure: the server's switches. */
export function serverArguments(data: DataFolder): Record<string, unknown> {
  return {
    _: [],
    'user-data-dir': data.user,
    'extensions-dir': data.extensions,
    'server-data-dir': data.server,
    'accept-server-license-terms': true,
    'without-connection-token': true,
    compatibility: '1.64',
    auth: 'none',
    'app-name': 'Tabstop',
    'telemetry-level': 'off',
    'disable-telemetry': true,
    'disable-update-check': true,
    'disable-workspace-trust': true,
    'disable-getting-started-override': true,
    'disable-experiments': true,
    // A bridge host without a port or path makes the agent host unavailable; without it one starts on demand.
    'agent-host-bridge-host': 'none',
  };
}
