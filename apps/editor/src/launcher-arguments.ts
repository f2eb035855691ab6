import { isIP } from 'node:net';
import { EXIT, LaunchError } from './launch-error.ts';

export const DEFAULT_PORT = 4100;

export interface LauncherArguments {
  readonly action: 'open' | 'install' | 'help' | 'version';
  /** As typed; undefined opens the folder that was open last, or an empty window. */
  readonly folder: string | undefined;
  /** Whether a browser is opened on the address. */
  readonly open: boolean;
  /** First port to try, 0 for any free one. */
  readonly port: number;
  readonly host: string;
  /** The user named a host that others can reach, so every network interface is no accident. */
  readonly exposed: boolean;
  readonly dataDir: string | undefined;
  /** Without the bundled extension and without proposed API: the editor as the VSIX finds it elsewhere. */
  readonly stableApi: boolean;
  /** A VSIX file or an extension's id to install; nothing is opened then. */
  readonly install: string | undefined;
}

/** Parses what follows `tabstop`. Pure. Throws `LaunchError` (code 2) on anything it does not know. */
export function parseLauncherArguments(argv: readonly string[]): LauncherArguments {
  let folder: string | undefined;
  let action: LauncherArguments['action'] = 'open';
  let open = true;
  let port = DEFAULT_PORT;
  let host = '127.0.0.1';
  let expose = false;
  let dataDir: string | undefined;
  let stableApi = false;
  let install: string | undefined;
  let literal = false;

  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index]!;
    if (literal || !argument.startsWith('-') || argument === '-') {
      if (folder !== undefined) throw usage(`One folder at a time: got "${folder}" and "${argument}".`);
      if (argument === '') throw usage('The folder name is empty.');
      folder = argument;
      continue;
    }
    const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
    const name = equals < 0 ? argument : argument.slice(0, equals);
    const value = (): string => {
      const given = equals < 0 ? argv[++index] : argument.slice(equals + 1);
      if (given === undefined || given === '') throw usage(`${name} needs a value.`);
      return given;
    };
    const flag = (): void => {
      if (equals >= 0) throw usage(`${name} takes no value.`);
    };
    switch (name) {
      case '--':
        literal = true;
        break;
      case '--help':
      case '-h':
        flag();
        action = 'help';
        break;
      case '--version':
      case '-v':
        flag();
        if (action !== 'help') action = 'version';
        break;
      case '--no-open':
        flag();
        open = false;
        break;
      case '--open':
        flag();
        open = true;
        break;
      case '--expose':
        flag();
        expose = true;
        break;
      case '--port':
        port = parsePort(value());
        break;
      case '--host':
        host = value();
        break;
      case '--data-dir':
        dataDir = value();
        break;
      case '--stable-api':
        flag();
        stableApi = true;
        break;
      case '--install-extension':
        install = value();
        if (action === 'open') action = 'install';
        break;
      default:
        throw usage(`Unknown option ${name}.`);
    }
  }
  const exposed = !isLoopback(host);
  if (action === 'open' && exposed && !expose) {
    throw usage(
      `--host ${host} lets other machines reach the editor, and with it a shell as you, over unencrypted HTTP. ` +
        'Add --expose if that is what you want; otherwise leave --host out and use an SSH tunnel.',
    );
  }
  return { action, folder, open, port, host, exposed, dataDir, stableApi, install };
}

/** Whether only this machine can reach `host`. Names other than `localhost` are not trusted to be loopback. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw usage(`--port takes a number from 0 to 65535, not "${text}".`);
  return port;
}

function usage(message: string): LaunchError {
  return new LaunchError(`${message} See tabstop --help.`, EXIT.usage);
}
