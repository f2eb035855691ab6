import { describe, expect, test } from 'vitest';
import { ourWorkbenchPage } from '../../src/door/workbench-page.ts';

/** The parts of VS Code's start page that count, as its server sends them. */
const page = (configuration: object): string => `<!DOCTYPE html>
<html>
	<head>
		<script nonce="N0">
			performance.mark('code/didStartRenderer');
		</script>
		<meta charset="utf-8" />
		<meta name="apple-mobile-web-app-title" content="Code">
		<link rel="apple-touch-icon" sizes="192x192" href="./_static/pwa-icon-192.png" />
		<meta id="vscode-workbench-web-configuration" data-settings="${JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">
		<link rel="icon" href="./_static/favicon-dark-support.svg" />
		<link rel="alternate icon" href="./_static/favicon.ico" type="image/x-icon" />
		<link rel="manifest" href="./manifest.json" crossorigin="use-credentials" />
		<link rel="stylesheet" href="stable/static/workbench.css">
	</head>
	<body></body>
	<script type="module" src="workbench.js"></script>
</html>`;

const settings = {
  product: { nameShort: 'Tabstop', enableTelemetry: false },
  packageVersion: '1.139.1',
  settings: { 'update.mode': 'none' },
};

function configurationOf(html: string): Record<string, unknown> {
  const text = /data-settings="([^"]*)"/.exec(html)![1]!;
  return JSON.parse(text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code))));
}

describe('the start page', () => {
  const given = {
    folderUri: { path: '/a "quoted" & <odd>' },
    productConfiguration: {
      nameShort: 'code-server',
      codeServerVersion: '4',
      enableTelemetry: true,
      serviceWorker: { path: 'x' },
    },
  };
  const ours = ourWorkbenchPage(page(given), settings);

  test('carries our product and settings, and keeps what the server said beside them', () => {
    expect(configurationOf(ours)).toEqual({
      folderUri: { path: '/a "quoted" & <odd>' },
      configurationDefaults: { 'update.mode': 'none' },
      productConfiguration: { nameShort: 'Tabstop', codeServerVersion: '4', enableTelemetry: false },
    });
  });

  test("sets the product before the workbench loads, under the page's own nonce", () => {
    const script = ours.indexOf('<script nonce="N0">globalThis._VSCODE_PRODUCT_JSON={"nameShort":"Tabstop"');
    expect(script).toBeGreaterThan(0);
    expect(script).toBeLessThan(ours.indexOf('src="workbench.js"'));
  });

  test("shows our icons and no one else's", () => {
    expect(ours).not.toContain('_static');
    expect(ours.match(/<link rel="[^"]*icon"[^>]*>/g)).toHaveLength(3);
    expect(ours).toContain('href="./tabstop/manifest.json"');
    expect(ours).toContain('stable/static/workbench.css');
  });
});

test('a product cannot end the script that it stands in', () => {
  const html = ourWorkbenchPage(page({}), { ...settings, product: { nameLong: '</script><script>alert(1)' } });
  expect(html).not.toContain('</script><script>alert');
});

test('a dollar sign in a setting is only a dollar sign', () => {
  const html = ourWorkbenchPage(page({ a: '$& $1' }), { ...settings, settings: { b: "$' $`" } });
  expect(configurationOf(html)).toMatchObject({ a: '$& $1', configurationDefaults: { b: "$' $`" } });
});

test.each(['', '<html></html>', page({}).replace('vscode-workbench-web-configuration', 'renamed')])(
  'another page is an error: %.20s',
  (html) => {
    expect(() => ourWorkbenchPage(html, settings)).toThrow(/another shape than expected/);
  },
);
