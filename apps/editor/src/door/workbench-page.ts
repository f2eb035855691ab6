import { escapeHtml } from './pages.ts';

export interface WorkbenchPageSettings {
  /** The whole product, overlay included: the browser's part has the original's baked in. */
  readonly product: Readonly<Record<string, unknown>>;
  readonly packageVersion: string;
  /** Settings that differ from VS Code's defaults; the user's own win over them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * The page that VS Code's server sends, with our product in it: the scripts of the browser's part read
 * `_VSCODE_PRODUCT_JSON` before the product that was compiled into them, and the embedder's options from a `meta`.
 * Throws when the page is not the one this was written for, rather than show another's product.
 */
export function ourWorkbenchPage(html: string, settings: WorkbenchPageSettings): string {
  const meta = /(<meta id="vscode-workbench-web-configuration" data-settings=")([^"]*)(">)/;
  const found = meta.exec(html);
  const nonce = /<script nonce="([^"]+)">/.exec(html)?.[1];
  if (found === null || nonce === undefined) {
    throw new Error('the workbench page has another shape than expected: was VS Code updated?');
  }
  const configuration = JSON.parse(unescapeHtml(found[2]!)) as { productConfiguration?: object };
  const ours = {
    ...configuration,
    configurationDefaults: settings.settings,
    productConfiguration: {
      ...configuration.productConfiguration,
      ...settings.product,
      // A service worker of code-server's front, which is not here.
      serviceWorker: undefined,
    },
  };
  const product = `globalThis._VSCODE_PRODUCT_JSON=${scriptJson(settings.product)};globalThis._VSCODE_PACKAGE_JSON=${scriptJson({ version: settings.packageVersion })};`;
  return html
    .replace(
      meta,
      (_all, before: string, _settings, after: string) => before + escapeHtml(JSON.stringify(ours)) + after,
    )
    .replace('<meta charset="utf-8" />', `<meta charset="utf-8" />\n\t\t<script nonce="${nonce}">${product}</script>`)
    .replace(/<link rel="(apple-touch-icon|icon|alternate icon|manifest)"[^>]*>\s*/g, '')
    .replace('content="Code"', 'content="Tabstop"')
    .replace(
      '</head>',
      `<link rel="icon" href="./tabstop/icon.svg" type="image/svg+xml" />
		<link rel="alternate icon" href="./tabstop/favicon.ico" />
		<link rel="apple-touch-icon" sizes="192x192" href="./tabstop/icon-192.png" />
		<link rel="manifest" href="./tabstop/manifest.json" crossorigin="use-credentials" />
	</head>`,
    );
}

/** JSON that cannot end the script element it stands in. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&#39;': "'",
};

function unescapeHtml(text: string): string {
  return text.replace(/&(quot|amp|lt|gt|#39);/g, (entity) => ENTITIES[entity]!);
}
