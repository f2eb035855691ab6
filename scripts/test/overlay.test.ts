import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, layOver, withoutSignIn } from '../setup/overlay.ts';

describe('laying one over the other', () => {
  test.each<[string, Json, Json, Json]>([
    ['a value is replaced', { a: 1, b: 2 }, { a: 3 }, { a: 3, b: 2 }],
    ['a key is added', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['null removes', { a: 1, b: { c: 1, d: 2 } }, { a: null, b: { c: null } }, { b: { d: 2 } }],
    ['null for what is not there is nothing', {}, { a: null, b: { c: null } }, { b: {} }],
    ['objects are merged at any depth', { a: { b: { c: 1 } } }, { a: { b: { d: 2 } } }, { a: { b: { c: 1, d: 2 } } }],
    ['lists are replaced whole', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['an object replaces a value', { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
    ['a value replaces an object', { a: { b: 2 } }, { a: '' }, { a: '' }],
  ])('%s', (_what, base, overlay, expected) => {
    expect(layOver(base, overlay)).toEqual(expected);
  });

  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
  const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c'), json) as fc.Arbitrary<Json>;
  test('a second time changes nothing', () => {
    fc.assert(
      fc.property(objects, objects, (base, overlay) => {
        const once = layOver(base, overlay);
        expect(layOver(once, overlay)).toEqual(once);
      }),
      { seed: 21 },
    );
  });

  test('neither argument is changed', () => {
    fc.assert(
      fc.property(objects, objects, (base, overlay) => {
        const before = JSON.stringify([base, overlay]);
        layOver(base, overlay);
        expect(JSON.stringify([base, overlay])).toBe(before);
      }),
      { seed: 22 },
    );
  });
});

describe('our product', () => {
  const folder = join(import.meta.dirname, '../../apps/editor/overlay');
  const product = JSON.parse(readFileSync(join(folder, 'product.json'), 'utf8')) as Record<string, Json>;
  const settings = JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')) as Record<string, Json>;

  test('sends nobody anywhere but to the gallery', () => {
    const addresses = JSON.stringify(product).match(/\b(https?|wss?):\/\/[^"/]+/g) ?? [];
    expect(new Set(addresses)).toEqual(new Set(['https://open-vsx.org']));
    expect(product.enableTelemetry).toBe(false);
  });

  test('does not speak of others', () => {
    expect(JSON.stringify(product)).not.toMatch(/copilot|code-server|aka\.ms|microsoft\.com/i);
  });

  test('allows our extension the one proposal it uses, and takes it for no chat extension', () => {
    expect(product.extensionEnabledApiProposals).toEqual({ 'tabstop.tabstop': ['inlineCompletionsAdditions'] });
    // VS Code disables the chat extension while AI features are off, and would disable ours with it.
    expect((product.defaultChatAgent as Record<string, Json>).chatExtensionId).not.toBe('tabstop.tabstop');
  });

  test.each<[string, Json]>([
    ['telemetry.telemetryLevel', 'off'],
    ['extensions.autoCheckUpdates', false],
    ['extensions.autoUpdate', false],
    ['json.schemaDownload.enable', false],
    ['npm.fetchOnlinePackageInfo', false],
    ['workbench.enableExperiments', false],
    ['update.mode', 'none'],
  ])('%s is %j unless the user says otherwise', (name, value) => {
    expect(settings[name]).toEqual(value);
  });
});

describe('the workbench', () => {
  const shown = 'function v(s){return s.getBoolean(H.ACCOUNTS_VISIBILITY_PREFERENCE_KEY,0,!0)}';
  const hidden = 'function v(s){return s.getBoolean(H.ACCOUNTS_VISIBILITY_PREFERENCE_KEY,0,!1)}';
  test.each([
    ['the default of the Accounts menu is turned over', shown, hidden],
    ['once only', hidden, hidden],
    [
      'the command that sets a hosted chat up',
      'super({id:t,title:n.CHAT_SETUP_ACTION_LABEL,category:A$,f1:!0,precondition:1})',
      'super({id:t,title:n.CHAT_SETUP_ACTION_LABEL,category:A$,f1:!1,precondition:1})',
    ],
    ['another shape stays', 'let a=1', 'let a=1'],
    [
      'the extension that signs in',
      '[{extensionPath:"git-base",a:{}},{extensionPath:"github-authentication",packageJSON:{name:"x",list:[{}]}},{extensionPath:"go",b:1}]',
      '[{extensionPath:"git-base",a:{}},{extensionPath:"go",b:1}]',
    ],
  ])('%s', (_what, before, after) => expect(withoutSignIn(before)).toBe(after));
});
