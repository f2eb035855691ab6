import { existsSync } from 'node:fs';
import { access, copyFile, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprint } from './fingerprint.ts';
import { type NpmRun, runNpm } from './npm-run.ts';
import { type Json, layOver, withoutSignIn } from './overlay.ts';
import { SetupError, type Step } from './runner.ts';

/** What the build is made from. */
export const BUILD_INPUTS = [
  'packages/protocol',
  'packages/engine',
  'packages/apply',
  'packages/prompt',
  'apps/vscode',
  'scripts/build.ts',
  'scripts/build',
  'LICENSE',
  'package-lock.json',
];

/** Not needed by this editor: the agents' runtimes and Copilot, 0.27 GB. */
const UNWANTED = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'extensions/copilot',
  // Sign-in and what asks for one.
  'extensions/github',
  'extensions/github-authentication',
  'extensions/microsoft-authentication',
  'extensions/tunnel-forwarding',
];

/** The native modules without prebuilt files that the server loads: its log, and what ends a child whose parent died. */
const NATIVE = ['@vscode/spdlog', '@vscode/native-watchdog'];

/** The set-up after the dependencies, in the order of what needs what. */
export function setupSteps(root: string, run: NpmRun = runNpm): readonly Step[] {
  const vscode = join(root, 'node_modules', 'code-server', 'lib', 'vscode');
  const modules = join(vscode, 'node_modules');
  // Without --no-save npm rewrites VS Code's lock file to what this platform and registry have.
  const install = [
    'install',
    '--no-save',
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // code-server's version decides about all that VS Code's own lock files say.
  const release = (): Promise<string> => fingerprint(join(root, 'node_modules', 'code-server'), ['package.json']);
  const node = `${process.version} ${process.platform} ${process.arch}`;

  return [
    {
      id: 'build',
      title: 'engine and extension, built',
      needs: [],
      inputs: () => fingerprint(root, BUILD_INPUTS),
      present: async () =>
        existsSync(join(root, 'packages/engine/dist')) && existsSync(join(root, 'apps/vscode/dist/bundle')),
      run: async () => {
        const { build } = await import('../build.ts');
        try {
          await build(root);
        } catch (error) {
          // esbuild has printed the places already.
          throw new SetupError('the engine and the extension could not be built; the places are above.', {
            cause: error,
          });
        }
        return undefined;
      },
    },
    {
      id: 'server-modules',
      title: 'editor server, dependencies',
      needs: [],
      inputs: release,
      present: async () => existsSync(join(modules, 'node-pty')),
      run: () =>
        run({
          cwd: vscode,
          args: install,
          root,
          log: 'server-modules',
          failure: "the editor server's dependencies could not be installed",
        }),
    },
    {
      id: 'native-modules',
      title: 'editor server, native modules compiled',
      needs: ['server-modules'],
      inputs: async () => node,
      present: async () => true,
      run: () =>
        run({
          cwd: vscode,
          args: ['rebuild', ...NATIVE, '--ignore-scripts=false', '--foreground-scripts', '--loglevel=error'],
          root,
          log: 'native-modules',
          // The editor works without them; only the server's own log file is missing then.
          optional:
            "the server's log module could not be compiled, so the editor server writes no log files; everything else works.",
        }),
    },
    {
      id: 'server-extensions',
      title: 'language extensions, dependencies',
      needs: [],
      inputs: release,
      present: async () => existsSync(join(vscode, 'extensions', 'node_modules', 'typescript')),
      run: () =>
        run({
          cwd: join(vscode, 'extensions'),
          args: install,
          root,
          log: 'server-extensions',
          failure: "the language extensions' dependencies could not be installed",
        }),
    },
    {
      id: 'overlay',
      title: 'product overlay',
      needs: ['server-modules', 'server-extensions'],
      inputs: () => fingerprint(root, ['apps/editor/overlay', 'scripts/setup/steps.ts', 'scripts/setup/overlay.ts']),
      present: async () =>
        existsSync(join(vscode, 'product.pristine.json')) && existsSync(join(vscode, 'extensions', 'tabstop')),
      run: async () => {
        await layOverlay(root, vscode);
        return undefined;
      },
    },
  ];
}

async function layOverlay(root: string, vscode: string): Promise<void> {
  const product = join(vscode, 'product.json');
  const pristine = join(vscode, 'product.pristine.json');
  // A copy that was cut off must not pass for the original: it gets its name when it is whole.
  if (!existsSync(pristine)) {
    await copyFile(product, `${pristine}.new`);
    await rename(`${pristine}.new`, pristine);
  }
  const base = JSON.parse(await readFile(pristine, 'utf8')) as Json;
  const overlay = JSON.parse(await readFile(join(root, 'apps/editor/overlay/product.json'), 'utf8')) as Json;
  await writeFile(`${product}.new`, JSON.stringify(layOver(base, overlay), null, '\t'));
  await rename(`${product}.new`, product);

  const workbench = join(vscode, 'out', 'vs', 'code', 'browser', 'workbench', 'workbench.js');
  const script = await readFile(workbench, 'utf8');
  const quiet = withoutSignIn(script);
  if (quiet !== script) {
    await writeFile(`${workbench}.new`, quiet);
    await rename(`${workbench}.new`, workbench);
  }

  await Promise.all(UNWANTED.map((path) => rm(join(vscode, path), { recursive: true, force: true })));

  // Our extension is one of the editor's own: no gallery can replace it, and the user's extensions stay theirs.
  const link = join(vscode, 'extensions', 'tabstop');
  await rm(link, { recursive: true, force: true });
  await symlink(join(root, 'apps/vscode/dist/bundle'), link, 'dir');

  const media = join(vscode, 'out', 'media');
  await mkdir(media, { recursive: true });
  for (const name of [
    'letterpress-dark.svg',
    'letterpress-light.svg',
    'letterpress-hcDark.svg',
    'letterpress-hcLight.svg',
    'code-icon.svg',
  ]) {
    const ours = join(root, 'apps/editor/overlay', name.startsWith('code-icon') ? 'icon.svg' : 'letterpress.svg');
    const present = await access(join(media, name)).then(
      () => true,
      () => false,
    );
    if (present) await cp(ours, join(media, name), { force: true });
  }

  // What code-server's own install script would have linked: `code FILE` in the editor's terminals.
  const cli = join(vscode, 'bin', 'remote-cli');
  const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
  for (const name of ['code', 'tabstop']) {
    await rm(join(cli, name), { force: true });
    await symlink(`code-${platform}.sh`, join(cli, name));
  }
}
