import { ecma } from './ecma.ts';
import { go } from './go.ts';
import { csharp, include, java, php, ruby } from './lines.ts';
import type { ImportSyntax } from './model.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';

const BY_LANGUAGE: Readonly<Record<string, ImportSyntax>> = {
  typescript: ecma,
  typescriptreact: ecma,
  javascript: ecma,
  javascriptreact: ecma,
  python,
  go,
  rust,
  java,
  csharp,
  php,
  c: include,
  cpp: include,
  ruby,
};

/** How imports are read and written in a language; `undefined` where that is not known. */
export function importSyntaxOf(languageId: string): ImportSyntax | undefined {
  return BY_LANGUAGE[languageId];
}

/** Files of these languages can import from each other. */
export function sameImportFamily(a: string, b: string): boolean {
  return a === b || (BY_LANGUAGE[a] !== undefined && BY_LANGUAGE[a] === BY_LANGUAGE[b]);
}
