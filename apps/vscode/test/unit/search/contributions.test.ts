import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../..');
const { contributes } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when?: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly type?: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly scope?: string; readonly default: unknown }>>;
    };
  };
};
const source = (readdirSync(join(FOLDER, 'src'), { recursive: true }) as string[])
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(FOLDER, 'src', path), 'utf8'))
  .join('\n');
const ours = (id: string) => /^tabstop\.(search|related|index)\./.test(id);

describe('what the manifest promises of search', () => {
  const commands = contributes.commands.map(({ command }) => command);
  test('every command is registered, and every one that is registered is in the palette', () => {
    expect(commands.filter(ours).length).toBeGreaterThan(8);
    expect(commands.filter((id) => ours(id) && !source.includes(`'${id}'`))).toEqual([]);
    const registered = [...source.matchAll(/(?:command|registerCommand)\(\s*'(tabstop\.[\w.]+)'/g)].map(
      (match) => match[1]!,
    );
    expect(registered.filter((id) => ours(id) && !commands.includes(id))).toEqual([]);
  });
  test('menus and keys name commands that there are', () => {
    const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
      ({ command }) => command,
    );
    expect(named.filter((id) => ours(id) && !commands.includes(id))).toEqual([]);
  });
  test('views have their providers, the container its picture', () => {
    for (const { id, type } of contributes.views['tabstop']!)
      expect(source).toMatch(
        type === 'webview'
          ? new RegExp(`pageView<[^>]+>\\(\\s*'${id}'`)
          : new RegExp(`createTreeView<[^>]+>\\(\\s*'${id}'`),
      );
    expect(existsSync(join(FOLDER, contributes.viewsContainers.activitybar[0]!.icon))).toBe(true);
  });
  test('the pages have their style and script', () => {
    for (const name of ['search', 'index'])
      for (const ending of ['css', 'js'])
        expect(existsSync(join(FOLDER, 'media/search', `${name}.${ending}`))).toBe(true);
  });
  test('each setting is read under its name', () => {
    const settings = Object.keys(contributes.configuration.properties).filter((name) => ours(name));
    expect(settings.length).toBe(6);
    expect(settings.filter((name) => !source.includes(`'${name.slice('tabstop.'.length)}'`))).toEqual([]);
  });
});

test('a folder that is opened cannot say where code is sent, nor which variable is sent along', () => {
  const { properties } = contributes.configuration;
  const embedding = Object.keys(properties).filter((name) => name.startsWith('tabstop.index.embedding.'));
  expect(embedding.length).toBeGreaterThan(3);
  for (const name of embedding) expect([name, properties[name]!.scope]).toEqual([name, 'machine']);
  // And nothing is sent anywhere unless somebody says where.
  expect(properties['tabstop.index.embedding.address']!.default).toBe('');
});

test('the key of the quick pick leaves those alone that the editor has for lists and its console', () => {
  const [key, ...more] = contributes.keybindings.filter(({ command }) => command === 'tabstop.search.quick');
  expect([key!.key, more]).toEqual(['ctrl+alt+f', []]);
  expect(key!.when).toContain('!listFocus');
  expect(key!.when).toContain("focusedView != 'workbench.panel.repl.view'");
});

test('the scripts of the pages make no HTML of what they show', () => {
  for (const name of ['search', 'index']) {
    const script = readFileSync(join(FOLDER, 'media/search', `${name}.js`), 'utf8');
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|fetch\(|XMLHttpRequest|https?:/,
    );
  }
});
