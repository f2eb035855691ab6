/** Drives the real editor in Chromium as a user does: by keys and by what is on the screen. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type LaunchedEditor, launchEditor } from '../../../editor/test/launch-editor.ts';
import type { Rule } from '../fake-engine/rules.ts';
import { installFakeEngine } from './assemble-extension.ts';

export interface WorkbenchOptions {
  /** Path below the workspace -> text. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders of a multi-root workspace; without them the workspace is one folder. */
  readonly folders?: readonly string[];
  /** The real engine that was built, or the fake one with these rules. */
  readonly engine: 'real' | readonly Rule[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: 'dark' | 'light';
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly prefix?: readonly string[];
  /** Called with the address of each request of the page. */
  readonly onRequest?: (url: string) => void;
  /** Called with the data folder before the editor starts. */
  readonly prepare?: (dataDir: string) => Promise<void>;
}

const IMAGES = join(import.meta.dirname, '../../../../docs/images');
const PICTURES = process.env.TABSTOP_PICTURES as 'light' | 'dark' | undefined;

/** Chromium without a graphics card, and without anything of its own that calls out. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-default-apps',
  '--component-updater=url-source=http://127.0.0.1:9/',
  '--disable-features=AutofillServerCommunication,NetworkTimeServiceQuerying,OptimizationHints,OptimizationGuideModelDownloading,MediaRouter,DialMediaRouteProvider,Translate,InterestFeedContentSuggestions,CertificateTransparencyComponentUpdater',
];

export interface Workbench {
  readonly page: Page;
  readonly editor: LaunchedEditor;
  /** The folder the editor has open, and its data folder. */
  readonly root: string;
  readonly dataDir: string;
  openFile(name: string): Promise<void>;
  /** Puts the cursor behind the first `text` of the active file, by the find widget's keys. */
  cursorAfter(text: string): Promise<void>;
  /** Waits until the language server has answered: the breadcrumbs name the symbol the cursor is in. */
  languageReady(symbol: string): Promise<void>;
  type(text: string): Promise<void>;
  press(key: string): Promise<void>;
  /** Runs a command of the palette by its title. */
  command(title: string): Promise<void>;
  save(): Promise<void>;
  /** The visible text of the active editor, line breaks as `\n`. */
  text(): Promise<string>;
  /** The grey text, '' when there is none. */
  ghostText(): Promise<string>;
  /** Text of VS Code's next-edit widgets that are on the screen, '' when there are none. */
  nextEdit(): Promise<string>;
  statusBar(): Promise<string>;
  activeFile(): Promise<string>;
  /** Process ids of the engines that run for this editor. */
  engines(): readonly number[];
  screenshot(path: string): Promise<void>;
  /** Takes a picture for the guides, into docs/images, where TABSTOP_PICTURES names a theme; else does nothing. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const home = await mkdtemp(join(tmpdir(), 'tabstop-browser-'));
  const root = join(home, 'project');
  const dataDir = join(home, 'data');
  for (const [name, text] of Object.entries(options.files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  let folder = root;
  if (options.folders) {
    folder = join(root, 'all.code-workspace');
    await writeFile(folder, JSON.stringify({ folders: options.folders.map((path) => ({ path })) }));
  }
  if (options.engine !== 'real') await installFakeEngine(dataDir, options.engine);
  await options.prepare?.(dataDir);
  let editor: LaunchedEditor | undefined;
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await editor?.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    editor = await launchEditor({
      folder,
      dataDir,
      settings: { ...SETTINGS, ...options.settings },
      args: options.args,
      env: options.env,
      prefix: options.prefix,
    });
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM_ARGUMENTS });
    const page = await browser.newPage({
      viewport: { width: 1100, height: 700 },
      colorScheme: options.theme ?? PICTURES ?? 'dark',
    });
    const { onRequest } = options;
    // Of the context: frames and service workers ask as well.
    if (onRequest) page.context().on('request', (request) => onRequest(request.url()));
    await page.goto(editor.url);
    await page.waitForSelector('.monaco-workbench .statusbar', { timeout: 60_000 });
    const workbench = drive(page, editor, { root, dataDir }, close);
    await waitFor(
      () => workbench.statusBar(),
      (text) => /Tab(?!:)/.test(text),
      60_000,
    );
    return workbench;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Settings that keep the screen still; none of them changes what is tested. */
const SETTINGS = {
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.hover.enabled': 'off',
  'workbench.activityBar.location': 'default',
  'window.commandCenter': false,
  'files.autoSave': 'off',
  'editor.parameterHints.enabled': false,
  'tabstop.welcome.show': false,
  // One TypeScript server: the one for syntax alone would answer for a file without the others while the project loads.
  'typescript.tsserver.useSyntaxServer': 'never',
  'js/ts.tsserver.useSyntaxServer': 'never',
};

function drive(
  page: Page,
  editor: LaunchedEditor,
  places: { root: string; dataDir: string },
  close: () => Promise<void>,
): Workbench {
  const active = page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
  /** The box closes by itself when something that was opened before takes the focus late; a person then presses the key again. */
  const quickInput = async (key: string, text: string) => {
    const box = page.locator('.quick-input-widget:visible input').first();
    for (let press = 1; ; press++) {
      await page.keyboard.press(key);
      const filled = await box.fill(text, { timeout: 10_000 }).then(
        () => true,
        (error: Error) => {
          if (press === 3) throw error;
          return false;
        },
      );
      if (filled) return;
    }
  };
  /** Text of what matches and can be seen, as it stands on the screen: pieces of one line joined, lines apart. */
  const visibleText = async (selector: string): Promise<string> => {
    const pieces = await page.locator(selector).evaluateAll((nodes) =>
      nodes
        .map((node) => ({ box: node.getBoundingClientRect(), text: node.textContent ?? '' }))
        .filter(({ box }) => box.width > 0 && box.height > 0)
        .map(({ box, text }) => ({ top: Math.round(box.top), left: box.left, text })),
    );
    pieces.sort((a, b) => a.top - b.top || a.left - b.left);
    const joined = pieces.map(({ top, text }, index) =>
      index > 0 && top !== pieces[index - 1]!.top ? `\n${text}` : text,
    );
    return joined.join('').replaceAll('\u00a0', ' ');
  };
  const workbench: Workbench = {
    page,
    editor,
    ...places,
    close,
    async openFile(name) {
      const base = name.split('/').at(-1)!;
      await quickInput('Control+P', name);
      // By key: a message of the editor may lie over the list.
      await page.locator(`.quick-input-list .monaco-list-row.focused[aria-label^="${base}"]`).first().waitFor();
      await page.keyboard.press('Enter');
      await waitFor(workbench.activeFile, (title) => title === base);
      await active.locator('.view-lines').first().waitFor();
    },
    async cursorAfter(text) {
      await page.keyboard.press('Control+Home');
      await page.keyboard.press('Control+F');
      const find = page.locator('.editor-group-container.active .find-widget.visible textarea.input').first();
      await find.fill(text);
      await page.locator('.find-widget.visible .matchesCount').filter({ hasText: /^1 of/ }).first().waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('ArrowRight');
    },
    async languageReady(symbol) {
      await page
        .locator('.editor-group-container.active .breadcrumbs-control', { hasText: symbol })
        .waitFor({ timeout: 60_000 });
      // The engine asks for references while the cursor rests: half a second is what it gives, and it asks again.
      await page.waitForTimeout(4_500);
    },
    async type(text) {
      await page.keyboard.type(text, { delay: 25 });
    },
    press: (key) => page.keyboard.press(key),
    async command(title) {
      await quickInput('F1', `>${title}`);
      // The list matches loosely, and a similar title may come first.
      await page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first().click();
      await page.waitForTimeout(50);
    },
    async save() {
      await page.keyboard.press('Control+S');
    },
    async text() {
      // The first one is the editor's own; the next-edit view draws lines of its own above it.
      const lines = await active
        .locator('.view-lines')
        .first()
        .evaluate((view) =>
          [...view.querySelectorAll(':scope > .view-line')]
            .map((node) => ({
              top: node.getBoundingClientRect().top,
              text: [...node.querySelectorAll(':scope > span > span')]
                .filter((span) => !/ghost-text|suggestion-preview/.test(span.className))
                .map((span) => span.textContent ?? '')
                .join(''),
            }))
            .sort((a, b) => a.top - b.top)
            .map(({ text }) => text),
        );
      return lines.join('\n').replaceAll('\u00a0', ' ');
    },
    ghostText: () =>
      visibleText(
        '.monaco-editor .ghost-text-decoration, .monaco-editor .ghost-text-decoration-preview, .monaco-editor .suggest-preview-text .ghost-text',
      ),
    async nextEdit() {
      const hint = await visibleText('.inline-edits-long-distance-hint-widget');
      return hint || visibleText('.overlayWidgets .icon');
    },
    statusBar: () =>
      page
        .locator('.statusbar-item[id="tabstop.tabstop.tabstop.tab"]')
        .innerText({ timeout: 1_000 })
        .then(
          (text) => text.replaceAll('\u00a0', ' ').trim(),
          () => '',
        ),
    activeFile: () =>
      page
        .locator('.editor-group-container.active .tab.active')
        .first()
        .getAttribute('data-resource-name')
        .then(
          (name) => name ?? '',
          () => '',
        ),
    engines: () =>
      descendants(editor.process.pid!)
        .filter(({ command }) => /engine[/\\]engine\.mjs/.test(command))
        .map(({ pid }) => pid),
    async screenshot(path) {
      await mkdir(dirname(path), { recursive: true });
      await page.screenshot({ path, type: 'png' });
    },
    async picture(name) {
      if (!PICTURES) return;
      // What is faded in is there.
      await page.waitForTimeout(600);
      await workbench.screenshot(join(IMAGES, `${name}-${PICTURES}.png`));
    },
  };
  return workbench;
}

/** Asks again and again until the answer is right; then it is returned. Fails with the last answer. */
export async function waitFor<T>(
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  milliseconds = 30_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  let answer = await ask();
  while (!right(answer)) {
    if (Date.now() > end) throw new Error(`not so within ${milliseconds} ms; last was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    answer = await ask();
  }
  return answer;
}

/** The processes below `root`, from /proc. */
function descendants(root: number): { pid: number; command: string }[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
        return [
          { pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') },
        ];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
  const below = (parent: number): { pid: number; command: string }[] =>
    processes.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(root);
}
