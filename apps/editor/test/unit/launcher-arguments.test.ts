import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_PORT,
  isLoopback,
  type LauncherArguments,
  parseLauncherArguments,
} from '../../src/launcher-arguments.ts';
import { LaunchError } from '../../src/launch-error.ts';

const usual: LauncherArguments = {
  action: 'open',
  folder: undefined,
  open: true,
  port: DEFAULT_PORT,
  host: '127.0.0.1',
  exposed: false,
  dataDir: undefined,
  stableApi: false,
  install: undefined,
};

test.each<[string[], Partial<LauncherArguments>]>([
  [[], {}],
  [['.'], { folder: '.' }],
  [['my project'], { folder: 'my project' }],
  [['-'], { folder: '-' }],
  [['--', '--odd'], { folder: '--odd' }],
  [['--no-open', 'p'], { open: false, folder: 'p' }],
  [['--port', '80'], { port: 80 }],
  [['--port=0'], { port: 0 }],
  [['--host', '127.0.0.2'], { host: '127.0.0.2' }],
  [['--host', '0.0.0.0', '--expose'], { host: '0.0.0.0', exposed: true }],
  [['--data-dir', '/d'], { dataDir: '/d' }],
  [['--data-dir=a=b'], { dataDir: 'a=b' }],
  [['--stable-api'], { stableApi: true }],
  [['--install-extension', 'a.vsix'], { action: 'install', install: 'a.vsix' }],
  [['-h'], { action: 'help' }],
  [['--version'], { action: 'version' }],
  [['--version', '--help'], { action: 'help' }],
  [['--help', '--version'], { action: 'help' }],
  [['--help', '--host', '0.0.0.0'], { action: 'help', host: '0.0.0.0', exposed: true }],
])('tabstop %j', (argv, expected) => {
  expect(parseLauncherArguments(argv)).toEqual({ ...usual, ...expected });
});

test.each<[string[], RegExp]>([
  [['a', 'b'], /One folder at a time: got "a" and "b"/],
  [[''], /folder name is empty/],
  [['--prot', '1'], /Unknown option --prot/],
  [['-x'], /Unknown option -x/],
  [['--port'], /--port needs a value/],
  [['--port='], /--port needs a value/],
  [['--port', 'x'], /number from 0 to 65535, not "x"/],
  [['--port', '65536'], /not "65536"/],
  [['--port', '-1'], /not "-1"/],
  [['--port', '1e3'], /not "1e3"/],
  [['--no-open=1'], /--no-open takes no value/],
  [['--host', '0.0.0.0'], /a shell as you.*--expose/],
  [['--host', 'example.org'], /--expose/],
])('tabstop %j is refused', (argv, sentence) => {
  expect(() => parseLauncherArguments(argv)).toThrow(sentence);
  try {
    parseLauncherArguments(argv);
  } catch (error) {
    expect(error).toBeInstanceOf(LaunchError);
    expect((error as LaunchError).code).toBe(2);
    expect((error as LaunchError).message).toMatch(/See tabstop --help\.$/);
  }
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.2', false],
  ['127.evil.example', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

describe('the help text', () => {
  const usage = readFileSync(join(import.meta.dirname, '../../usage.txt'), 'utf8');
  test('names every option, the default port, and every exit code', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/launcher-arguments.ts'), 'utf8');
    const options = [...source.matchAll(/case '(--[a-z-]+)':/g)]
      .map((match) => match[1]!)
      .filter((name) => name !== '--open');
    expect(options.length).toBeGreaterThan(8);
    expect(options.filter((name) => !usage.includes(name))).toEqual([]);
    expect(usage).toContain(`default ${DEFAULT_PORT}`);
    expect(usage).toMatch(/0 done, 1 .*, 2 /);
  });
  test('names every headless command', () => {
    const command = readFileSync(join(import.meta.dirname, '../../bin/tabstop.mjs'), 'utf8');
    const names = [.../HEADLESS = new Set\(\[([^\]]+)\]/.exec(command)![1]!.matchAll(/'(\w+)'/g)].map(
      (match) => match[1]!,
    );
    expect(names).toContain('predict');
    expect(names.filter((name) => !usage.includes(`tabstop ${name} `))).toEqual([]);
  });
});
