import { randomBytes } from 'node:crypto';
import { access, realpath, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { builtinWithoutOurs, loadCodeServer } from './code-server.ts';
import { createDataFolder, keptSecret, locateDataFolder } from './data-folder.ts';
import { type Distribution, readDefaultSettings, readProduct } from './distribution.ts';
import { createDoor } from './door/door.ts';
import { createHouse } from './door/house.ts';
import { listenOnFreePort } from './door/listen.ts';
import { Sessions } from './door/sessions.ts';
import { askRunning, claimInstance, serveControl, systemProcesses } from './instance.ts';
import { lastOpened } from './last-opened.ts';
import type { LauncherArguments } from './launcher-arguments.ts';
import { resolveOpened } from './open-folder.ts';

export type Launched =
  /** This process is the editor now. `url` holds a one-time token. */
  | { readonly kind: 'running'; readonly url: string; readonly port: number; stop(): Promise<void> }
  /** Another process of this data folder is the editor; `url` opens it. */
  | { readonly kind: 'elsewhere'; readonly url: string };

export interface LaunchContext {
  readonly distribution: Distribution;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens the editor, or finds the one that runs. Throws `LaunchError` with what to do. */
export async function launch(parameters: LauncherArguments, context: LaunchContext): Promise<Launched> {
  const { distribution, cwd, env } = context;
  const fs = { stat, access, realpath };
  const opened = parameters.folder === undefined ? undefined : await resolveOpened(parameters.folder, cwd, fs);
  const query = opened === undefined ? '' : `?${opened.kind}=${encodeURIComponent(opened.path)}`;

  const data = locateDataFolder({ dataDir: parameters.dataDir, cwd, home: homedir() }, env);
  createDataFolder(data);
  const claim = await claimInstance(data, systemProcesses(), (ms) => wait(ms));
  if (claim.kind === 'second') return { kind: 'elsewhere', url: await askRunning(data.control, { query }) };

  const undo: (() => void | Promise<void>)[] = [() => claim.release()];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    // Our extension keeps its state beside the rest of Tabstop's data, where `tabstop tab` finds it too.
    process.env.TABSTOP_DATA_DIR = data.root;
    const { product, vscodeVersion } = readProduct(distribution);
    const { stableApi } = parameters;
    if (stableApi) delete product.extensionEnabledApiProposals;
    const code = await loadCodeServer(
      distribution.vscode,
      data,
      stableApi ? builtinWithoutOurs(distribution.vscode, data) : undefined,
    );
    undo.push(() => code.dispose());
    const sessions = new Sessions(keptSecret(join(data.root, 'session-secret'), 32), {
      now: Date.now,
      random: randomBytes,
    });
    const last = lastOpened(join(data.root, 'last-opened.json'));
    const house = createHouse({
      code,
      overlay: distribution.overlay,
      keyHalf: keptSecret(join(data.root, 'secret-storage-key'), 32),
      product,
      packageVersion: vscodeVersion,
      settings: readDefaultSettings(distribution),
      onOpened: (shown) => last.write(shown),
      startQuery: () => last.read(),
    });
    const names = parameters.exposed ? [hostname().toLowerCase(), parameters.host.toLowerCase()] : [];
    const door = createDoor({ sessions, house, names });
    const port = await listenOnFreePort(door, parameters.host, parameters.port);
    undo.push(() => closeDoor(door));
    const address = (wanted: string, life?: number): string =>
      `http://${displayHost(parameters.host)}:${port}/?tkn=${sessions.mint(life)}${wanted.replace(/^\?/, '&')}`;
    const control = await serveControl(data.control, (request) => address(request.query));
    undo.push(() => void control.close());
    return { kind: 'running', url: address(query), port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What to write in an address: an interface that means "all" is no place to go to. */
function displayHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function closeDoor(door: Server): Promise<void> {
  return new Promise((resolve) => {
    door.close(() => resolve());
    door.closeAllConnections();
    // Upgraded sockets are no longer the server's: they end with the process.
    setTimeout(resolve, 200).unref();
  });
}
