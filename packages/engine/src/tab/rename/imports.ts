/** Extensions and file names that a module path leaves out. */
const TAIL = /(?:\.d)?\.[cm]?[jt]sx?$|\.pyi?$|\.vue$|\.svelte$/;
const INDEX = /\/(?:index|__init__|mod)$/;

/**
 * The module that an import, re-export or `require` around `[start, end)` of `text` names; `undefined` where there is none.
 * Read from the text, as it is spelled nearly alike in every grammar.
 */
export function importedModule(text: string, start: number, end: number): string | undefined {
  const after = text.slice(end, end + 2_000);
  const ecma = /^[^;'"`]*?\}?\s*(?:from\s*|=\s*(?:await\s+)?(?:require|import)\s*\(\s*)(['"])([^'"\n]+)\1/.exec(after);
  const before = text.slice(Math.max(0, start - 2_000), start);
  if (ecma && /(?:^|[\n;}])[ \t]*(?:import|export|const|let|var)\b[^;'"`]*$/.test(before)) return ecma[2];
  return /(?:^|\n)[ \t]*from[ \t]+([\w.]+)[ \t]+import\b(?:[^\n()]*|[ \t]*\([^()]*)$/.exec(before)?.[1];
}

/** The module whose namespace `receiver` is in this file (`import * as receiver from 'module'`, `import module as receiver`). */
export function namespaceModule(text: string, receiver: string): string | undefined {
  if (!/^[\w$]+$/.test(receiver)) return undefined;
  const name = receiver.replaceAll('$', '\\$');
  return (
    new RegExp(`\\bimport\\s*\\*\\s*as\\s+${name}\\s+from\\s*['"]([^'"\\n]+)['"]`).exec(text)?.[1] ??
    new RegExp(`\\b(?:const|let|var)\\s+${name}\\s*=\\s*require\\(\\s*['"]([^'"\\n]+)['"]`).exec(text)?.[1] ??
    new RegExp(`(?:^|\\n)[ \\t]*import[ \\t]+([\\w.]+)[ \\t]+as[ \\t]+${name}\\b`).exec(text)?.[1] ??
    new RegExp(`(?:^|\\n)[ \\t]*import[ \\t]+(?:[\\w.]+\\.)?(${name})[ \\t]*(?:\\r?\\n|$)`).exec(text)?.[1] ??
    new RegExp(`(?:^|\\n)[ \\t]*from[ \\t]+[\\w.]+[ \\t]+import\\b[^\\n]*\\b(${name})\\b`).exec(text)?.[1]
  );
}

/** 0..1: how likely `module`, named in `from`, is the file `target`. */
export function resolvesTo(module: string, from: string, target: string): number {
  const stem = target.replace(TAIL, '');
  const folder = stem.replace(INDEX, '');
  if (/^\.\.?(?:\/|$)/.test(module)) {
    const path = joined(from, module).replace(TAIL, '').replace(/\/$/, '');
    return path === stem || path === folder || `${path}/index` === stem ? 1 : isBarrel(path, stem) ? 0.6 : 0.1;
  }
  const spelled = module.includes('/') ? module.replace(TAIL, '') : module.replace(/^\.+/, '').replaceAll('.', '/');
  if (spelled === stem || stem.endsWith(`/${spelled}`) || folder.endsWith(`/${spelled}`) || folder === spelled)
    return 0.95;
  const last = spelled.slice(spelled.lastIndexOf('/') + 1);
  return last === folder.slice(folder.lastIndexOf('/') + 1) ? 0.8 : isBarrel(spelled, stem) ? 0.6 : 0.15;
}

/** A module above the file may hand its names on. */
function isBarrel(path: string, stem: string): boolean {
  return stem.startsWith(`${path.replace(INDEX, '')}/`);
}

function joined(from: string, module: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of module.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
