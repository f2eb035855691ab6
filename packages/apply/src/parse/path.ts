/**
 * Reads a file name out of a line that a model wrote around a block: `src/a.ts`, `**src/a.ts**`, `### src/a.ts:`,
 * "`src/a.ts`", `File: src/a.ts`, `// src/a.ts`, `+++ b/src/a.ts`. Undefined where the line is prose.
 */
export function pathInLine(line: string): string | undefined {
  let text = line.trim();
  if (text === '' || text.length > 260) return undefined;
  const quoted = /^[^`]*`([^`\s]+)`[^`]*$/.exec(text);
  if (quoted && looksLikePath(quoted[1]!)) return quoted[1]!;
  text = text
    .replace(/^(#+|\/\/|--|\*+(?=\s)|>|\d+\.|-)\s+/, '')
    .replace(/^[*_`"'[(<]+/, '')
    .replace(/^(file(?:name|path)?|path|in|update|edit|modify|create)\b\s*:?\s*/i, '')
    .replace(/^[*_`"'[(<]+/, '')
    .replace(/[*_`"'\])>]*\s*:?\s*[*_`"']*$/, '')
    .trim();
  return looksLikePath(text) ? text : undefined;
}

/** A path has no spaces and either a folder or an extension; well-known names without one are taken too. */
export function looksLikePath(text: string): boolean {
  if (text === '' || text.length > 240 || /[\s<>|"?*;,=(){}]/.test(text)) return false;
  if (/^https?:/.test(text) || text.endsWith('/') || /^\.+$/.test(text)) return false;
  if (
    /^(Makefile|Dockerfile|Rakefile|Gemfile|Procfile|LICENSE|README|CHANGELOG|Jenkinsfile|\.[a-z][\w.-]*)$/.test(text)
  ) {
    return true;
  }
  if (/(^|[/\\])[\w.@+~$[\]-]*\.[A-Za-z][\w-]{0,11}$/.test(text)) return true;
  return /^[\w.@~$-]+([/\\][\w.@+~$[\]-]+)+$/.test(text);
}

/** `a/src/x.ts\t2024-01-01` -> `src/x.ts`; undefined for /dev/null. */
export function pathInDiffHeader(text: string): string | undefined {
  let path = text.replace(/\t.*$/, '').trim();
  if (path.startsWith('"') && path.endsWith('"') && path.length > 1) path = path.slice(1, -1);
  if (path === '/dev/null' || path === '') return undefined;
  return path.replace(/^[ab]\//, '');
}

/** Whether two paths name the same file as far as one can tell: one is a tail of the other at a folder boundary. */
export function samePath(a: string, b: string): boolean {
  const x = tidy(a);
  const y = tidy(b);
  return x === y || x.endsWith('/' + y) || y.endsWith('/' + x);
}

const tidy = (path: string) =>
  path
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/^\/+/, '');

/** The path in the info string of a fence: "ts src/a.ts", "ts:src/a.ts", "src/a.ts", "ts title=\"src/a.ts\"". */
export function pathInInfo(info: string): string | undefined {
  const titled = /(?:title|file(?:name|path)?|path)\s*=\s*["']?([^"'\s}]+)/i.exec(info);
  if (titled) return titled[1];
  for (const word of info.trim().split(/\s+/)) {
    const after = word.includes(':') ? word.slice(word.indexOf(':') + 1) : word;
    if (looksLikePath(after) && /[./\\]/.test(after)) return after;
  }
  return undefined;
}
