/** A module that a text imports by name, without anything relative. `end` is behind the name (and its quote). */
export interface Imported {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const ECMA = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])([^"'\n\\]+)\1/g;
const PYTHON =
  /^[ \t]*(?:import\s+([\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)|from\s+([\w.]+)\s+import\s+[\w(*])/gm;
const GO_SINGLE = /^\s*import\s+(?:[\w.]+\s+)?"([^"\n]+)"/gm;
const GO_BLOCK = /^\s*import\s*\(([^)]*)\)/gm;
const RUST =
  /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:use\s+(?:::)?([a-z_]\w*)::|extern\s+crate\s+([a-z_]\w*)\s*(?:as\s+\w+\s*)?;)/gm;

/** Modules of other packages that the text imports, in order; by spelling, so that it works while other code is broken. */
export function importsOf(text: string, languageId: string): readonly Imported[] {
  switch (languageId) {
    case 'typescript':
    case 'typescriptreact':
    case 'javascript':
    case 'javascriptreact':
    case 'vue':
    case 'svelte':
      return matches(text, ECMA, 2);
    case 'python':
      return python(text);
    case 'go':
      return [...matches(text, GO_SINGLE, 1), ...goBlocks(text)];
    case 'rust':
      return [...matches(text, RUST, 1), ...matches(text, RUST, 2)];
    default:
      return [];
  }
}

function matches(text: string, pattern: RegExp, group: number): Imported[] {
  const found: Imported[] = [];
  for (const match of text.matchAll(pattern)) {
    const name = match[group];
    const line = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    if (name === undefined || /^\s*(?:\/\/|\*|#)/.test(line)) continue;
    found.push({ name, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function python(text: string): Imported[] {
  const found: Imported[] = [];
  for (const match of text.matchAll(PYTHON)) {
    const names = match[2] ? [match[2]] : match[1]!.split(',').map((name) => name.trim().split(/\s+/)[0]!);
    for (const name of names)
      if (!name.startsWith('.')) found.push({ name, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function goBlocks(text: string): Imported[] {
  return [...text.matchAll(GO_BLOCK)].flatMap((block) => {
    const from = block.index + block[0].indexOf('(') + 1;
    return [...block[1]!.matchAll(/"([^"\n]+)"/g)].map((match) => ({
      name: match[1]!,
      start: from + match.index,
      end: from + match.index + match[0].length,
    }));
  });
}

/** `lodash/fp` -> `lodash`, `@scope/name/deep` -> `@scope/name`; `undefined` for what is no package of the registry. */
export function npmPackageOf(specifier: string): string | undefined {
  const name = /^(?:@[a-z0-9][\w.-]*\/[a-z0-9][\w.-]*|[a-z0-9][\w.-]*)/i.exec(specifier)?.[0];
  if (!name || name.length > 214) return undefined;
  const rest = specifier.slice(name.length);
  return rest === '' || rest.startsWith('/') ? name : undefined;
}
