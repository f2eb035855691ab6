import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError } from './launch-error.ts';

/** Where the parts of an installed Tabstop lie. */
export interface Distribution {
  /** The checkout. */
  readonly root: string;
  readonly vscode: string;
  readonly overlay: string;
  readonly version: string;
}

export function locateDistribution(): Distribution {
  const app = dirname(dirname(fileURLToPath(import.meta.url)));
  const root = dirname(dirname(app));
  const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as { version: string };
  return {
    root,
    vscode: join(root, 'node_modules', 'code-server', 'lib', 'vscode'),
    overlay: join(app, 'overlay'),
    version: manifest.version,
  };
}

/** The product with our overlay laid over it, and VS Code's version. */
export function readProduct(distribution: Distribution): { product: Record<string, unknown>; vscodeVersion: string } {
  const path = join(distribution.vscode, 'product.json');
  if (!existsSync(path)) {
    throw new LaunchError('The editor server is not installed. Run npm start in the checkout: it does the set-up.');
  }
  const product = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  if (product.nameShort !== 'Tabstop') {
    throw new LaunchError('The set-up was not finished. Run npm start in the checkout: it goes on where it stopped.');
  }
  const manifest = JSON.parse(readFileSync(join(distribution.vscode, 'package.json'), 'utf8')) as { version: string };
  return { product, vscodeVersion: manifest.version };
}

export function readDefaultSettings(distribution: Distribution): Record<string, unknown> {
  return JSON.parse(readFileSync(join(distribution.overlay, 'settings.json'), 'utf8')) as Record<string, unknown>;
}
