import { expect, test } from 'vitest';
import { withoutNpm } from '../../src/environment.ts';
import { browserCommand } from '../../src/open-browser.ts';

test.each<[string, Record<string, string>, Record<string, string | undefined>]>([
  ["the user's own is left", { HOME: '/h', PATH: '/usr/bin:/bin', EDITOR: 'vi' }, {}],
  [
    "npm's variables go",
    {
      npm_package_name: 'x',
      npm_config_cache: '/c',
      npm_lifecycle_event: 'start',
      INIT_CWD: '/p',
      NODE: '/n',
      PATH: '/bin',
    },
    {
      npm_package_name: undefined,
      npm_config_cache: undefined,
      npm_lifecycle_event: undefined,
      INIT_CWD: undefined,
      NODE: undefined,
    },
  ],
  [
    'folders of the checkout and those above it leave PATH, others stay',
    {
      PATH: '/src/tabstop/node_modules/.bin:/src/node_modules/.bin:/node_modules/.bin:/other/node_modules/.bin:/usr/bin',
    },
    { PATH: '/other/node_modules/.bin:/usr/bin' },
  ],
  [
    "npm's own node-gyp leaves PATH",
    { PATH: '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/bin' },
    { PATH: '/bin' },
  ],
  [
    'an editor that npm made up goes',
    { npm_execpath: '/npm', EDITOR: 'vi' },
    { npm_execpath: undefined, EDITOR: undefined },
  ],
  ['an editor that the user chose stays', { npm_execpath: '/npm', EDITOR: 'emacs' }, { npm_execpath: undefined }],
])('%s', (_what, environment, changes) => {
  expect(withoutNpm(environment, '/src/tabstop')).toEqual(changes);
});

test.each<[NodeJS.Platform, Record<string, string>, string[], readonly string[] | undefined]>([
  ['linux', {}, ['/usr/bin/xdg-open'], undefined],
  ['linux', { DISPLAY: ':0', PATH: '/bin:/usr/bin' }, ['/usr/bin/xdg-open', '/usr/bin/firefox'], ['xdg-open']],
  ['linux', { WAYLAND_DISPLAY: 'w', PATH: '/usr/bin' }, ['/usr/bin/firefox'], ['firefox']],
  ['linux', { DISPLAY: ':0', PATH: '/usr/bin' }, [], undefined],
  ['linux', { BROWSER: 'my-browser --new' }, [], ['my-browser', '--new']],
  ['linux', { BROWSER: ' ', PATH: '/usr/bin' }, [], undefined],
  ['darwin', {}, [], ['open']],
])('a browser on %s with %j and %j', (platform, env, executables, expected) => {
  expect(browserCommand({ platform, env, isExecutable: (path) => executables.includes(path) })).toEqual(expected);
});
